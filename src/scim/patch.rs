//! PATCH: RFC 7644 section 3.5.2, with what Entra ID, Okta and OneLogin send instead. All of it or nothing.

use serde_json::Value;

use super::document::{MemberRef, User};
use super::error::ScimError;
use super::filter::Filter;

/// What becomes of a user.
///
/// # Errors
/// When an operation can't be done; then none is.
pub fn patch_user(_user: &User, _body: &Value) -> Result<User, ScimError> {
    Err(ScimError::new(501, ""))
}

/// What a PATCH does to a group, whoever is in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GroupPatch {
    /// Its new name, where it gets one.
    pub display_name: Option<String>,
    /// Its new `externalId`, where it gets another; `Some(None)` takes it away.
    pub external_id: Option<Option<String>>,
    /// What happens to its members, in this order.
    pub members: Vec<MemberChange>,
}

/// A change of who is in a group.
#[derive(Debug, Clone, PartialEq)]
pub enum MemberChange {
    /// These join; who is in it stays.
    Add(Vec<MemberRef>),
    /// These leave; who isn't in it doesn't matter.
    Remove(Vec<MemberRef>),
    /// These are in it and nobody else.
    Replace(Vec<MemberRef>),
    /// Whoever this is true of leaves: a filter that isn't about ids alone. Rare: it takes the members to be read.
    RemoveWhere(Filter),
}

/// What a PATCH does to a group.
///
/// # Errors
/// When an operation can't be done; then none is.
pub fn patch_group(_body: &Value) -> Result<GroupPatch, ScimError> {
    Err(ScimError::new(501, ""))
}
