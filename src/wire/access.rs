//! Access lists as JSON: who can do something, and what can they do it to.

use serde::Serialize;

use crate::model::{AccountId, Email, Member, Name, ResourceRef};
use crate::policy::Decision;

use super::check::BecauseView;

/// A page of an access list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "{T}Page"))]
pub struct AccessPage<T> {
    /// The rows. A page may be shorter than its limit and still have another one after it.
    pub data: Vec<T>,
    /// Where the next page starts; `null` on the last one.
    pub next_cursor: Option<String>,
    /// True when nothing follows this page: together with the pages before it, the list is complete.
    pub complete: bool,
    /// The workspace version that the page was read at.
    pub version: i64,
}

impl<T> AccessPage<T> {
    /// A page with these rows.
    pub const fn new(data: Vec<T>, next_cursor: Option<String>, version: i64) -> Self {
        let complete = next_cursor.is_none();
        Self { data, next_cursor, complete, version }
    }
}

/// A member by id, address and name.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct MemberName {
    /// The account's id.
    pub id: String,
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
}

impl MemberName {
    /// Of these.
    pub fn new(id: &AccountId, email: &Email, name: &Name) -> Self {
        let [id, email, name] = [id.as_str(), email.as_str(), name.as_str()].map(str::to_owned);
        Self { id, email, name }
    }
}

/// A member who may, and why.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "MemberAccess"))]
pub struct MemberAccessView {
    /// Who.
    pub member: MemberName,
    /// Each grant that allows, as a check says it.
    pub because: Vec<BecauseView>,
}

impl MemberAccessView {
    /// Of a member and the decision about them.
    pub fn new(member: &Member, decision: &Decision) -> Self {
        Self { member: MemberName::new(&member.id, &member.email, &member.name), because: because(decision) }
    }
}

/// A resource that a member may do something to, and why.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ResourceAccess"))]
pub struct ResourceAccessView {
    /// Which: `source/abc`.
    pub resource: String,
    /// Each grant that allows, as a check says it.
    pub because: Vec<BecauseView>,
}

impl ResourceAccessView {
    /// Of a resource and the decision about it.
    pub fn new(resource: &ResourceRef, decision: &Decision) -> Self {
        Self { resource: resource.text(), because: because(decision) }
    }
}

fn because(decision: &Decision) -> Vec<BecauseView> {
    decision.because.iter().map(Into::into).collect()
}
