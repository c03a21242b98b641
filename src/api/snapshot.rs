//! The snapshot: a workspace in one answer, with all that decisions need, as JSON or as compact bytes.

use std::collections::BTreeSet;

use crate::host::{Db as _, Host};
use crate::model::{
    AccountId, Action, Email, Grant, GroupId, InviteId, Member, Name, ResourceRef, Target, Verb, Workspace,
};
use crate::packed;
use crate::policy::{GroupAccess, InviteAccess, MemberAccess, Question, ResourceFacts, Seats, Snapshot, decide};
use crate::store::snapshot::{self, Contents};
use crate::store::{access::ResourceRow, member};
use crate::wire::snapshot::{
    GrantView, GroupView, InviteView, LabelView, MemberView, ResourceView, SeatsView, SnapshotView, WorkspaceFacts,
};

use super::context::Context;
use super::form::Form;
use super::inside::{self, Inside};
use super::problem::Problem;
use super::reply::{self, Reply};

/// Shows a workspace, or one member in it. Its tag is the version, whatever the form: caches tell the forms apart by `Vary`.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let mut inside = inside::enter_any(cx).await?;
    let key = cx.parameter("member");
    if !key.as_deref().is_some_and(|key| inside.is_self(key)) {
        inside.require(Action::MemberView)?;
    }
    let tag = format!("\"{}\"", inside.workspace.version);
    if reply::is_known(cx.header("if-none-match"), &tag) {
        // Before the large tables are read.
        let known = Reply::no_content().header("etag", tag).header("vary", "accept");
        return Ok(known.version(inside.workspace.version));
    }
    let one = match &key {
        Some(key) => Some(find(cx, &inside, key).await?),
        None => None,
    };
    let (workspace, contents) = load(cx, &inside, one.as_ref()).await?;
    if one.is_some() && contents.members.is_empty() {
        return Err(Problem::not_found());
    }
    let only = one.filter(|_| !inside.may(Action::MemberView));
    let (tag, version) = (format!("\"{}\"", workspace.version), workspace.version);
    let reply = match Form::wanted(cx) {
        Form::Packed => Reply::bytes(packed::MEDIA_TYPE, packed::write(&values(workspace, contents, only.as_ref()))),
        Form::Page | Form::Csv | Form::Lines => Reply::ok(&shown(&workspace, contents, only.as_ref()))?,
    };
    Ok(reply.header("etag", tag).header("vary", "accept").version(version))
}

/// The account of the member that a key names: an account id, an address or `me`.
async fn find<H: Host>(cx: &Context<'_, H>, inside: &Inside, key: &str) -> Result<AccountId, Problem> {
    match inside.account().filter(|_| inside.is_self(key)) {
        Some(own) => Ok(own.clone()),
        None => {
            let found = member::find(cx.db(), &inside.workspace.id, &key.to_lowercase()).await?;
            Ok(found.ok_or_else(Problem::not_found)?.id)
        }
    }
}

async fn load<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    one: Option<&AccountId>,
) -> Result<(Workspace, Contents), Problem> {
    let Workspace { id, settings, .. } = &inside.workspace;
    let stale_before = cx.now.plus_hours(-24 * settings.stale_after_days);
    let answers = cx.db().batch(&snapshot::reads(id, one, (cx.now, stale_before))).await?;
    let mut contents = snapshot::from_answers(&answers)?;
    let workspace = contents.workspace.take().ok_or_else(Problem::not_found)?;
    Ok((workspace, contents))
}

