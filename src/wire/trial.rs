//! Logins that try a connection, as JSON.

use serde::{Deserialize, Serialize};

use super::connection::RefusalView;
use super::grant::GrantView;

/// `{return_to?}`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTrial {
    /// Where the person goes afterwards: a path of this site, `/` where nothing is said.
    #[serde(default)]
    pub return_to: Option<String>,
}

/// A login that tries a connection.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Trial"))]
pub struct TrialView {
    /// Its id.
    pub id: String,
    /// The connection that it tries.
    pub connection: String,
    /// Where it begins, once, in a browser; `null` from then on.
    pub url: Option<String>,
    /// What came of it; `null` before.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<OutcomeView>"))]
    pub outcome: Option<serde_json::Value>,
    /// When it can't be begun any more.
    pub expires_at: String,
}

/// What came of a login that gave nothing.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Outcome"))]
pub struct OutcomeView {
    /// `passed` or `refused`.
    pub status: &'static str,
    /// Why it was refused.
    pub refusal: Option<RefusalView>,
    /// What the provider says of the person; `null` where it came to nothing.
    pub claims: Option<ClaimsView>,
    /// True for a member; else the login would make one.
    pub is_member: bool,
    /// What the login would give.
    pub grants: Vec<GrantView>,
    /// The names of the groups that the person would join.
    pub groups: Vec<String>,
}

/// What a provider says of a person, as far as it matters here.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Claims"))]
pub struct ClaimsView {
    /// The provider's own name for the person.
    pub sub: String,
    /// The address.
    pub email: Option<String>,
    /// Whether the provider has verified it.
    pub email_verified: bool,
    /// The name.
    pub name: Option<String>,
    /// The groups; `null` where it says nothing of groups.
    pub groups: Option<Vec<String>>,
}
