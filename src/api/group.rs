//! Groups, what they give and who is in them.

use http::StatusCode;

use crate::host::{Db as _, Host};
use crate::model::audit::EventType;
use crate::model::{Action, Email, Grant, GrantExpr, GrantId, Group, GroupId, Holder, Via};
use crate::policy::{self, Joiner};
use crate::store::{access, grant as grants_store, group};
use crate::wire::Page;
use crate::wire::grant::{GrantView, GrantsBody};
use crate::wire::group::{GroupPatch, GroupView, JoinBody, JoinedView, NewGroup};

use super::commit::{Change, Happened};
use super::context::Context;
use super::grant::{check_adding, check_ceiling, check_giving, make, named, slice, unique};
use super::inside::{self, Inside};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{body, idempotency, page};

/// A group with what it gives.
struct Loaded {
    group: Group,
    grants: Vec<Grant>,
}

impl Loaded {
    fn view(&self, inside: &Inside) -> GroupView {
        let grants = self.grants.iter().map(|grant| GrantView::new(grant, &Via::Direct, &inside.workspace));
        GroupView::new(&self.group, grants.collect())
    }

    fn exprs(&self) -> Vec<GrantExpr> {
        self.grants.iter().map(|grant| grant.expr.clone()).collect()
    }
}

async fn load<H: Host>(cx: &Context<'_, H>, inside: &Inside, groups: Vec<Group>) -> Result<Vec<Loaded>, Problem> {
    let ids: Vec<&str> = groups.iter().map(|group| group.id.as_str()).collect();
    let held = access::held_from_rows(&cx.db().query(&access::held_by(&inside.workspace.id, &ids)).await?)?;
    let own = |id: &GroupId| -> Vec<Grant> {
        held.iter().filter(|held| held.holder == id.as_str()).map(|held| held.grant.clone()).collect()
    };
    Ok(groups.into_iter().map(|group| Loaded { grants: own(&group.id), group }).collect())
}

async fn find<H: Host>(cx: &Context<'_, H>, inside: &Inside) -> Result<Loaded, Problem> {
    let id: GroupId = cx.parsed("grp")?;
    let found = group::find(cx.db(), &inside.workspace.id, &id).await?.ok_or_else(Problem::not_found)?;
    load(cx, inside, vec![found]).await?.pop().ok_or_else(Problem::not_found)
}

/// The group that the path names, and a change of it that `If-Match` allows.
async fn find_to_change<H: Host>(cx: &Context<'_, H>, inside: &Inside) -> Result<(Loaded, Change), Problem> {
    let found = find(cx, inside).await?;
    let change = Change::by(inside).matching(cx, &found.view(inside))?;
    Ok((found, change))
}

/// Who is in a managed group, and whether it is there, the identity provider and its connection say.
fn check_unmanaged(found: &Loaded) -> Result<(), Problem> {
    if !found.group.is_managed {
        return Ok(());
    }
    Err(managed())
}

/// The refusal of a change that is the identity provider's.
pub(super) fn managed() -> Problem {
    let detail = "an identity provider says who is in this group; change it there, or the mapping of its connection";
    Problem::new(Code::ManagedByIdp, detail)
}

/// A page of groups by name.
pub(super) async fn list<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberView).await?;
    let found = group::list(cx.db(), &inside.workspace.id, &page::read(cx)?).await?;
    let last = found.rows.last().filter(|_| found.has_more);
    let next_cursor = last.map(|last| page::cursor(cx, last.name.as_str()));
    let loaded = load(cx, &inside, found.rows).await?;
    let data = loaded.iter().map(|loaded| loaded.view(&inside)).collect();
    Ok(Reply::ok(&Page { data, next_cursor })?.version(inside.workspace.version))
}

/// Shows a group.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberView).await?;
    Ok(Reply::ok(&find(cx, &inside).await?.view(&inside))?.tagged())
}

/// Makes a group.
pub(super) async fn create<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::GroupManage).await?;
    let (name, exprs) = body::json::<NewGroup>(cx.request)?.parse()?;
    let mut change = Change::by(&inside).making(cx)?;
    check_giving(cx, &inside, &exprs, "/grants").await?;
    let group = Group { id: cx.id(GroupId::new), name, is_managed: false, created_at: cx.now };
    check_name(cx, &inside, &group).await?;
    let made = Loaded { grants: make(cx, &inside.actor().id, &exprs), group };

    let (workspace, holder) = (&inside.workspace.id, Holder::Group(made.group.id.clone()));
    let view = made.view(&inside);
    change.write([group::insert(workspace, &made.group)]);
    change.write(grants_store::insert(workspace, &holder, &made.grants));
    let event_type = EventType::GroupCreated;
    change.record(cx, Happened { event_type, subject: ("group", &view.id), before: None, after: Some(&view) });
    change.answer(cx, Reply::json(StatusCode::CREATED, &view)?.tagged()).await
}

