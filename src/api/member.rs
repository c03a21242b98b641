//! Members and their direct grants.

use crate::host::{Db as _, Host, Row};
use crate::model::audit::EventType;
use crate::model::{
    Action, Grant, GrantExpr, GrantId, GroupId, Holder, Member, Name, Provision, ResourceRef, Role, Timestamp, Via,
    check_owner_remains, check_workspace_role, is_owner,
};
use crate::policy;
use crate::store::member::{Filter, Sort};
use crate::store::{access, grant as grants_store, member};
use crate::wire::Page;
use crate::wire::grant::GrantsBody;
use crate::wire::member::{MemberPatch, MemberView, UpdatedView};

use super::commit::{Change, Happened};
use super::context::Context;
use super::grant::{check_adding, make, unique};
use super::inside::{self, Inside};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{body, idempotency, page, preview};

/// A member with all that they hold.
struct Loaded {
    member: Member,
    grants: Vec<(Grant, Via)>,
    groups: Vec<(GroupId, Name)>,
}

impl Loaded {
    fn direct(&self) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(|(_, via)| *via == Via::Direct).map(|(grant, _)| grant)
    }

    fn owns_by_group(&self) -> bool {
        is_owner(self.grants.iter().filter(|(_, via)| *via != Via::Direct).map(|(grant, _)| &grant.expr))
    }

    fn owns(&self) -> bool {
        is_owner(self.grants.iter().map(|(grant, _)| &grant.expr))
    }

    fn view(&self, inside: &Inside) -> MemberView {
        MemberView::new(&self.member, &self.grants, &self.groups, &inside.workspace)
    }

    /// Holds from now on of its own grants only those that are wanted, and these new ones, in the order of a read.
    fn set_direct(&mut self, wanted: &[GrantExpr], made: Vec<Grant>) {
        let (mut own, by_groups): (Vec<_>, Vec<_>) = self.grants.drain(..).partition(|(_, via)| *via == Via::Direct);
        own.retain(|(grant, _)| wanted.contains(&grant.expr));
        own.extend(made.into_iter().map(|grant| (grant, Via::Direct)));
        own.sort_by(|(one, _), (other, _)| (one.created_at, &one.id).cmp(&(other.created_at, &other.id)));
        self.grants = [own, by_groups].concat();
    }

    fn holder(&self) -> Holder {
        Holder::Member(self.member.id.clone())
    }
}

/// Adds to members what they hold, in one round trip.
async fn load<H: Host>(cx: &Context<'_, H>, inside: &Inside, members: Vec<Member>) -> Result<Vec<Loaded>, Problem> {
    let answers = cx.db().batch(&member::holdings(&inside.workspace.id, &members)).await?;
    let rows = |index: usize| -> &[Row] { answers.get(index).map_or(&[], Vec::as_slice) };
    let held = access::held_from_rows(rows(0))?;
    let mut groups = access::groups_from_rows(rows(1))?;
    let loaded = members.into_iter().map(|member| {
        let own = held.iter().filter(|held| held.holder == member.id.as_str());
        let grants = own.map(|held| (held.grant.clone(), held.via.clone())).collect();
        Loaded { grants, groups: groups.remove(member.id.as_str()).unwrap_or_default(), member }
    });
    Ok(loaded.collect())
}

/// The member that the path names, by account id, address or `me`.
async fn find<H: Host>(cx: &Context<'_, H>, inside: &Inside) -> Result<Loaded, Problem> {
    let key = match (cx.segment("acc"), inside.account()) {
        ("me", Some(own)) => own.to_string(),
        (key, _) => key.to_lowercase(),
    };
    let found = member::find(cx.db(), &inside.workspace.id, &key).await?.ok_or_else(Problem::not_found)?;
    load(cx, inside, vec![found]).await?.pop().ok_or_else(Problem::not_found)
}

/// The member that the path names, and a change of them that `If-Match` allows.
async fn find_to_change<H: Host>(cx: &Context<'_, H>, inside: &Inside) -> Result<(Loaded, Change), Problem> {
    let found = find(cx, inside).await?;
    let change = Change::by(inside).matching(cx, &found.view(inside))?;
    Ok((found, change))
}

