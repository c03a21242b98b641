//! A snapshot read back from its JSON: each value is checked as the API checks it, and what is wrong has its place and code.

use std::fmt::Display;
use std::str::FromStr;

use thiserror::Error;

use crate::model::{
    AccountId, AddOns, Email, Grant, GroupId, Labels, Resource, ResourceRef, Settings, Timestamp, Workspace,
};
use crate::policy::{GroupAccess, InviteAccess, MemberAccess, ResourceFacts, Seats, Snapshot};

use super::issue::{Coded, Issue};
use super::json::{Json, Members, Read, wrong};
use super::snapshot::SnapshotView;

/// The largest count that JavaScript holds exactly.
const MOST: i64 = (1 << 53) - 1;

/// A snapshot that can't be read: where, and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the snapshot can't be read at `{}`: {}", .0.path, .0.detail)]
pub struct SnapshotError(pub Issue);

/// Reads a snapshot from its JSON. Members that this version doesn't know are left out.
///
/// # Errors
/// With the place and the code of what can't be read.
pub fn parse(json: &[u8]) -> Result<Snapshot, SnapshotError> {
    Json::of(json).and_then(Json::members).and_then(|members| snapshot(&members)).map_err(SnapshotError)
}

/// A view read as if it had been sent: what the JSON means is said in one place.
impl TryFrom<&SnapshotView> for Snapshot {
    type Error = SnapshotError;
    fn try_from(view: &SnapshotView) -> Result<Self, SnapshotError> {
        let json = serde_json::to_vec(view).map_err(|error| SnapshotError(wrong("invalid_json", error)))?;
        parse(&json)
    }
}

/// A text that is checked as the API checks it.
fn parsed<T: FromStr<Err: Coded>>(json: Json<'_>) -> Read<T> {
    json.text()?.parse().map_err(|error: T::Err| wrong(error.code(), error))
}

fn id<T: FromStr<Err: Display>>(json: Json<'_>) -> Read<T> {
    json.text()?.parse().map_err(|error: T::Err| wrong("invalid_id", error))
}

/// A word of a closed list.
fn word<T: FromStr>(json: Json<'_>, code: &'static str, detail: &str) -> Read<T> {
    json.text()?.parse().map_err(|_| wrong(code, detail))
}

fn time(json: Json<'_>) -> Read<Timestamp> {
    Timestamp::parse(&json.text()?).ok_or_else(|| wrong("invalid_time", "this is an RFC 3339 time"))
}

fn count(json: Json<'_>) -> Read<i64> {
    let number = json.number()?;
    let is_count = (0..=MOST).contains(&number);
    is_count.then_some(number).ok_or_else(|| wrong("out_of_range", format!("this is a count up to {MOST}")))
}

/// A part of a snapshot may be all that its reader was shown. Then it makes no claim about the rest: somebody else may
/// own the workspace, and seats that aren't told aren't counted.
fn snapshot(of: &Members<'_>) -> Read<Snapshot> {
    let version = of.read("version", count)?;
    let mut snapshot = Snapshot::new(of.read("workspace", |json| workspace(&json.members()?, version))?);
    snapshot.resources = of.read("resources", |list| list.each(resource))?;
    snapshot.labels = of.read("labels", |list| list.each(label))?;
    snapshot.groups = of.read("groups", |list| list.each(group))?;
    snapshot.members = of.read("members", |list| list.each(member))?;
    snapshot.invites = of.maybe("invites", |list| list.each(invite))?.unwrap_or_default();
    if let Some(seats) = of.maybe("seats", seats)? {
        snapshot.has_other_owner = usize::try_from(seats.active) != Ok(snapshot.members.len());
        snapshot.seats = seats;
    } else {
        snapshot.has_other_owner = true;
        snapshot.workspace.seat_limit = None;
    }
    Ok(snapshot)
}

fn seats(json: Json<'_>) -> Read<Seats> {
    let of = json.members()?;
    Ok(Seats { active: of.read("active", count)?, pending: of.read("pending", count)? })
}

fn resource(json: Json<'_>) -> Read<(ResourceRef, ResourceFacts)> {
    let of = json.members()?;
    let resource: ResourceRef = of.read("resource", parsed)?;
    let labels = of.read("labels", labels)?;
    let parent: Option<ResourceRef> = of.maybe("parent", parsed)?;
    Resource::check(resource.kind(), &labels, parent.as_ref()).map_err(|error| wrong(error.code(), error))?;
    Ok((resource, ResourceFacts { labels, parent }))
}

fn labels(json: Json<'_>) -> Read<Labels> {
    let pairs: Vec<_> = json.texts()?;
    Labels::new(pairs).map_err(|error| wrong(error.code(), error))
}

fn label(json: Json<'_>) -> Read<(String, String)> {
    let of = json.members()?;
    Ok((of.read("key", Json::string)?, of.read("value", Json::string)?))
}

fn group(json: Json<'_>) -> Read<(GroupId, GroupAccess)> {
    let of = json.members()?;
    Ok((of.read("id", id)?, GroupAccess { name: of.read("name", parsed)?, grants: grants(&of)? }))
}

fn member(json: Json<'_>) -> Read<(AccountId, MemberAccess)> {
    let of = json.members()?;
    let access = MemberAccess {
        email: of.read("email", parsed)?,
        name: of.read("name", parsed)?,
        grants: grants(&of)?,
        groups: groups(&of)?,
    };
    Ok((of.read("id", id)?, access))
}

fn invite(json: Json<'_>) -> Read<(Email, InviteAccess)> {
    let of = json.members()?;
    Ok((of.read("email", parsed)?, InviteAccess { grants: grants(&of)?, groups: groups(&of)? }))
}

fn groups(of: &Members<'_>) -> Read<Vec<GroupId>> {
    of.read("groups", |list| list.each(id))
}

fn grants(of: &Members<'_>) -> Read<Vec<Grant>> {
    of.read("grants", |list| list.each(grant))
}

fn grant(json: Json<'_>) -> Read<Grant> {
    let of = json.members()?;
    Ok(Grant {
        id: of.read("id", id)?,
        expr: of.read("expression", parsed)?,
        created_at: of.read("created_at", time)?,
        created_by: of.read("created_by", Json::string)?,
    })
}

fn workspace(of: &Members<'_>, version: i64) -> Read<Workspace> {
    let add_on = |json| word(json, "invalid_add_on", "an add-on is protocols or engage");
    let add_ons: Vec<_> = of.read("add_ons", |list| list.each(add_on))?;
    Ok(Workspace {
        id: of.read("id", id)?,
        slug: of.read("slug", parsed)?,
        name: of.read("name", parsed)?,
        plan: of.read("plan", |json| word(json, "invalid_plan", "a plan is free, team or business"))?,
        add_ons: AddOns::of(add_ons),
        seat_limit: of.maybe("seat_limit", count)?,
        settings: of.read("settings", settings)?,
        version,
        created_at: of.read("created_at", time)?,
    })
}

fn settings(json: Json<'_>) -> Read<Settings> {
    let of = json.members()?;
    Ok(Settings {
        invite_ttl_hours: of.read("invite_ttl_hours", Json::number)?,
        provisioned_grants: of.read("provisioned_grants", |list| list.each(parsed))?,
        require_sso: of.read("require_sso", Json::flag)?,
        stale_after_days: of.read("stale_after_days", Json::number)?,
        // No decision asks for it.
        invite_reminder_hours: None,
    })
}