/// Names are unique, so that people and CSV files can speak of groups by name.
async fn check_name<H: Host>(cx: &Context<'_, H>, inside: &Inside, group: &Group) -> Result<(), Problem> {
    let found = group::find_by_name(cx.db(), &inside.workspace.id, &group.name).await?;
    match found.filter(|other| other.id != group.id) {
        Some(other) => {
            let detail = format!("the group {} has the name `{}`; choose another", other.id, group.name);
            Err(Problem::new(Code::NameTaken, detail))
        }
        None => Ok(()),
    }
}

/// Renames a group.
pub(super) async fn update<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let name = body::json::<GroupPatch>(cx.request)?.parse()?;
    let inside = inside::enter(cx, Action::GroupManage).await?;
    let (mut found, mut change) = find_to_change(cx, &inside).await?;
    check_unmanaged(&found)?;
    let before = found.view(&inside);
    found.group.name = name;
    check_name(cx, &inside, &found.group).await?;

    let after = found.view(&inside);
    change.write([group::guard(&inside.workspace.id, &found.group.id)]);
    change.write([group::rename(&inside.workspace.id, &found.group.id, &found.group.name)]);
    let event_type = EventType::GroupUpdated;
    change
        .record(cx, Happened { event_type, subject: ("group", &after.id), before: Some(&before), after: Some(&after) });
    let version = change.commit(cx).await?;
    Ok(Reply::ok(&after)?.tagged().version(version))
}

/// Deletes a group. Who was in it stays a member, without what it gave.
pub(super) async fn delete<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::GroupManage).await?;
    let (found, mut change) = find_to_change(cx, &inside).await?;
    check_unmanaged(&found)?;
    let before = found.view(&inside);
    change.means([policy::Change::DeleteGroup { group: found.group.id.clone() }]);
    change.write([group::guard(&inside.workspace.id, &found.group.id)]);
    change.write(group::delete(&inside.workspace.id, &found.group.id));
    let event_type = EventType::GroupDeleted;
    change.record(cx, Happened { event_type, subject: ("group", &before.id), before: Some(&before), after: None });
    let version = change.commit(cx).await?;
    Ok(Reply::no_content().version(version))
}

/// Replaces what a group gives.
pub(super) async fn replace_grants<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let wanted = body::json::<GrantsBody>(cx.request)?.parse()?;
    let inside = inside::enter(cx, Action::GroupManage).await?;
    let found = find_to_change(cx, &inside).await?;
    set_grants(cx, &inside, found, &wanted, &wanted).await
}

/// Adds to what a group gives.
pub(super) async fn add_grants<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::GroupManage).await?;
    let more = body::json::<GrantsBody>(cx.request)?.parse()?;
    let (found, change) = find_to_change(cx, &inside).await?;
    let mut wanted = found.exprs();
    wanted.extend(more.iter().filter(|expr| !found.grants.iter().any(|grant| grant.expr == **expr)).cloned());
    set_grants(cx, &inside, (found, change), &wanted, &more).await
}

/// Takes one of a group's grants away.
pub(super) async fn delete_grant<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let id: GrantId = cx.parsed("gnt")?;
    let inside = inside::enter(cx, Action::GroupManage).await?;
    let (found, change) = find_to_change(cx, &inside).await?;
    let gone = found.grants.iter().find(|grant| grant.id == id).ok_or_else(Problem::not_found)?;
    let wanted: Vec<GrantExpr> = found.exprs().into_iter().filter(|expr| *expr != gone.expr).collect();
    Ok(set_grants(cx, &inside, (found, change), &wanted, &[]).await?.without_body())
}

/// Makes a group's grants be these, touching only what differs. `listed` are those that stand in the body.
async fn set_grants<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    (mut found, mut change): (Loaded, Change),
    wanted: &[GrantExpr],
    listed: &[GrantExpr],
) -> Result<Reply, Problem> {
    let (before, wanted) = (found.exprs(), &unique(wanted));
    let added: Vec<GrantExpr> = wanted.iter().filter(|expr| !before.contains(expr)).cloned().collect();
    check_adding(cx, inside, listed, &before, "/grants").await?;
    let (stay, gone): (Vec<Grant>, Vec<Grant>) =
        found.grants.into_iter().partition(|grant| wanted.contains(&grant.expr));
    let made = make(cx, &inside.actor().id, &added);
    found.grants = [stay, made.clone()].concat();
    let view = found.view(inside);
    if added.is_empty() && gone.is_empty() {
        return idempotency::unchanged(cx, &inside.workspace, Reply::ok(&view)?.tagged()).await;
    }

    let (workspace, holder) = (&inside.workspace.id, Holder::Group(found.group.id.clone()));
    change.means([policy::Change::SetGroupGrants { grants: wanted.to_vec(), group: found.group.id.clone() }]);
    change.write([group::guard(workspace, &found.group.id)]);
    change.write(grants_store::insert(workspace, &holder, &made));
    change.write([grants_store::delete(workspace, &holder, gone.iter().map(|grant| &grant.id))]);
    let texts = |exprs: &[GrantExpr]| exprs.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (old, new) = (texts(&before), texts(wanted));
    let event_type = EventType::GroupGrantsChanged;
    change.record(cx, Happened { event_type, subject: ("group", &view.id), before: Some(&old), after: Some(&new) });
    change.answer(cx, Reply::ok(&view)?.tagged()).await
}

