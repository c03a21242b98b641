//! A snapshot read back from its JSON: each value is checked as the API checks it, and what is wrong has its place and code.

use std::str::FromStr;

use thiserror::Error;

use crate::model::{
    AccountId, AddOn, AddOns, Email, Grant, GroupId, IdError, Labels, Resource, ResourceRef, Settings, Timestamp,
    Workspace,
};
use crate::policy::{GroupAccess, InviteAccess, MemberAccess, ResourceFacts, Seats, Snapshot};

use super::issue::{Coded, Issue};
use super::json::{Json, Members, Read};

/// The largest count that JavaScript holds exactly.
const MOST: i64 = (1 << 53) - 1;

/// A snapshot that can't be read: where, and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.in_words())]
pub struct SnapshotError(pub Issue);

impl SnapshotError {
    /// The error as its `Display` has it, joined by hand.
    pub fn in_words(&self) -> String {
        ["the snapshot can't be read at `", &self.0.path, "`: ", &self.0.detail].concat()
    }
}

/// Reads a snapshot from its JSON. Members that this version doesn't know are left out.
///
/// # Errors
/// With the place and the code of what can't be read.
pub fn parse(json: &[u8]) -> Result<Snapshot, SnapshotError> {
    Json::read(json, snapshot).map_err(SnapshotError)
}

/// A text that is checked as the API checks it.
fn parsed<T: FromStr<Err: Coded>>(json: Json<'_>) -> Read<T> {
    json.text()?.parse().map_err(|error: T::Err| json.wrong(error.code(), &error.in_words()))
}

fn id<T: FromStr<Err = IdError>>(json: Json<'_>) -> Read<T> {
    json.text()?.parse().map_err(|error: IdError| json.wrong("invalid_id", &error.in_words()))
}

fn time(json: Json<'_>) -> Read<Timestamp> {
    Timestamp::parse(&json.text()?).ok_or_else(|| json.wrong("invalid_time", "this is an RFC 3339 time"))
}

fn count(json: Json<'_>) -> Read<i64> {
    let number = json.number()?;
    if (0..=MOST).contains(&number) {
        return Ok(number);
    }
    Err(json.wrong("out_of_range", "this is a count up to 9007199254740991"))
}

/// A part of a snapshot may be all that its reader was shown. Then it makes no claim about the rest: somebody else may
/// own the workspace, and seats that aren't told aren't counted.
fn snapshot(json: Json<'_>) -> Read<Snapshot> {
    let of = json.members()?;
    let version = count(of.get("version")?)?;
    let mut snapshot = Snapshot::new(workspace(of.get("workspace")?, version)?);
    snapshot.resources = of.get("resources")?.each(resource)?.into();
    snapshot.labels = of.get("labels")?.each(label)?.into_iter().collect();
    snapshot.groups = of.get("groups")?.each(group)?.into();
    snapshot.members = of.get("members")?.each(member)?.into();
    if let Some(invites) = of.maybe("invites") {
        snapshot.invites = invites.each(invite)?.into();
    }
    if let Some(seats) = of.maybe("seats") {
        let seats = seats.members()?;
        let (active, pending) = (count(seats.get("active")?)?, count(seats.get("pending")?)?);
        snapshot.seats = Seats { active, pending };
        snapshot.has_other_owner = usize::try_from(active) != Ok(snapshot.members.len());
    } else {
        snapshot.has_other_owner = true;
        snapshot.workspace.seat_limit = None;
    }
    Ok(snapshot)
}

fn resource(json: Json<'_>) -> Read<(ResourceRef, ResourceFacts)> {
    let of = json.members()?;
    let resource: ResourceRef = parsed(of.get("resource")?)?;
    let pairs = of.get("labels")?;
    let labels = Labels::new(pairs.texts()?).map_err(|error| pairs.wrong(error.code(), &error.in_words()))?;
    let parent: Option<ResourceRef> = of.maybe("parent").map(parsed).transpose()?;
    Resource::check(resource.kind(), &labels, parent.as_ref())
        .map_err(|error| json.wrong(error.code(), error.in_words()))?;
    Ok((resource, ResourceFacts { labels, parent }))
}

fn label(json: Json<'_>) -> Read<(String, String)> {
    let of = json.members()?;
    Ok((of.get("key")?.string()?, of.get("value")?.string()?))
}

fn group(json: Json<'_>) -> Read<(GroupId, GroupAccess)> {
    let of = json.members()?;
    Ok((id(of.get("id")?)?, GroupAccess { name: parsed(of.get("name")?)?, grants: grants(&of)? }))
}

fn member(json: Json<'_>) -> Read<(AccountId, MemberAccess)> {
    let of = json.members()?;
    let id = id(of.get("id")?)?;
    let (email, name) = (parsed(of.get("email")?)?, parsed(of.get("name")?)?);
    Ok((id, MemberAccess { email, name, grants: grants(&of)?, groups: groups(&of)? }))
}

fn invite(json: Json<'_>) -> Read<(Email, InviteAccess)> {
    let of = json.members()?;
    Ok((parsed(of.get("email")?)?, InviteAccess { grants: grants(&of)?, groups: groups(&of)? }))
}

fn groups(of: &Members<'_>) -> Read<Vec<GroupId>> {
    of.get("groups")?.each(id)
}

fn grants(of: &Members<'_>) -> Read<Vec<Grant>> {
    of.get("grants")?.each(grant)
}

fn grant(json: Json<'_>) -> Read<Grant> {
    let of = json.members()?;
    Ok(Grant {
        id: id(of.get("id")?)?,
        expr: parsed(of.get("expression")?)?,
        created_at: time(of.get("created_at")?)?,
        created_by: of.get("created_by")?.string()?,
    })
}

fn workspace(json: Json<'_>, version: i64) -> Read<Workspace> {
    let of = json.members()?;
    let plan = of.get("plan")?;
    Ok(Workspace {
        id: id(of.get("id")?)?,
        slug: parsed(of.get("slug")?)?,
        name: parsed(of.get("name")?)?,
        plan: plan.text()?.parse().map_err(|()| plan.wrong("invalid_plan", "a plan is free, team or business"))?,
        add_ons: AddOns::of(of.get("add_ons")?.each(add_on)?),
        seat_limit: of.maybe("seat_limit").map(count).transpose()?,
        settings: settings(of.get("settings")?)?,
        version,
        created_at: time(of.get("created_at")?)?,
    })
}

fn add_on(json: Json<'_>) -> Read<AddOn> {
    json.text()?.parse().map_err(|()| json.wrong("invalid_add_on", "an add-on is protocols or engage"))
}

fn settings(json: Json<'_>) -> Read<Settings> {
    let of = json.members()?;
    Ok(Settings {
        invite_ttl_hours: of.get("invite_ttl_hours")?.number()?,
        provisioned_grants: of.get("provisioned_grants")?.each(parsed)?,
        require_sso: of.get("require_sso")?.flag()?,
        stale_after_days: of.get("stale_after_days")?.number()?,
        // No decision asks for it.
        invite_reminder_hours: None,
    })
}
