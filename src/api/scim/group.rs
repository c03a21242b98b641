//! Groups: who is in them the provider says, what they give an owner of the workspace.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::host::{Db as _, Host};
use crate::model::audit::EventType;
use crate::model::{Group, GroupId, Name};
use crate::scim::{Document, GroupPatch, MemberChange, MemberRef, Resource, patch_group, read_group};
use crate::store::access;
use crate::store::group as groups_store;
use crate::store::scim::group::{self, GroupMember, Key, ScimGroup};
use crate::wire::group::GroupView;
use crate::wire::scim::EffectView;

use super::super::commit::{Change, Happened};
use super::super::context::Context;
use super::call::{Answered, Call};
use super::journal::{self, Effects};
use super::provider::Provider;
use super::refusal::Refusal;
use super::{location, meta};

/// The resource, with these members where any are given.
pub(super) fn resource<H: Host>(cx: &Context<'_, H>, group: &ScimGroup, members: &[GroupMember]) -> Document {
    let mut resource = Document::new();
    let mut put = |name: &str, value: Value| drop(resource.insert(name.to_owned(), value));
    put("schemas", json!([Resource::Group.schema()]));
    put("id", group.id.as_str().into());
    put("displayName", group.name.as_str().into());
    if let Some(id) = &group.external_id {
        put("externalId", id.as_str().into());
    }
    let own = members.iter().filter(|member| member.group == group.id.as_str());
    let own: Vec<Value> = own.map(|member| view(cx, member)).collect();
    if !own.is_empty() {
        put("members", own.into());
    }
    let which = (Resource::Group, group.id.as_str());
    put("meta", meta(cx, which, (group.created_at, group.updated_at), &version(group)));
    resource
}

fn view<H: Host>(cx: &Context<'_, H>, member: &GroupMember) -> Value {
    let place = location(cx, Resource::User, &member.user);
    json!({"value": member.user, "$ref": place, "type": "User"})
}

/// The version of a group, its members included.
pub(super) fn version(group: &ScimGroup) -> String {
    format!("W/\"{}\"", group.revision)
}

async fn find<H: Host>(cx: &Context<'_, H>, provider: &Provider, id: &str) -> Result<ScimGroup, Refusal> {
    let rows = cx.db().query(&group::by_key(&provider.workspace.id, &Key::Id(id.to_owned()))).await?;
    group::from_rows(&rows)?.pop().ok_or_else(|| Refusal::not_found("group", id))
}

/// Who is in these groups; of each the given users alone where some are given.
pub(super) async fn members_of<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    groups: &[&str],
    users: Option<&[String]>,
) -> Result<Vec<GroupMember>, Refusal> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    Ok(group::members_from_rows(&cx.db().query(&group::members(&provider.workspace.id, groups, users)).await?)?)
}

/// The answer about a group: its members are read where it is to have them.
async fn answer<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    (found, status): (&ScimGroup, u16),
) -> Result<Answered, Refusal> {
    let projection = call.projection()?;
    let needs_members = projection.wants(Resource::Group, "members");
    let groups = [found.id.as_str()];
    let members = members_of(cx, provider, if needs_members { &groups } else { &[] }, None).await?;
    let whole = Value::Object(resource(cx, found, &members));
    Ok(Answered {
        status,
        body: projection.apply(Resource::Group, whole),
        location: Some(location(cx, Resource::Group, found.id.as_str())),
        version: Some(version(found)),
        id: Some(found.id.to_string()),
    })
}

/// Shows a group.
pub(super) async fn show<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    id: &str,
) -> Result<Answered, Refusal> {
    let found = find(cx, provider, id).await?;
    answer(cx, provider, call, (&found, 200)).await
}

fn name(text: &str) -> Result<Name, Refusal> {
    text.parse().map_err(|error: crate::model::TextError| Refusal::value(format!("displayName: {error}")))
}

