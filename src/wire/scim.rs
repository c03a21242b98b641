//! SCIM tokens and the provisioning journal as JSON. What SCIM itself says has shapes of its own.

use serde::{Deserialize, Serialize};

use crate::model::{Name, Timestamp};

use super::grant::GroupView;
use super::issue::Issues;
use super::secret::{SecretView, Secretive};
use super::token::expiry;

/// `{name, expires_at?}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewScimToken {
    /// What it is for.
    pub name: String,
    /// When it stops working.
    #[serde(default)]
    pub expires_at: Option<String>,
}

impl NewScimToken {
    /// The name and the end.
    ///
    /// # Errors
    /// With each thing that is wrong.
    pub fn parse(&self, now: Timestamp) -> Result<(Name, Option<Timestamp>), Issues> {
        let mut issues = Issues::default();
        let name = issues.take("/name", self.name.parse());
        let expires_at = self.expires_at.as_deref().and_then(|text| expiry(&mut issues, text, now));
        issues.finish(name.map(|name| (name, expires_at)))
    }
}

/// `{overlap_hours?}`: how long the old token goes on working.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// 0 to 720, 24 by default.
    #[serde(default)]
    pub overlap_hours: Option<i64>,
}

impl Rotation {
    /// The hours.
    ///
    /// # Errors
    /// When they aren't 0 to 720.
    pub fn parse(&self) -> Result<i64, Issues> {
        let mut issues = Issues::default();
        let hours = self.overlap_hours.unwrap_or(24);
        if !(0..=720).contains(&hours) {
            issues.add("/overlap_hours", "out_of_range", "this is 0 to 720");
        }
        issues.finish(Some(hours))
    }
}

/// A SCIM token in an answer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ScimToken"))]
pub struct ScimTokenView {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// Where the identity provider finds SCIM.
    pub base_url: String,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: String,
    /// When it stops working.
    pub expires_at: Option<String>,
    /// When the identity provider last came by it.
    pub last_used_at: Option<String>,
    /// The secret, in the answer that made it alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretView>,
    /// True when the secret was shown before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret_shown: bool,
}

impl Secretive for ScimTokenView {
    fn withhold(&mut self) {
        self.secret_shown = SecretView::withhold(&mut self.secret);
    }
}

/// A request of the identity provider, as the journal holds it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ProvisioningEntry"))]
pub struct EntryView {
    /// Its id, which sorts by time.
    pub id: String,
    /// When.
    pub at: String,
    /// The token that it came by.
    pub token: String,
    /// The id of the request; the parts of a bulk request share one.
    pub request_id: String,
    /// The method.
    pub method: String,
    /// The path below `/scim/v2`.
    pub path: String,
    /// The user or group, where one is known.
    pub resource: Option<String>,
    /// `applied`, `unchanged` or `refused`.
    pub outcome: String,
    /// The status that it was answered.
    pub status: i64,
    /// Which kind of error: a `scimType`, or a code of this API.
    pub error: Option<String>,
    /// Why it was refused.
    pub detail: Option<String>,
    /// What was asked: JSON as text, without a password, cut where it is long.
    pub request: Option<String>,
    /// What it changed of people's access.
    pub changes: Vec<EffectView>,
}

/// What people can do from now on, or no longer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ProvisioningEffect"))]
pub struct EffectView {
    /// `gained` or `lost`.
    pub effect: String,
    /// Who: the ids of accounts.
    pub members: Vec<String>,
    /// The grants.
    pub grants: Vec<String>,
    /// The group by which they come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

impl EffectView {
    /// What these people get.
    pub fn gained(members: Vec<String>, grants: Vec<String>, group: Option<&str>) -> Self {
        Self { effect: "gained".to_owned(), members, grants, group: group.map(str::to_owned) }
    }

    /// What these people lose.
    pub fn lost(members: Vec<String>, grants: Vec<String>, group: Option<&str>) -> Self {
        Self { effect: "lost".to_owned(), ..Self::gained(members, grants, group) }
    }
}

/// Somebody whom the identity provider knows and who is no member.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "InactiveUser"))]
pub struct InactiveView {
    /// The account.
    pub id: String,
    /// Its address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The provider's own id.
    pub external_id: Option<String>,
    /// Since when they are no member, or since when the provider knows them who never was one.
    pub since: String,
    /// `scim` where they were removed here while the provider still assigns them: it may bring them back. Null where the provider
    /// itself took them out.
    pub returns_by: Option<&'static str>,
    /// The provider's groups that they are in again once they are back.
    pub groups: Vec<GroupView>,
}

/// What a provider was refused, for the record.
#[derive(Debug, Serialize)]
pub struct RefusedView {
    /// The rule.
    pub code: &'static str,
    /// What it asked for.
    pub request: String,
}
