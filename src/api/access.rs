//! Access lists: who can do this, and what can they do it to. Each row is what a check says about the pair.

use crate::host::{Db as _, Host, Row};
use crate::model::{Action, Member, ResourceKind, ResourceRef, Target, TargetError};
use crate::policy::{Decision, Held, HeldGrant, Reach, Snapshot, evaluate, granting, reach};
use crate::store::page::Page;
use crate::store::{access, candidate, member};
use crate::wire::access::{AccessPage, MemberAccessView, ResourceAccessView};
use crate::wire::issue::{Coded, Issue};

use super::context::Context;
use super::grant::{add_resources, slice};
use super::inside::{self, Inside};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{check, page};

/// How often a page looks for more candidates when the policy drops some; a page that gives up early says where it was.
const ROUNDS: usize = 4;

/// A page of the members who may take an action on a target.
pub(super) async fn members<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberView).await?;
    let action = action(cx)?;
    let target =
        Target::parse(action, cx.parameter("resource").as_deref()).map_err(|error| refuse("resource", &error))?;
    let (rows, next) = find_members(cx, &inside, action, &target, page::read(cx)?).await?;
    let data = rows.iter().map(|(member, decision)| MemberAccessView::new(member, decision)).collect();
    reply(cx, &inside, data, next)
}

/// A page of the resources of a kind that a member may take an action on.
pub(super) async fn resources<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let mut inside = inside::enter_any(cx).await?;
    let (action, kind) = (action(cx)?, cx.parameter("type"));
    let kind = kind_of(action, kind.as_deref()).map_err(|error| error.unwrap_or_else(|| missing("type")))?;
    let asked = cx.parameter("member").ok_or_else(|| missing("member"))?;
    let page = page::read(cx)?;
    let (rows, next) = match subject(cx, &mut inside, &asked).await? {
        Some(held) => find_resources(cx, &inside, &held, (action, kind), page).await?,
        None => (Vec::new(), None),
    };
    let data = rows.iter().map(|(resource, decision)| ResourceAccessView::new(resource, decision)).collect();
    reply(cx, &inside, data, next)
}

fn reply<H: Host, T: serde::Serialize>(
    cx: &Context<'_, H>,
    inside: &Inside,
    data: Vec<T>,
    next: Option<String>,
) -> Result<Reply, Problem> {
    let version = inside.workspace.version;
    let page = AccessPage::new(data, next.map(|key| page::cursor(cx, &key)), version);
    Ok(Reply::ok(&page)?.version(version))
}

fn missing(name: &str) -> Problem {
    Problem::new(Code::InvalidParameter, format!("`{name}` is missing"))
}

fn action<H: Host>(cx: &Context<'_, H>) -> Result<Action, Problem> {
    let text = cx.parameter("action").ok_or_else(|| missing("action"))?;
    text.parse().map_err(|error| refuse("action", &error))
}

/// A pair that can't be asked is the 422 of a check; a parameter that names nothing is a 400.
fn refuse(name: &str, error: &TargetError) -> Problem {
    if !matches!(error, TargetError::Mismatch { .. }) {
        return Problem::new(Code::InvalidParameter, format!("`{name}`: {error}"));
    }
    let issue = Issue { path: format!("/{name}"), code: error.code(), detail: error.to_string() };
    Problem { issues: vec![issue], ..Problem::new(Code::ActionResourceMismatch, error.to_string()) }
}

/// The kind of resource to list: the one named, or the only one that the action is asked of.
///
/// # Errors
/// With `None` when the action doesn't tell and nothing is named.
fn kind_of(action: Action, named: Option<&str>) -> Result<ResourceKind, Option<Problem>> {
    let kinds: Vec<ResourceKind> = ResourceKind::ALL.into_iter().filter(|kind| action.is_asked_of(*kind)).collect();
    let mismatch = |text: &str| Some(refuse("type", &TargetError::mismatch(action, text)));
    match (named, kinds.as_slice()) {
        (Some(text), _) => {
            let kind =
                text.parse().map_err(|error| Some(Problem::new(Code::InvalidParameter, format!("`type`: {error}"))))?;
            if kinds.contains(&kind) { Ok(kind) } else { Err(mismatch(text)) }
        }
        (None, [kind]) => Ok(*kind),
        (None, []) => Err(mismatch("a resource")),
        (None, _) => Err(None),
    }
}

/// What the member who is asked about holds; `None` for somebody who isn't one. Asking about others takes a right.
pub(super) async fn subject<H: Host>(
    cx: &Context<'_, H>,
    inside: &mut Inside,
    asked: &str,
) -> Result<Option<Held>, Problem> {
    let Some(key) = check::key(inside, asked) else { return Ok(Some(inside.held.clone())) };
    inside.require(Action::MemberView)?;
    let (id, keys) = (&inside.workspace.id, [key.as_str()]);
    let answers = cx.db().batch(&[member::by_keys(id, &keys), access::held_by_keys(id, &keys)]).await?;
    let rows = |index: usize| -> &[Row] { answers.get(index).map_or(&[], Vec::as_slice) };
    let is_member = !rows(0).is_empty();
    let held = Held { grants: inside::held(rows(1))?, ..Held::default() };
    Ok(is_member.then_some(held))
}