/// Checks that no other group has the name or the provider's id.
async fn check_free<H: Host>(cx: &Context<'_, H>, provider: &Provider, group: &ScimGroup) -> Result<(), Refusal> {
    let workspace = &provider.workspace.id;
    let external = group.external_id.clone().unwrap_or_default();
    let reads = [
        group::by_key(workspace, &Key::Name(group.name.to_string())),
        group::by_key(workspace, &Key::External(external)),
        groups_store::by_names(workspace, [&group.name]),
    ];
    let answers = cx.db().batch(&reads).await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    for (index, what) in ["displayName", "externalId"].into_iter().enumerate() {
        if let Some(other) = group::from_rows(rows(index))?.into_iter().find(|other| other.id != group.id) {
            return Err(Refusal::taken(format!("the group {} has this {what}", other.id)));
        }
    }
    match groups_store::names_from_rows(rows(2))?.into_iter().find(|(id, _)| *id != group.id) {
        Some((id, name)) => {
            let detail = format!("the workspace has a group `{name}` ({id}) of its own; rename one of the two");
            Err(Refusal::taken(detail))
        }
        None => Ok(()),
    }
}

/// Makes a group, which gives nothing until an owner says what.
pub(super) async fn create<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
) -> Result<Answered, Refusal> {
    call.projection()?;
    let wanted = read_group(&call.body)?;
    let made = ScimGroup {
        id: cx.id(GroupId::new),
        name: name(&wanted.display_name)?,
        external_id: wanted.external_id,
        revision: 1,
        created_at: cx.now,
        updated_at: cx.now,
    };
    check_free(cx, provider, &made).await?;
    let users = ids(&wanted.members.unwrap_or_default());
    check_known(cx, provider, &users).await?;
    let mut change = provider.change(cx);
    change.write(group::insert(&provider.workspace.id, &made));
    tell(cx, &mut change, EventType::GroupCreated, (None, Some(&made)));
    if !users.is_empty() {
        change.write(group::admit(&provider.workspace.id, &made.id, &users, cx.now));
        let subject = ("group", made.id.as_str());
        let event_type = EventType::GroupMembersChanged;
        change.record(cx, Happened { event_type, subject, before: None, after: Some(&users) });
    }
    change.write([journal::applied(cx, provider, call, (made.id.as_str(), 201), &Effects::new())]);
    change.commit(cx).await?;
    answer(cx, provider, call, (&made, 201)).await
}

/// Tells of a group as the API shows groups.
fn tell<H: Host>(
    cx: &Context<'_, H>,
    change: &mut Change,
    event_type: EventType,
    (before, after): (Option<&ScimGroup>, Option<&ScimGroup>),
) {
    let view = |group: &ScimGroup| {
        let (id, name) = (group.id.clone(), group.name.clone());
        GroupView::new(&Group { id, name, is_managed: true, created_at: group.created_at }, Vec::new())
    };
    let Some(id) = before.or(after).map(|group| group.id.clone()) else { return };
    let (before, after) = (before.map(view), after.map(view));
    let subject = ("group", id.as_str());
    change.record(cx, Happened { event_type, subject, before: before.as_ref(), after: after.as_ref() });
}