/// A page of those in a group.
pub(super) async fn list_members<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberView).await?;
    let loaded = find(cx, &inside).await?;
    let found = group::list_joined(cx.db(), &inside.workspace.id, &loaded.group.id, &page::read(cx)?).await?;
    let last = found.rows.last().filter(|_| found.has_more);
    let next_cursor = last.map(|last| page::cursor(cx, &last.holder));
    let view = |joined: group::Joined| JoinedView {
        id: joined.is_member.then(|| joined.holder.clone()),
        invite: (!joined.is_member).then_some(joined.holder),
        email: joined.email,
        name: joined.name,
    };
    let data = found.rows.into_iter().map(view).collect();
    Ok(Reply::ok(&Page { data, next_cursor })?.version(inside.workspace.version))
}

/// Lets members and invitees into a group, who hold from then on what it gives.
pub(super) async fn join<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::GroupManage).await?;
    let body: JoinBody = body::json(cx.request)?;
    let (found, mut change) = find_to_change(cx, &inside).await?;
    check_unmanaged(&found)?;
    let holders = holders(cx, &inside, &body.members).await?;
    let snapshot = slice(cx, &inside.workspace, &named(&found.exprs())).await?;
    check_ceiling(&snapshot, &inside.held, &found.exprs())?;

    let (workspace, id) = (&inside.workspace.id, &found.group.id);
    change.write([
        group::guard(workspace, id),
        group::guard_holders(workspace, &holders),
        group::admit(workspace, id, &holders, cx.now),
    ]);
    moved(cx, &mut change, id, (None, Some(&body.members)));
    change.answer(cx, Reply::ok(&found.view(&inside))?.tagged()).await
}

/// The holders that these account ids and addresses name: one each, or a 422 for the first that nobody goes by.
async fn holders<H: Host>(cx: &Context<'_, H>, inside: &Inside, names: &[String]) -> Result<Vec<String>, Problem> {
    let lowered: Vec<String> = names.iter().map(|name| name.trim().to_lowercase()).collect();
    let found = group::holders(cx.db(), &inside.workspace.id, &lowered, cx.now).await?;
    let unknown = lowered.iter().enumerate().find(|(_, name)| !found.iter().any(|(key, _)| key == *name));
    if let Some((index, name)) = unknown {
        let detail = format!("nobody here goes by `{name}`: neither a member nor somebody with a pending invite");
        return Err(body::issue(format!("/members/{index}"), "unknown_member", detail));
    }
    Ok(found.into_iter().map(|(_, holder)| holder).collect())
}

/// Takes a member or an invitee out of a group.
pub(super) async fn leave<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::GroupManage).await?;
    let (found, mut change) = find_to_change(cx, &inside).await?;
    check_unmanaged(&found)?;
    let key = cx.segment("acc").to_lowercase();
    let is_name = key.parse::<Email>().is_ok() || key.starts_with("acc_");
    let known = group::holders(cx.db(), &inside.workspace.id, std::slice::from_ref(&key), cx.now).await?;
    let (_, holder) = known.into_iter().next().filter(|_| is_name).ok_or_else(Problem::not_found)?;
    if !access::is_in_group(cx.db(), &inside.workspace.id, &found.group.id, &holder).await? {
        return Err(Problem::not_found());
    }
    let (workspace, id) = (&inside.workspace.id, &found.group.id);
    let gone = vec![key];
    change.write([group::expel(workspace, id, &holder)]);
    moved(cx, &mut change, id, (Some(&gone), None));
    change.answer(cx, Reply::no_content()).await
}

/// Somebody's way into a group or out of it, by the name they were called.
fn moves(group: &GroupId, name: &str, into: bool) -> Option<policy::Change> {
    let name = name.trim().to_lowercase();
    let who = name.parse().map(Joiner::Member).or_else(|_| name.parse().map(Joiner::Address)).ok()?;
    let group = group.clone();
    Some(if into { policy::Change::AddToGroup { group, who } } else { policy::Change::RemoveFromGroup { group, who } })
}

/// Tells a change who is in a group from now on. Its event names who left (before) or who joined (after).
fn moved<H: Host>(
    cx: &Context<'_, H>,
    change: &mut Change,
    id: &GroupId,
    (before, after): (Option<&Vec<String>>, Option<&Vec<String>>),
) {
    change.means(before.into_iter().flatten().filter_map(|name| moves(id, name, false)));
    change.means(after.into_iter().flatten().filter_map(|name| moves(id, name, true)));
    let event_type = EventType::GroupMembersChanged;
    change.record(cx, Happened { event_type, subject: ("group", id.as_str()), before, after });
}