/// The rows of a page and the key of the last one when more follow.
pub(super) type Found<T> = (Vec<(T, Decision)>, Option<String>);

/// A page of the members who may, in the order of their ids.
pub(super) async fn find_members<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    action: Action,
    target: &Target,
    page: Page,
) -> Result<Found<Member>, Problem> {
    let (snapshot, labels) = facts(cx, inside, target).await?;
    let grants = granting(&snapshot, action, target, &labels);
    let mut walk = Walk::new(page, grants.is_empty());
    while walk.goes_on() {
        let rows = cx.db().query(&candidate::members(&inside.workspace.id, &grants, &walk.page)).await?;
        let found = candidate::members_from_rows(&rows)?;
        let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        let rows = cx.db().query(&access::held_by(&inside.workspace.id, &ids)).await?;
        let mut held = by_holder(&rows)?;
        walk.add(found.into_iter().map(|(id, member)| {
            let held = held.remove(id.as_str()).unwrap_or_default();
            (id.to_string(), member.map(|member| (member, evaluate(&snapshot, &held, action, target))))
        }));
    }
    Ok(walk.finish())
}

/// The resource that is asked about, its parent, and the sets of labels that grants are scoped to.
async fn facts<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    target: &Target,
) -> Result<(Snapshot, Vec<crate::model::Labels>), Problem> {
    let mut snapshot = Snapshot::new(inside.workspace.clone());
    let Target::One(resource) = target else { return Ok((snapshot, Vec::new())) };
    let id = &inside.workspace.id;
    let statements = [access::resources(id, std::slice::from_ref(resource)), candidate::label_scopes(id)];
    let answers = cx.db().batch(&statements).await?;
    let rows = |index: usize| -> &[Row] { answers.get(index).map_or(&[], Vec::as_slice) };
    add_resources(&mut snapshot, access::resources_from_rows(rows(0))?);
    Ok((snapshot, candidate::label_scopes_from_rows(rows(1))?))
}

fn by_holder(rows: &[Row]) -> Result<std::collections::BTreeMap<String, Held>, Problem> {
    let mut by_holder = std::collections::BTreeMap::<String, Held>::new();
    for held in access::held_from_rows(rows)? {
        by_holder.entry(held.holder).or_default().grants.push(HeldGrant { grant: held.grant, via: held.via });
    }
    Ok(by_holder)
}

/// A page of the resources of a kind that a holder may take an action on, in the order of their ids.
pub(super) async fn find_resources<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    held: &Held,
    (action, kind): (Action, ResourceKind),
    page: Page,
) -> Result<Found<ResourceRef>, Problem> {
    let id = &inside.workspace.id;
    let reach = reach(&Snapshot::new(inside.workspace.clone()), held, action, kind);
    let mut walk = Walk::new(page, reach == Reach::Scopes(Vec::new()));
    while walk.goes_on() {
        let statement = match &reach {
            Reach::Every => candidate::every_resource(id, kind, &walk.page),
            Reach::Scopes(scopes) => candidate::resources(id, kind, scopes, &walk.page),
        };
        let ids = candidate::ids_from_rows(&cx.db().query(&statement).await?)?;
        let found: Vec<ResourceRef> = ids.iter().filter_map(|id| ResourceRef::new(kind, id).ok()).collect();
        let snapshot = slice(cx, &inside.workspace, &found).await?;
        walk.add(found.into_iter().map(|resource| {
            let decision = evaluate(&snapshot, held, action, &Target::One(resource.clone()));
            (resource.id().to_owned(), Some((resource, decision)))
        }));
    }
    Ok(walk.finish())
}

/// A walk over candidates that keeps those who are allowed, until a page is full or nothing is left.
struct Walk<T> {
    kept: Vec<(String, (T, Decision))>,
    page: Page,
    is_over: bool,
    rounds: usize,
}

impl<T> Walk<T> {
    const fn new(page: Page, is_over: bool) -> Self {
        Self { kept: Vec::new(), page, is_over, rounds: 0 }
    }

    fn limit(&self) -> usize {
        usize::try_from(self.page.limit).unwrap_or(usize::MAX)
    }

    fn goes_on(&self) -> bool {
        !self.is_over && self.rounds < ROUNDS && self.kept.len() <= self.limit()
    }

    /// Adds the candidates of a round, each with its key; the next round starts after the last of them.
    fn add(&mut self, candidates: impl Iterator<Item = (String, Option<(T, Decision)>)>) {
        let mut seen = 0;
        for (key, row) in candidates {
            seen += 1;
            self.page.after = Some(key.clone());
            self.kept.extend(row.filter(|(_, decision)| decision.allowed).map(|row| (key, row)));
        }
        self.rounds += 1;
        self.is_over = seen <= self.limit();
    }

    fn finish(mut self) -> Found<T> {
        let has_more = self.kept.len() > self.limit();
        self.kept.truncate(self.limit());
        let next = match (has_more, self.is_over) {
            (true, _) => self.kept.last().map(|(key, _)| key.clone()),
            (false, true) => None,
            (false, false) => self.page.after,
        };
        (self.kept.into_iter().map(|(_, row)| row).collect(), next)
    }
}
