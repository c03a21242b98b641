//! A snapshot read back from its JSON: each value is checked as the API checks it, and what is wrong has its place and code.

use std::fmt::Display;
use std::str::FromStr;

use thiserror::Error;

use crate::model::{AddOn, AddOns, Grant, GroupId, Labels, Resource, ResourceRef, Settings, Timestamp, Workspace};
use crate::policy::{GroupAccess, InviteAccess, MemberAccess, ResourceFacts, Seats, Snapshot};

use super::issue::{Coded, Issue};
use super::shape;
use super::snapshot::{
    GrantView, GroupView, InviteView, MemberView, ResourceView, SettingsFacts, SnapshotView, WorkspaceFacts,
};

/// The largest count that JavaScript holds exactly.
const MOST: i64 = (1 << 53) - 1;

/// A snapshot that can't be read: where, and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the snapshot can't be read at `{}`: {}", .0.path, .0.detail)]
pub struct SnapshotError(pub Issue);

type Loaded<T> = Result<T, SnapshotError>;

/// Reads a snapshot from its JSON. Members that this version doesn't know are left out.
///
/// # Errors
/// With the place and the code of what can't be read.
pub fn parse(json: &[u8]) -> Loaded<Snapshot> {
    let view: SnapshotView = shape::read(json).map_err(SnapshotError)?;
    Snapshot::try_from(&view)
}

fn wrong(path: &str, code: &'static str, detail: impl Display) -> SnapshotError {
    SnapshotError(Issue { path: path.to_owned(), code, detail: detail.to_string() })
}

/// Puts the place of an error below the thing that it was found in.
fn below<T>(result: Loaded<T>, list: &str, index: usize) -> Loaded<T> {
    let deeper =
        |SnapshotError(issue)| SnapshotError(Issue { path: format!("/{list}/{index}{}", issue.path), ..issue });
    result.map_err(deeper)
}

fn read<T: FromStr<Err: Coded>>(path: &str, text: &str) -> Loaded<T> {
    text.parse().map_err(|error: T::Err| wrong(path, error.code(), error))
}

fn id<T: FromStr<Err: Display>>(path: &str, text: &str) -> Loaded<T> {
    text.parse().map_err(|error: T::Err| wrong(path, "invalid_id", error))
}

fn time(text: &str) -> Loaded<Timestamp> {
    Timestamp::parse(text).ok_or_else(|| wrong("/created_at", "invalid_time", "this is an RFC 3339 time"))
}

fn count(path: &str, number: i64) -> Loaded<i64> {
    let is_count = (0..=MOST).contains(&number);
    is_count.then_some(number).ok_or_else(|| wrong(path, "out_of_range", format!("this is a count up to {MOST}")))
}

/// A part of a snapshot may be all that its reader was shown. Then it makes no claim about the rest: somebody else may
/// own the workspace, and seats that aren't told aren't counted.
impl TryFrom<&SnapshotView> for Snapshot {
    type Error = SnapshotError;
    fn try_from(view: &SnapshotView) -> Loaded<Self> {
        let mut snapshot = Self::new(workspace(&view.workspace, count("/version", view.version)?)?);
        for (index, row) in view.resources.iter().enumerate() {
            snapshot.resources.extend([below(resource(row), "resources", index)?]);
        }
        for (index, row) in view.groups.iter().enumerate() {
            let GroupView { id: key, name, grants: given } = row;
            let group = || Ok((id("/id", key)?, GroupAccess { name: read("/name", name)?, grants: grants(given)? }));
            snapshot.groups.extend([below(group(), "groups", index)?]);
        }
        for (index, row) in view.members.iter().enumerate() {
            snapshot.members.extend([below(
                id("/id", &row.id).and_then(|id| Ok((id, member(row)?))),
                "members",
                index,
            )?]);
        }
        for (index, row) in view.invites.iter().enumerate() {
            let InviteView { email, grants: offered, groups: joined } = row;
            let access = || Ok(InviteAccess { grants: grants(offered)?, groups: groups(joined)? });
            let invite = read("/email", email).and_then(|email| Ok((email, access()?)));
            snapshot.invites.extend([below(invite, "invites", index)?]);
        }
        snapshot.labels.extend(view.labels.iter().map(|label| (label.key.clone(), label.value.clone())));
        seats(&mut snapshot, view)?;
        Ok(snapshot)
    }
}

