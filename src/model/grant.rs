//! Grants: a role with a scope, and the expression that writes one.
//!
//! `source_admin` is workspace-wide, `source_admin@source/abc` names one resource and
//! `source_admin@{environment:prod,product:car}` names all that carry both labels.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::text::{digits, length};
use super::{GrantId, GroupId, Labels, Name, Need, ResourceError, ResourceRef, Role, ScopeKind, Timestamp, Workspace};

/// What a grant covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Everything of the role's kinds, now and later.
    Workspace,
    /// One resource.
    Resource(ResourceRef),
    /// Each source or space that carries all of these labels.
    Labels(Labels),
}

impl Scope {
    /// The kind of the scope.
    pub const fn kind(&self) -> ScopeKind {
        match self {
            Self::Workspace => ScopeKind::Workspace,
            Self::Resource(resource) => ScopeKind::Resource(resource.kind()),
            Self::Labels(_) => ScopeKind::Labels,
        }
    }

    /// The scope as it is written behind a role.
    pub fn text(&self) -> String {
        match self {
            Self::Workspace => String::new(),
            Self::Resource(resource) => ["@", &resource.text()].concat(),
            Self::Labels(labels) => ["@{", &labels.text(), "}"].concat(),
        }
    }
}

/// Why a text isn't a grant. `at` counts characters from 0.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GrantError {
    /// The role's name isn't in the catalog.
    #[error("{}", self.in_words())]
    UnknownRole {
        /// What stands in its place.
        role: String,
    },
    /// What follows the `@` isn't a scope.
    #[error("{}", self.in_words())]
    Syntax {
        /// Where the trouble starts.
        at: usize,
        /// What is wrong there.
        why: String,
    },
    /// The role exists and the scope exists, but not together.
    #[error("{}", self.in_words())]
    ScopeNotAllowed {
        /// The role.
        role: Role,
        /// The scope's kind.
        scope: &'static str,
        /// The kinds that it takes.
        takes: String,
    },
}

impl GrantError {
    /// The error as its `Display` has it, joined by hand.
    pub fn in_words(&self) -> String {
        match self {
            Self::UnknownRole { role } => {
                ["`", role, "` (at position 0) is not a role; GET /v1/roles lists them"].concat()
            }
            Self::Syntax { at, why } => ["at position ", &digits(*at as u64), ": ", why].concat(),
            Self::ScopeNotAllowed { role, scope, takes } => {
                ["`", role.as_str(), "` can't be scoped to a ", scope, "; it takes ", takes].concat()
            }
        }
    }
}

/// A role with a scope that the role takes: valid by construction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrantExpr {
    role: Role,
    scope: Scope,
}

impl GrantExpr {
    /// This role on this scope.
    ///
    /// # Errors
    /// When the role doesn't take that kind of scope.
    pub fn new(role: Role, scope: Scope) -> Result<Self, GrantError> {
        if role.scopes().contains(&scope.kind()) {
            return Ok(Self { role, scope });
        }
        let takes: Vec<&str> = role.scopes().iter().map(|kind| kind.as_str()).collect();
        Err(GrantError::ScopeNotAllowed { role, scope: scope.kind().as_str(), takes: takes.join(", ") })
    }

    /// This role on the whole workspace, which every role takes.
    pub const fn workspace(role: Role) -> Self {
        Self { role, scope: Scope::Workspace }
    }

    /// Its role.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Its scope.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The grant as it is written.
    pub fn text(&self) -> String {
        [self.role.as_str(), &self.scope.text()].concat()
    }

    /// True when the workspace has what this grant needs: it works, and may be given.
    pub fn is_awake(&self, workspace: &Workspace) -> bool {
        self.unmet_need(workspace).is_none()
    }

    /// What the workspace lacks for this grant to be given or to work, if anything.
    pub fn unmet_need(&self, workspace: &Workspace) -> Option<Need> {
        let labels = if matches!(self.scope, Scope::Labels(_)) { Need::Business } else { Need::Nothing };
        [self.role.need(), labels].into_iter().find(|need| !need.is_met(workspace))
    }
}