fn ids(members: &[MemberRef]) -> Vec<String> {
    members.iter().map(|MemberRef(id)| id.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Checks that each of these is a user.
async fn check_known<H: Host>(cx: &Context<'_, H>, provider: &Provider, users: &[String]) -> Result<(), Refusal> {
    if users.is_empty() {
        return Ok(());
    }
    let rows = cx.db().query(&group::known(&provider.workspace.id, users)).await?;
    let known: BTreeSet<String> = group::known_from_rows(&rows)?.into_iter().map(|(id, _)| id).collect();
    match users.iter().find(|id| !known.contains(*id)) {
        Some(id) => Err(Refusal::value(format!("members: there is no user `{id}`"))),
        None => Ok(()),
    }
}

/// Who is to be in a group, told by who is to come and who is to go.
#[derive(Debug, Default)]
struct Moves {
    joins: BTreeSet<String>,
    leaves: BTreeSet<String>,
    /// True when everyone leaves who doesn't join.
    is_whole: bool,
}

impl Moves {
    /// Adds one change; `matching` are those whom a filter means.
    fn add(&mut self, change: &MemberChange, matching: Vec<String>) {
        match change {
            MemberChange::Add(members) => {
                for id in ids(members) {
                    self.leaves.remove(&id);
                    self.joins.insert(id);
                }
            }
            MemberChange::Remove(members) => self.remove(ids(members)),
            MemberChange::Replace(members) => {
                self.is_whole = true;
                self.leaves.clear();
                self.joins = ids(members).into_iter().collect();
            }
            MemberChange::RemoveWhere(_) => self.remove(matching),
        }
    }

    fn remove(&mut self, ids: Vec<String>) {
        for id in ids {
            self.joins.remove(&id);
            self.leaves.insert(id);
        }
    }

    fn is_empty(&self) -> bool {
        !self.is_whole && self.joins.is_empty() && self.leaves.is_empty()
    }
}

/// Replaces a group's name and, where the body says who is in it, its members.
pub(super) async fn replace<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    id: &str,
) -> Result<Answered, Refusal> {
    let before = find(cx, provider, id).await?;
    let wanted = read_group(&call.body)?;
    let patch = GroupPatch {
        display_name: Some(wanted.display_name),
        external_id: Some(wanted.external_id),
        members: wanted.members.map(MemberChange::Replace).into_iter().collect(),
    };
    update(cx, provider, call, (&before, &patch, 200)).await?;
    show(cx, provider, call, id).await
}

/// Changes a group. The answer has no body, unless the request says which attributes it is to have: it would be as long as the group.
pub(super) async fn patch<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    id: &str,
) -> Result<Answered, Refusal> {
    let before = find(cx, provider, id).await?;
    let is_asked =
        |(name, _): &(String, String)| ["attributes", "excludedattributes"].contains(&name.to_lowercase().as_str());
    let has_body = call.pairs.iter().any(is_asked);
    update(cx, provider, call, (&before, &patch_group(&call.body)?, if has_body { 200 } else { 204 })).await?;
    if has_body {
        return show(cx, provider, call, id).await;
    }
    let after = find(cx, provider, id).await?;
    let place = Some(location(cx, Resource::Group, id));
    Ok(Answered { location: place, version: Some(version(&after)), ..Answered::no_content() })
}

async fn update<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    (before, patch, status): (&ScimGroup, &GroupPatch, u16),
) -> Result<(), Refusal> {
    call.projection()?;
    call.check_version(before.revision)?;
    let mut after = before.clone();
    if let Some(text) = &patch.display_name {
        after.name = name(text)?;
    }
    after.external_id = patch.external_id.clone().unwrap_or(after.external_id);
    let is_renamed = after != *before;
    if is_renamed {
        check_free(cx, provider, &after).await?;
    }
    let moves = moves(cx, provider, before, patch).await?;
    let (joins, leaves) = moved(cx, provider, before, &moves).await?;
    if !is_renamed && joins.is_empty() && leaves.is_empty() {
        return journal::unchanged(cx, provider, call, (before.id.as_str(), status)).await;
    }
    let workspace = &provider.workspace.id;
    let mut change = provider.change(cx);
    change.write([group::guard(workspace, &before.id, call.if_match.as_ref().map(|_| before.revision))]);
    if is_renamed {
        change.write(group::update(workspace, &after, cx.now));
        tell(cx, &mut change, EventType::GroupUpdated, (Some(before), Some(&after)));
    } else {
        change.write([group::touch(workspace, &before.id, cx.now)]);
    }
    write_moves(cx, provider, before, (&moves, &joins, &leaves), &mut change);
    let effects = effects(cx, provider, before, (joins, leaves)).await?;
    change.write([journal::applied(cx, provider, call, (before.id.as_str(), status), &effects)]);
    change.commit(cx).await?;
    Ok(())
}

/// What a PATCH means for who is in the group. A filter that isn't about ids takes the members to be read.
async fn moves<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    before: &ScimGroup,
    patch: &GroupPatch,
) -> Result<Moves, Refusal> {
    let mut moves = Moves::default();
    for change in &patch.members {
        let matching = match change {
            MemberChange::RemoveWhere(filter) => {
                let members = members_of(cx, provider, &[before.id.as_str()], None).await?;
                let is_meant = |member: &&GroupMember| {
                    let one = json!({"members": [view(cx, member)]});
                    one.as_object().is_some_and(|one| filter.matches(one))
                };
                members.iter().filter(is_meant).map(|member| member.user.clone()).collect()
            }
            MemberChange::Add(_) | MemberChange::Remove(_) | MemberChange::Replace(_) => Vec::new(),
        };
        moves.add(change, matching);
    }
    let joins: Vec<String> = moves.joins.iter().cloned().collect();
    check_known(cx, provider, &joins).await?;
    Ok(moves)
}