/// A page of members.
pub(super) async fn list<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberView).await?;
    let (filter, sort) = (filter(cx)?, sort(cx)?);
    let (found, next) = member::list(cx.db(), &inside.workspace.id, &filter, sort, &page::read(cx)?).await?;
    let loaded = load(cx, &inside, found.rows).await?;
    let data = loaded.iter().map(|loaded| loaded.view(&inside)).collect();
    let page = Page { data, next_cursor: next.map(|key| page::cursor(cx, &key)) };
    Ok(Reply::ok(&page)?.version(inside.workspace.version))
}

fn filter<H: Host>(cx: &Context<'_, H>) -> Result<Filter, Problem> {
    fn read<H: Host, T>(
        cx: &Context<'_, H>,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        let refuse = |text: String| Problem::new(Code::InvalidParameter, format!("`{name}` can't be `{text}`"));
        cx.parameter(name).map(|text| parse(&text).ok_or_else(|| refuse(text))).transpose()
    }
    Ok(Filter {
        q: cx.parameter("q").filter(|q| !q.is_empty()),
        role: read(cx, "role", |text| text.parse::<Role>().ok())?,
        group: read(cx, "group", |text| text.parse::<GroupId>().ok())?.map(|id| id.to_string()),
        resource: read(cx, "resource", |text| text.parse::<ResourceRef>().ok())?,
        inactive_since: read(cx, "inactive_since", Timestamp::parse)?,
        provisioned_by: read(cx, "provisioned_by", |text| text.parse::<Provision>().ok())?,
    })
}

fn sort<H: Host>(cx: &Context<'_, H>) -> Result<Sort, Problem> {
    match cx.parameter("sort").as_deref() {
        None | Some("email") => Ok(Sort::Email),
        Some("-last_active_at") => Ok(Sort::LastActive),
        Some("joined_at") => Ok(Sort::Joined),
        Some(_) => Err(Problem::new(Code::InvalidParameter, "`sort` is email, -last_active_at or joined_at")),
    }
}

/// Shows a member; everyone may see themselves.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let mut inside = inside::enter_any(cx).await?;
    if !inside.is_self(cx.segment("acc")) {
        inside.require(Action::MemberView)?;
    }
    let found = find(cx, &inside).await?;
    Ok(Reply::ok(&found.view(&inside))?.tagged())
}

/// Renames a member within the workspace, or says whether they have to sign in by SSO. That an exemption is for administrators
/// of SSO alone keeps those who manage people from undoing it.
pub(super) async fn update<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let patch = body::json::<MemberPatch>(cx.request)?;
    let name = patch.parse()?;
    let mut inside = inside::enter(cx, Action::MemberEdit).await?;
    if patch.sso_exempt.is_some() {
        inside.require(Action::SsoManage)?;
    }
    let (mut found, mut change) = find_to_change(cx, &inside).await?;

    let before = found.view(&inside);
    if let Some(name) = name {
        found.member.name = name;
        change.write([member::rename(&inside.workspace.id, &found.member.id, found.member.name.as_str())]);
    }
    if let Some(is_exempt) = patch.sso_exempt {
        found.member.is_sso_exempt = is_exempt;
        change.write([member::exempt(&inside.workspace.id, &found.member.id, is_exempt)]);
    }
    let after = found.view(&inside);
    let subject = ("member", found.member.id.as_str());
    let told = [&before, &after].map(|view| (view.name.as_str(), view.sso_exempt));
    if patch.sso_exempt.is_some() {
        let told = told.map(|(name, sso_exempt)| UpdatedView { name, sso_exempt });
        let event_type = EventType::MemberUpdated;
        change.record(cx, Happened { event_type, subject, before: told.first(), after: told.last() });
    } else {
        let event_type = EventType::MemberUpdated;
        let [before, after] = told.map(|(name, _)| name);
        change.record(cx, Happened { event_type, subject, before: Some(&before), after: Some(&after) });
    }
    let version = change.commit(cx).await?;
    Ok(Reply::ok(&after)?.tagged().version(version))
}

/// Takes a member out of the workspace at once. What they created stays.
pub(super) async fn delete<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberRemove).await?;
    let (found, mut change) = find_to_change(cx, &inside).await?;
    if cx.is_dry_run {
        return Err(Problem::would(preview::removal(cx, &inside, &found.member).await?));
    }
    check_owner(cx, &inside, &found, false).await?;

    change.write([crate::store::guard::member(&inside.workspace.id, found.member.id.as_str())]);
    change.write(member::delete(&inside.workspace.id, &found.member.id, cx.now));
    let before = found.view(&inside);
    let subject = ("member", found.member.id.as_str());
    change.record(cx, Happened { event_type: EventType::MemberRemoved, subject, before: Some(&before), after: None });
    let version = change.commit(cx).await?;
    Ok(Reply::no_content().version(version))
}