fn seats(snapshot: &mut Snapshot, view: &SnapshotView) -> Loaded<()> {
    let Some(seats) = &view.seats else {
        snapshot.has_other_owner = true;
        snapshot.workspace.seat_limit = None;
        return Ok(());
    };
    let (active, pending) = (count("/seats/active", seats.active)?, count("/seats/pending", seats.pending)?);
    snapshot.seats = Seats { active, pending };
    snapshot.has_other_owner = usize::try_from(active) != Ok(snapshot.members.len());
    Ok(())
}

fn resource(view: &ResourceView) -> Loaded<(ResourceRef, ResourceFacts)> {
    let resource: ResourceRef = read("/resource", &view.resource)?;
    let labels = Labels::new(view.labels.clone()).map_err(|error| wrong("/labels", error.code(), error))?;
    let parent: Option<ResourceRef> = view.parent.as_deref().map(|text| read("/parent", text)).transpose()?;
    Resource::check(resource.kind(), &labels, parent.as_ref()).map_err(|error| wrong("", error.code(), error))?;
    Ok((resource, ResourceFacts { labels, parent }))
}

fn member(view: &MemberView) -> Loaded<MemberAccess> {
    Ok(MemberAccess {
        email: read("/email", &view.email)?,
        name: read("/name", &view.name)?,
        grants: grants(&view.grants)?,
        groups: groups(&view.groups)?,
    })
}

fn groups(ids: &[String]) -> Loaded<Vec<GroupId>> {
    ids.iter().enumerate().map(|(index, text)| below(id("", text), "groups", index)).collect()
}

fn grants(views: &[GrantView]) -> Loaded<Vec<Grant>> {
    views.iter().enumerate().map(|(index, view)| below(grant(view), "grants", index)).collect()
}

fn grant(view: &GrantView) -> Loaded<Grant> {
    Ok(Grant {
        id: id("/id", &view.id)?,
        expr: read("/expression", &view.expression)?,
        created_at: time(&view.created_at)?,
        created_by: view.created_by.clone(),
    })
}

fn workspace(facts: &WorkspaceFacts, version: i64) -> Loaded<Workspace> {
    let inside = |SnapshotError(issue)| SnapshotError(Issue { path: format!("/workspace{}", issue.path), ..issue });
    let add_on = |text: &String| {
        text.parse::<AddOn>().map_err(|()| wrong("/add_ons", "invalid_add_on", "an add-on is protocols or engage"))
    };
    let plan = facts.plan.parse().map_err(|()| wrong("/plan", "invalid_plan", "a plan is free, team or business"));
    let read = || {
        Ok(Workspace {
            id: id("/id", &facts.id)?,
            slug: read("/slug", &facts.slug)?,
            name: read("/name", &facts.name)?,
            plan: plan?,
            add_ons: AddOns::of(facts.add_ons.iter().map(add_on).collect::<Loaded<Vec<_>>>()?),
            seat_limit: facts.seat_limit.map(|limit| count("/seat_limit", limit)).transpose()?,
            settings: settings(&facts.settings)?,
            version,
            created_at: time(&facts.created_at)?,
        })
    };
    read().map_err(inside)
}

fn settings(facts: &SettingsFacts) -> Loaded<Settings> {
    let path = "/settings/provisioned_grants";
    Ok(Settings {
        invite_ttl_hours: facts.invite_ttl_hours,
        provisioned_grants: facts.provisioned_grants.iter().map(|text| read(path, text)).collect::<Loaded<_>>()?,
        require_sso: facts.require_sso,
        stale_after_days: facts.stale_after_days,
        // No decision asks for it.
        invite_reminder_hours: None,
    })
}
