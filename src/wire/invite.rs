//! Invites as JSON: for administrators and for the person invited.

use serde::{Deserialize, Serialize};

use crate::model::{Delivery, Email, GrantExpr, Invite, Name, Timestamp, check_workspace_role};

use super::grant::{GrantView, GroupView, expressions};
use super::issue::Issues;
use super::object::Object;
use super::secret::{SecretView, Secretive};

/// How many invites one request may hold.
pub const MOST: usize = 100;

/// How the link reaches the invitee.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Deliver {
    /// By mail.
    #[default]
    Email,
    /// In the answer, once.
    Link,
}

/// `{invites: [...], deliver?}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInvites {
    /// The invites, 1 to 100.
    pub invites: Vec<Object<NewInvite>>,
    /// How the links go out.
    #[serde(default)]
    pub deliver: Deliver,
}

/// `{email, name?, grants, groups?}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInvite {
    /// The address.
    pub email: String,
    /// The person's name, where it is known.
    #[serde(default)]
    pub name: Option<String>,
    /// The grants.
    pub grants: Vec<String>,
    /// The groups, by id.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// An invite to make, valid.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The address.
    pub email: Email,
    /// The name.
    pub name: Option<Name>,
    /// The grants.
    pub grants: Vec<GrantExpr>,
    /// The groups, as the request names them.
    pub groups: Vec<String>,
}

impl NewInvites {
    /// The invites to make.
    ///
    /// # Errors
    /// With each thing that is wrong.
    pub fn parse(&self) -> Result<Vec<Offered>, Issues> {
        let mut issues = Issues::default();
        if !(1..=MOST).contains(&self.invites.len()) {
            issues.add("/invites", "out_of_range", "one request holds 1 to 100 invites; more go to invites/bulk");
        }
        let offered =
            self.invites.iter().enumerate().filter_map(|(index, invite)| invite.parse(&mut issues, index)).collect();
        issues.finish(Some(offered))
    }
}

impl NewInvite {
    fn parse(&self, issues: &mut Issues, index: usize) -> Option<Offered> {
        let at = |member: &str| format!("/invites/{index}/{member}");
        let email = issues.take(at("email"), self.email.parse());
        let name = self.name.as_ref().and_then(|name| issues.take(at("name"), name.parse()));
        let grants = offer(issues, &at("grants"), &self.grants);
        Some(Offered { email: email?, name, grants, groups: self.groups.clone() })
    }
}

/// Parses what an invite offers, which has a role of workspace level.
fn offer(issues: &mut Issues, path: &str, texts: &[String]) -> Vec<GrantExpr> {
    let grants = expressions(issues, path, texts);
    let are_all_valid = texts.iter().all(|text| text.parse::<GrantExpr>().is_ok());
    if are_all_valid {
        issues.take(path, check_workspace_role(&grants));
    }
    grants
}

/// What to change of an open invite; what isn't there stays.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InvitePatch {
    /// The grants, all of them.
    #[serde(default)]
    pub grants: Option<Vec<String>>,
    /// The groups, all of them.
    #[serde(default)]
    pub groups: Option<Vec<String>>,
}

impl InvitePatch {
    /// The grants that it shall offer, where they change.
    ///
    /// # Errors
    /// With each thing that is wrong.
    pub fn parse(&self) -> Result<Option<Vec<GrantExpr>>, Issues> {
        let mut issues = Issues::default();
        let grants = self.grants.as_ref().map(|texts| offer(&mut issues, "/grants", texts));
        issues.finish(Some(grants))
    }
}

/// `{deliver?}`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "InviteResend"))]
#[serde(deny_unknown_fields)]
pub struct ResendBody {
    /// How the link goes out.
    #[serde(default)]
    pub deliver: Deliver,
}

/// `{name?}`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "InviteAcceptance"))]
#[serde(deny_unknown_fields)]
pub struct AcceptBody {
    /// The invitee's name.
    #[serde(default)]
    pub name: Option<String>,
}

impl AcceptBody {
    /// The name, where one is given.
    ///
    /// # Errors
    /// When it isn't one.
    pub fn parse(&self) -> Result<Option<Name>, Issues> {
        let mut issues = Issues::default();
        let name = self.name.as_ref().and_then(|name| issues.take("/name", name.parse()));
        issues.finish(Some(name))
    }
}

/// How far the mail with the link has come.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Delivery"))]
pub struct DeliveryView {
    /// `queued`, `sent` or `failed`.
    pub status: &'static str,
    /// How often it was tried.
    pub tries: i64,
    /// Why the last try failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// When it came to stand there.
    pub at: String,
}