/// Replaces a member's direct grants.
pub(super) async fn replace_grants<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let wanted = body::json::<GrantsBody>(cx.request)?.parse()?;
    if let Err(error) = check_workspace_role(&wanted) {
        let code = Code::WorkspaceRoleRequired;
        return Err(body::issue("/grants", code.as_str(), error.to_string()).with(code));
    }
    let inside = inside::enter(cx, Action::MemberEdit).await?;
    let found = find_to_change(cx, &inside).await?;
    set_grants(cx, &inside, found, &wanted, &wanted).await
}

/// Adds direct grants; one that is there already stays as it is.
pub(super) async fn add_grants<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberEdit).await?;
    let more = body::json::<GrantsBody>(cx.request)?.parse()?;
    let (found, change) = find_to_change(cx, &inside).await?;
    let mut wanted: Vec<GrantExpr> = found.direct().map(|grant| grant.expr.clone()).collect();
    wanted.extend(more.iter().filter(|expr| !found.direct().any(|grant| grant.expr == **expr)).cloned());
    set_grants(cx, &inside, (found, change), &wanted, &more).await
}

/// Takes one direct grant away.
pub(super) async fn delete_grant<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let id: GrantId = cx.parsed("gnt")?;
    let inside = inside::enter(cx, Action::MemberEdit).await?;
    let (found, change) = find_to_change(cx, &inside).await?;
    if !found.direct().any(|grant| grant.id == id) {
        return Err(Problem::not_found());
    }
    let wanted: Vec<GrantExpr> =
        found.direct().filter(|grant| grant.id != id).map(|grant| grant.expr.clone()).collect();
    Ok(set_grants(cx, &inside, (found, change), &wanted, &[]).await?.without_body())
}

/// Makes a member's direct grants be these, touching only what differs. `listed` are those that stand in the body.
async fn set_grants<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    (mut found, mut change): (Loaded, Change),
    wanted: &[GrantExpr],
    listed: &[GrantExpr],
) -> Result<Reply, Problem> {
    check_workspace_role(wanted)?;
    let wanted = &unique(wanted);
    let had: Vec<GrantExpr> = found.direct().map(|grant| grant.expr.clone()).collect();
    let added: Vec<GrantExpr> = wanted.iter().filter(|expr| !had.contains(expr)).cloned().collect();
    let removed: Vec<Grant> = found.direct().filter(|grant| !wanted.contains(&grant.expr)).cloned().collect();
    check_adding(cx, inside, listed, &had, "/grants").await?;
    check_owner(cx, inside, &found, is_owner(wanted) || found.owns_by_group()).await?;
    if added.is_empty() && removed.is_empty() {
        return idempotency::unchanged(cx, &inside.workspace, Reply::ok(&found.view(inside))?.tagged()).await;
    }

    let made = make(cx, &inside.actor().id, &added);
    change.means([policy::Change::SetGrants { grants: wanted.to_vec(), member: found.member.id.clone() }]);
    let (workspace, holder) = (&inside.workspace.id, found.holder());
    change.write([crate::store::guard::member(workspace, found.member.id.as_str())]);
    change.write(grants_store::insert(workspace, &holder, &made));
    change.write([grants_store::delete(workspace, &holder, removed.iter().map(|grant| &grant.id))]);
    let texts = |grants: &mut dyn Iterator<Item = &GrantExpr>| grants.map(ToString::to_string).collect::<Vec<_>>();
    let before = texts(&mut had.iter());
    let after = texts(&mut wanted.iter());
    let subject = ("member", found.member.id.as_str());
    change.record(
        cx,
        Happened { event_type: EventType::MemberGrantsChanged, subject, before: Some(&before), after: Some(&after) },
    );
    found.set_direct(wanted, made);
    change.answer(cx, Reply::ok(&found.view(inside))?.tagged()).await
}

/// Checks that the workspace keeps an owner when this member, who may be one, stays one or not.
async fn check_owner<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    found: &Loaded,
    stays: bool,
) -> Result<(), Problem> {
    if !found.owns() || stays {
        return Ok(());
    }
    let others = access::has_other_owner(cx.db(), &inside.workspace.id, found.member.id.as_str()).await?;
    Ok(check_owner_remains(true, stays, others)?)
}