impl fmt::Display for GrantExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl FromStr for GrantExpr {
    type Err = GrantError;
    fn from_str(text: &str) -> Result<Self, GrantError> {
        let Some((role, scope)) = text.split_once('@') else { return Ok(Self::workspace(text.parse()?)) };
        let role: Role = role.parse()?;
        Self::new(role, parse_scope(scope, role.as_str().len() + 1)?)
    }
}

fn syntax(at: usize, why: impl Into<String>) -> GrantError {
    GrantError::Syntax { at, why: why.into() }
}

/// Reads what follows the `@`, which stands at position `at` of the whole expression.
fn parse_scope(text: &str, at: usize) -> Result<Scope, GrantError> {
    if let Some(rest) = text.strip_prefix('{') {
        return parse_labels(rest, at + 1).map(Scope::Labels);
    }
    match text.split_once('/') {
        Some((_, "*")) => Err(syntax(at, "a whole kind is written without a scope; leave out `@` and what follows")),
        Some((kind, id)) => {
            let kind: super::ResourceKind =
                kind.parse().map_err(|error: ResourceError| syntax(at, error.in_words()))?;
            let id_at = at + kind.as_str().len() + 1;
            ResourceRef::new(kind, id).map(Scope::Resource).map_err(|error| syntax(id_at, error.in_words()))
        }
        None => Err(syntax(at, "a scope is a resource like `source/abc` or labels like `{environment:prod}`")),
    }
}

/// Reads `key:value,key:value}`, whose first character stands at position `at`.
fn parse_labels(text: &str, at: usize) -> Result<Labels, GrantError> {
    let end = at + length(text);
    let inner = text.strip_suffix('}').ok_or_else(|| syntax(end, "labels end with `}`"))?;
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    let mut position = at;
    for pair in inner.split(',') {
        let halves = pair.split_once(':').ok_or_else(|| syntax(position, "a label is written `key:value`"))?;
        Labels::new([halves]).map_err(|error| syntax(position, error.in_words()))?;
        pairs.push(halves);
        position += length(pair) + 1;
    }
    Labels::new(pairs).map_err(|error| syntax(at, error.in_words()))
}

/// A grant in somebody's hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// What it says.
    pub expr: GrantExpr,
    /// When it was given.
    pub created_at: Timestamp,
    /// Who gave it: an account or a token.
    pub created_by: String,
}

/// How a grant reaches somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// Their own.
    Direct,
    /// One of a group's.
    Group {
        /// The group.
        id: GroupId,
        /// Its name.
        name: Name,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        text.parse::<GrantExpr>().unwrap_err().to_string()
    }

    #[test]
    fn expressions_print_as_they_are_read() {
        for text in
            ["source_admin", "source_admin@source/a.b_c-1", "engage_user@{a:1,b:2}", "source_read_only@destination/d"]
        {
            assert_eq!(text.parse::<GrantExpr>().unwrap().to_string(), text);
        }
        assert_eq!("engage_user@{b:2,a:1}".parse::<GrantExpr>().unwrap().to_string(), "engage_user@{a:1,b:2}");
    }

    #[test]
    fn a_refusal_names_the_position() {
        assert!(problem("sauce_admin").starts_with("`sauce_admin` (at position 0)"));
        assert!(problem("source_admin@").starts_with("at position 13: a scope is"));
        assert!(problem("source_admin@source/*").starts_with("at position 13: a whole kind"));
        assert!(problem("source_admin@sauce/abc").starts_with("at position 13: a resource is"));
        assert!(problem("source_admin@source/a b").starts_with("at position 20: a resource is"));
        assert!(problem("source_admin@{a:1").starts_with("at position 17: labels end"));
        assert!(problem("source_admin@{a:1,b}").starts_with("at position 18: a label is"));
        assert!(problem("source_admin@{a:1,a:2}").contains("appears twice"));
        assert!(problem("source_admin@{}").starts_with("at position 14"));
        assert!(problem(" source_admin").contains("is not a role"));
    }

    #[test]
    fn a_role_takes_only_its_scopes() {
        assert!(problem("workspace_owner@source/abc").contains("can't be scoped to a source; it takes workspace"));
        assert!(problem("tracking_plan_admin@{a:1}").contains("can't be scoped to a labels"));
        assert!(problem("pii_access@destination/d").contains("can't be scoped"));
    }
}
