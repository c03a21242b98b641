//! Domains and requests to join as JSON.

use serde::{Deserialize, Serialize};

use crate::model::{AutoJoin, Domain, DomainError, DomainName, GrantExpr, JoinRequest};

use super::grant::{GrantView, expressions};
use super::issue::{Coded, Issues};
use super::member::MemberView;

impl Coded for DomainError {
    fn code(&self) -> &'static str {
        match self {
            Self::Syntax => "invalid_domain",
            Self::Shared(_) => "shared_domain",
        }
    }

    fn in_words(&self) -> String {
        self.to_string()
    }
}

/// `{domain}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDomain {
    /// The name.
    pub domain: String,
    /// `off`, `request` or `join`, once it is verified; `off` where nothing is said.
    #[serde(default)]
    pub auto_join: Option<String>,
    /// What people get who join.
    #[serde(default)]
    pub grants: Option<Vec<String>>,
}

/// What to change of a domain; what isn't there stays.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DomainPatch {
    /// `off`, `request` or `join`.
    #[serde(default)]
    pub auto_join: Option<String>,
    /// What people get who join; none means what the workspace gives to people who come by themselves.
    #[serde(default)]
    pub grants: Option<Vec<String>>,
}

/// What a body says of a domain.
#[derive(Debug)]
pub struct Wanted {
    /// What follows.
    pub auto_join: Option<AutoJoin>,
    /// What people get.
    pub grants: Option<Vec<GrantExpr>>,
}

impl NewDomain {
    /// The name and what is said of it.
    ///
    /// # Errors
    /// With each thing that is wrong.
    pub fn parse(self) -> Result<(DomainName, Wanted), Issues> {
        let mut issues = Issues::default();
        let name = issues.take("/domain", self.domain.parse());
        let wanted = wanted(&mut issues, self.auto_join.as_deref(), self.grants.as_deref());
        issues.finish(name.map(|name| (name, wanted)))
    }
}

impl DomainPatch {
    /// What is said of a domain.
    ///
    /// # Errors
    /// With each thing that is wrong.
    pub fn parse(self) -> Result<Wanted, Issues> {
        let mut issues = Issues::default();
        let wanted = wanted(&mut issues, self.auto_join.as_deref(), self.grants.as_deref());
        issues.finish(Some(wanted))
    }
}

fn wanted(issues: &mut Issues, auto_join: Option<&str>, grants: Option<&[String]>) -> Wanted {
    let parsed = auto_join.and_then(|text| text.parse().ok());
    if parsed.is_none() && auto_join.is_some() {
        issues.add("/auto_join", "invalid_auto_join", "this is `off`, `request` or `join`");
    }
    Wanted { auto_join: parsed, grants: grants.map(|texts| expressions(issues, "/grants", texts)) }
}

/// The record to set at the domain's name server.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "DomainRecord"))]
pub struct RecordView {
    /// `TXT`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its content.
    pub value: String,
}

/// A domain in an answer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Domain"))]
pub struct DomainView {
    /// Its id.
    pub id: String,
    /// The name.
    pub domain: String,
    /// True once it was proved.
    pub verified: bool,
    /// When it was proved.
    pub verified_at: Option<String>,
    /// The record that proves it.
    pub record: RecordView,
    /// `off`, `request` or `join`.
    pub auto_join: &'static str,
    /// What people get who join.
    pub grants: Vec<GrantView>,
    /// When it was added.
    pub created_at: String,
}

impl DomainView {
    /// Of a domain and what it gives.
    pub fn new(domain: &Domain, grants: Vec<GrantView>) -> Self {
        Self {
            id: domain.id.to_string(),
            domain: domain.name.to_string(),
            verified: domain.verified_at.is_some(),
            verified_at: domain.verified_at.map(|at| at.to_string()),
            record: RecordView { kind: "TXT", name: domain.record_name(), value: domain.record_value() },
            auto_join: domain.auto_join.as_str(),
            grants,
            created_at: domain.created_at.to_string(),
        }
    }
}

/// A request to join in an answer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "JoinRequest"))]
pub struct JoinRequestView {
    /// Its id.
    pub id: String,
    /// `pending`, `approved` or `denied`.
    pub status: String,
    /// Who asks: the account.
    pub account: String,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// By which domain.
    pub domain: String,
    /// When they asked.
    pub created_at: String,
    /// When it was decided.
    pub decided_at: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
}

impl From<&JoinRequest> for JoinRequestView {
    fn from(request: &JoinRequest) -> Self {
        Self {
            id: request.id.to_string(),
            status: request.status.clone(),
            account: request.account.to_string(),
            email: request.email.to_string(),
            name: request.name.to_string(),
            domain: request.domain.to_string(),
            created_at: request.created_at.to_string(),
            decided_at: request.decided_at.map(|at| at.to_string()),
            decided_by: request.decided_by.clone(),
        }
    }
}

/// What came of joining: the member, or the request that somebody has to approve.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Joined"))]
pub struct JoinView {
    /// `joined` or `requested`.
    pub outcome: &'static str,
    /// The member.
    pub member: Option<MemberView>,
    /// The request.
    pub request: Option<JoinRequestView>,
}

/// Where people with an address sign in: always these members, whoever asks and whatever there is.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Discovery"))]
pub struct DiscoveryView {
    /// The connection of the workspace that has the address's domain.
    pub connection: Option<FoundView>,
}

/// A connection to sign in by.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "DiscoveredConnection"))]
pub struct FoundView {
    /// Its id.
    pub id: String,
    /// What the workspace's administrators call it.
    pub name: String,
    /// `oidc` or `saml`.
    pub protocol: &'static str,
    /// Where to begin.
    pub login_url: String,
}