/// Who comes that isn't there, and who goes that is. Of those who are in the group only the named ones are read.
async fn moved<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    before: &ScimGroup,
    moves: &Moves,
) -> Result<(Vec<String>, Vec<String>), Refusal> {
    if moves.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let named: Vec<String> = moves.joins.union(&moves.leaves).cloned().collect();
    let only = (!moves.is_whole).then_some(named.as_slice());
    let there = members_of(cx, provider, &[before.id.as_str()], only).await?;
    let there: BTreeSet<String> = there.into_iter().map(|member| member.user).collect();
    let joins = moves.joins.difference(&there).cloned().collect();
    let leaves = if moves.is_whole {
        there.difference(&moves.joins).cloned().collect()
    } else {
        there.intersection(&moves.leaves).cloned().collect()
    };
    Ok((joins, leaves))
}

/// Who comes before who goes: at no moment in between does the workspace lack an owner.
fn write_moves<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    before: &ScimGroup,
    (moves, joins, leaves): (&Moves, &Vec<String>, &Vec<String>),
    change: &mut Change,
) {
    let (workspace, id) = (&provider.workspace.id, &before.id);
    if !joins.is_empty() {
        change.write(group::admit(workspace, id, joins, cx.now));
    }
    if moves.is_whole {
        let stay: Vec<String> = moves.joins.iter().cloned().collect();
        change.write(group::expel_others(workspace, id, &stay));
    } else if !leaves.is_empty() {
        change.write(group::expel(workspace, id, leaves));
    }
    if !joins.is_empty() || !leaves.is_empty() {
        let told = |ids: &'_ Vec<String>| (!ids.is_empty()).then(|| ids.clone());
        let (gone, come) = (told(leaves), told(joins));
        let (event_type, subject) = (EventType::GroupMembersChanged, ("group", id.as_str()));
        change.record(cx, Happened { event_type, subject, before: gone.as_ref(), after: come.as_ref() });
    }
}

/// What people gain who come into a group and lose who leave it: members, that is. Who is none has nothing until they are back.
async fn effects<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    group: &ScimGroup,
    (joins, leaves): (Vec<String>, Vec<String>),
) -> Result<Effects, Refusal> {
    let (workspace, id) = (&provider.workspace.id, group.id.as_str());
    let [all_joins, all_leaves] = [&joins, &leaves].map(|users| group::known(workspace, users));
    let answers = cx.db().batch(&[access::held_by(workspace, &[id]), all_joins, all_leaves]).await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let held = access::held_from_rows(rows(0))?;
    let grants: Vec<String> = held.into_iter().map(|held| held.grant.expr.to_string()).collect();
    let members = |index: usize| -> Result<Vec<String>, Refusal> {
        let known = group::known_from_rows(rows(index))?.into_iter();
        Ok(known.filter_map(|(user, is_active)| is_active.then_some(user)).collect())
    };
    let gained = EffectView::gained(members(1)?, grants.clone(), Some(id));
    let lost = EffectView::lost(members(2)?, grants, Some(id));
    Ok([gained, lost].into_iter().filter(|effect| !effect.members.is_empty()).collect())
}

/// Deletes a group with what it gave.
pub(super) async fn delete<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    call: &Call,
    id: &str,
) -> Result<Answered, Refusal> {
    let found = find(cx, provider, id).await?;
    call.check_version(found.revision)?;
    let workspace = &provider.workspace.id;
    let members = members_of(cx, provider, &[id], None).await?.into_iter().map(|member| member.user).collect();
    let effects = effects(cx, provider, &found, (Vec::new(), members)).await?;
    let mut change = provider.change(cx);
    change.write([group::guard(workspace, &found.id, call.if_match.as_ref().map(|_| found.revision))]);
    change.write(group::delete(workspace, &found.id));
    tell(cx, &mut change, EventType::GroupDeleted, (Some(&found), None));
    change.write([journal::applied(cx, provider, call, (id, 204), &effects)]);
    change.commit(cx).await?;
    Ok(Answered::no_content())
}