fn view(workspace: &Workspace, contents: Contents) -> SnapshotView {
    let Contents { resources, labels, groups, members, invites, seats, grants, joined, .. } = contents;
    let given = |holder: &str| -> Vec<GrantView> {
        grants.get(holder).map_or(&[][..], Vec::as_slice).iter().map(|grant: &Grant| grant.into()).collect()
    };
    let groups_of =
        |holder: &str| joined.get(holder).into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>();
    let member = |member: crate::model::Member| MemberView {
        grants: given(member.id.as_str()),
        groups: groups_of(member.id.as_str()),
        id: member.id.to_string(),
        email: member.email.to_string(),
        name: member.name.to_string(),
    };
    SnapshotView {
        version: workspace.version,
        workspace: WorkspaceFacts::from(workspace),
        resources: resources.iter().map(resource).collect(),
        labels: labels.into_iter().map(|(key, value)| LabelView { key, value }).collect(),
        groups: (groups.into_iter())
            .map(|(id, name)| GroupView { grants: given(id.as_str()), id: id.to_string(), name: name.to_string() })
            .collect(),
        members: members.into_iter().map(member).collect(),
        invites: (invites.into_iter())
            .map(|(id, email)| InviteView {
                email: email.to_string(),
                grants: given(id.as_str()),
                groups: groups_of(id.as_str()),
            })
            .collect(),
        seats: Some(SeatsView { active: seats.active, pending: seats.pending, limit: seats.limit }),
    }
}

fn resource(row: &ResourceRow) -> ResourceView {
    ResourceView {
        resource: row.reference.to_string(),
        labels: row.labels.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        parent: row.parent.as_ref().map(ToString::to_string),
    }
}

/// What a decision takes. For a member who may see only themselves without what they don't see elsewhere: seats, and
/// resources that they may not view, on which they may do nothing either.
fn values(workspace: Workspace, contents: Contents, only: Option<&AccountId>) -> Snapshot {
    let Contents { resources, labels, groups, members, invites, seats, mut grants, mut joined, .. } = contents;
    let mut given = |holder: &str| grants.remove(holder).unwrap_or_default();
    let mut groups_of = |holder: &str| joined.remove(holder).unwrap_or_default();
    let mut snapshot = Snapshot::new(workspace);
    let facts = |row: ResourceRow| (row.reference, ResourceFacts { labels: row.labels, parent: row.parent });
    snapshot.resources.extend(resources.into_iter().map(facts));
    snapshot.labels.extend(labels);
    snapshot.has_other_owner = usize::try_from(seats.active) != Ok(members.len());
    snapshot.seats = Seats { active: seats.active, pending: seats.pending };
    let group = |(id, name): (GroupId, Name)| (id.clone(), GroupAccess { name, grants: given(id.as_str()) });
    snapshot.groups = groups.into_iter().map(group).collect();
    let member = |member: Member| {
        let (grants, groups) = (given(member.id.as_str()), groups_of(member.id.as_str()));
        (member.id, MemberAccess { email: member.email, name: member.name, grants, groups })
    };
    snapshot.members = members.into_iter().map(member).collect();
    let invite = |(id, email): (InviteId, Email)| {
        (email, InviteAccess { grants: given(id.as_str()), groups: groups_of(id.as_str()) })
    };
    snapshot.invites = invites.into_iter().map(invite).collect();
    if let Some(one) = only {
        let hidden = hidden(&snapshot, one);
        snapshot.resources.retain(|reference, _| !hidden.contains(reference));
        snapshot.has_other_owner = true;
        snapshot.seats = Seats::default();
        snapshot.workspace.seat_limit = None;
    }
    snapshot
}

/// The same as JSON, in the orders that people read.
fn shown(workspace: &Workspace, contents: Contents, only: Option<&AccountId>) -> SnapshotView {
    let hidden = only.map(|one| hidden(&values(workspace.clone(), contents.clone(), None), one));
    let mut view = view(workspace, contents);
    if let Some(hidden) = hidden {
        view.seats = None;
        view.resources.retain(|row| row.resource.parse().is_ok_and(|reference| !hidden.contains(&reference)));
    }
    view
}

/// The resources that a member may not view.
fn hidden(snapshot: &Snapshot, one: &AccountId) -> BTreeSet<ResourceRef> {
    let is_hidden = |reference: &&ResourceRef| {
        let (action, target) = (Action::of(reference.kind(), Verb::View), Target::One((*reference).clone()));
        !decide(snapshot, &Question { member: one.clone(), action, target }).allowed
    };
    snapshot.resources.keys().filter(is_hidden).cloned().collect()
}