impl From<&Delivery> for DeliveryView {
    fn from(delivery: &Delivery) -> Self {
        Self {
            status: delivery.status.as_str(),
            tries: delivery.tries,
            last_error: delivery.last_error.clone(),
            at: delivery.at.to_string(),
        }
    }
}

/// An invite in an answer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Invite"))]
pub struct InviteView {
    /// Its id.
    pub id: String,
    /// The address that it is bound to.
    pub email: String,
    /// The invitee's name.
    pub name: Option<String>,
    /// Where it stands: `pending`, `expired`, `accepted`, `canceled` or `superseded`.
    pub status: &'static str,
    /// The grants that it offers.
    pub grants: Vec<GrantView>,
    /// The groups that it offers.
    pub groups: Vec<GroupView>,
    /// Who invites.
    pub invited_by: String,
    /// When it was made.
    pub created_at: String,
    /// When its last link was sent.
    pub sent_at: String,
    /// How many links were sent.
    pub sent_count: i64,
    /// When its last link stops working.
    pub expires_at: String,
    /// The member that it became.
    pub accepted_by: Option<String>,
    /// When the offer was first looked at.
    pub opened_at: Option<String>,
    /// When the invitee was reminded of the last sending.
    pub reminded_at: Option<String>,
    /// How far the mail with the last link has come; `null` for a link that wasn't mailed.
    pub delivery: Option<DeliveryView>,
    /// The link, in the answer that made it alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept_url: Option<SecretView>,
    /// True when the link was shown before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret_shown: bool,
}

impl Secretive for InviteView {
    fn withhold(&mut self) {
        self.secret_shown = SecretView::withhold(&mut self.accept_url);
    }
}

impl InviteView {
    /// Of an invite with what it offers.
    pub fn new(invite: &Invite, grants: Vec<GrantView>, groups: Vec<GroupView>, now: Timestamp) -> Self {
        Self {
            id: invite.id.to_string(),
            email: invite.email.to_string(),
            name: invite.name.as_ref().map(ToString::to_string),
            status: invite.status(now).as_str(),
            grants,
            groups,
            invited_by: invite.invited_by.clone(),
            created_at: invite.created_at.to_string(),
            sent_at: invite.sent_at.to_string(),
            sent_count: invite.sent_count,
            expires_at: invite.expires_at.to_string(),
            accepted_by: invite.accepted_by.as_ref().map(ToString::to_string),
            opened_at: invite.opened_at.map(|at| at.to_string()),
            reminded_at: invite.reminded_at.map(|at| at.to_string()),
            delivery: None,
            accept_url: None,
            secret_shown: false,
        }
    }
}

/// An address that got no invite, and why.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "SkippedInvite"))]
pub struct Skipped {
    /// The address.
    pub email: String,
    /// `already_member` or `already_invited`.
    pub reason: &'static str,
}

/// The invites made and the addresses skipped.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "InvitesMade"))]
pub struct InvitesView {
    /// The invites.
    pub data: Vec<InviteView>,
    /// The addresses skipped.
    pub skipped: Vec<Skipped>,
}

impl Secretive for InvitesView {
    fn withhold(&mut self) {
        self.data.iter_mut().for_each(Secretive::withhold);
    }
}

/// A role in words, as the invitee reads it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct OfferedRole {
    /// The role's name for people.
    pub role: &'static str,
    /// What it covers, in words.
    pub scope: String,
}

impl From<&GrantExpr> for OfferedRole {
    fn from(grant: &GrantExpr) -> Self {
        let scope = match grant.scope() {
            crate::model::Scope::Workspace => "the whole workspace".to_owned(),
            crate::model::Scope::Resource(resource) => resource.to_string(),
            crate::model::Scope::Labels(labels) => format!("everything labelled {labels}"),
        };
        Self { role: grant.role().title(), scope }
    }
}

/// What the invitee sees before accepting.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Offer"))]
pub struct OfferView {
    /// The address that the invite is bound to.
    pub email: String,
    /// The invitee's name, where the inviter gave one.
    pub name: Option<String>,
    /// The workspace's name.
    pub workspace: String,
    /// Who invites: a name, or the name of a token.
    pub inviter: String,
    /// The roles in words.
    pub roles: Vec<OfferedRole>,
    /// The groups by name.
    pub groups: Vec<String>,
    /// Where it stands.
    pub status: &'static str,
    /// When the link stops working.
    pub expires_at: String,
}

/// What became of an invite whose invitee came in another way, for the record.
#[derive(Debug, Serialize)]
pub struct SupersededView {
    /// The member that they are.
    pub member: String,
    /// True when they keep what it offered; false where whoever gave it no longer may.
    pub kept: bool,
}
