//! Tokens as JSON: never a secret but in the answer that made one.

use serde::{Deserialize, Serialize};

use crate::model::{Action, ActionSet, GrantExpr, Name, Timestamp, Token};

use super::grant::{GrantView, expressions};
use super::issue::Issues;
use super::secret::{SecretView, Secretive};

/// `{name, grants?, actions?, expires_at?}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// Grants that it holds like a member.
    #[serde(default)]
    pub grants: Vec<String>,
    /// Single actions that it may take on the workspace.
    #[serde(default)]
    pub actions: Vec<String>,
    /// When it stops working.
    #[serde(default)]
    pub expires_at: Option<String>,
}

/// A token to make, valid.
#[derive(Debug)]
pub struct WantedToken {
    /// What it is for.
    pub name: Name,
    /// Its grants.
    pub grants: Vec<GrantExpr>,
    /// Its single actions.
    pub actions: ActionSet,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}

impl NewToken {
    /// The token to make.
    ///
    /// # Errors
    /// With each thing that is wrong.
    pub fn parse(&self, now: Timestamp) -> Result<WantedToken, Issues> {
        let mut issues = Issues::default();
        let name = issues.take("/name", self.name.parse());
        let grants = expressions(&mut issues, "/grants", &self.grants);
        let actions: Vec<Action> = (self.actions.iter().enumerate())
            .filter_map(|(index, text)| issues.take(format!("/actions/{index}"), text.parse()))
            .collect();
        if self.grants.is_empty() && self.actions.is_empty() {
            issues.add("/grants", "required", "a token needs `grants` or `actions` or both");
        }
        let expires_at = self.expires_at.as_deref().and_then(|text| expiry(&mut issues, text, now));
        issues.finish(name.map(|name| WantedToken { name, grants, actions: ActionSet::of(&actions), expires_at }))
    }
}

pub(super) fn expiry(issues: &mut Issues, text: &str, now: Timestamp) -> Option<Timestamp> {
    let at = Timestamp::parse(text);
    if at.is_none_or(|at| at <= now) {
        issues.add("/expires_at", "invalid_time", "this is an RFC 3339 time in the future");
    }
    at
}

/// A token's id and its secret, which is shown this once.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TokenSecret {
    /// The id.
    pub id: String,
    /// The secret.
    pub secret: SecretView,
    /// True when it was shown before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret_shown: bool,
}

/// A token in an answer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Token"))]
pub struct TokenView {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// `personal` (acts as a member and dies with the membership) or `workspace`.
    pub kind: &'static str,
    /// The member, for a personal one.
    pub member: Option<String>,
    /// Its grants.
    pub grants: Vec<GrantView>,
    /// Its single actions.
    pub actions: Vec<&'static str>,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: String,
    /// When it stops working.
    pub expires_at: Option<String>,
    /// When it was last used.
    pub last_used_at: Option<String>,
    /// True when who made it is no longer a member.
    pub orphaned: bool,
    /// The secret, in the answer that made it alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretView>,
    /// True when the secret was shown before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret_shown: bool,
}

impl Secretive for TokenView {
    fn withhold(&mut self) {
        self.secret_shown = SecretView::withhold(&mut self.secret);
    }
}

impl TokenView {
    /// Of a token with its grants.
    pub fn new(token: &Token, grants: Vec<GrantView>, is_orphaned: bool) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name.to_string(),
            kind: if token.account.is_some() { "personal" } else { "workspace" },
            member: token.account.as_ref().map(ToString::to_string),
            grants,
            actions: token.actions.iter().map(|action| action.as_str()).collect(),
            created_by: token.created_by.clone(),
            created_at: token.created_at.to_string(),
            expires_at: token.expires_at.map(|at| at.to_string()),
            last_used_at: token.last_used_at.map(|at| at.to_string()),
            orphaned: is_orphaned,
            secret: None,
            secret_shown: false,
        }
    }
}
