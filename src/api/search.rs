//! AuthZEN's three searches, over the access lists: who may, on what, and what they may do.

use crate::host::Host;
use crate::model::{Action, ResourceKind, Target};
use crate::policy::{Held, Snapshot, evaluate};
use crate::store::page::Page;
use crate::wire::authzen::{EvaluationBody, WORKSPACE};
use crate::wire::issue::Issues;
use crate::wire::search::{PageView, ResultView, ResultsBody};

use super::access::{find_members, find_resources, subject};
use super::authzen::{finish, is_own, read};
use super::context::Context;
use super::inside::{self, Inside};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{grant, page};

const DEFAULT: u32 = 50;
const MOST: u32 = 200;

/// The users who may take an action on a resource.
pub(super) async fn subjects<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let body = read(cx)?;
    let mut inside = inside::enter_by_token(cx).await?;
    let mut issues = Issues::default();
    let (kind, meaning) = (body.subject_type(&mut issues), body.meaning(&mut issues, is_own(&inside.workspace)));
    let (kind, meaning) = finish(issues, kind.zip(meaning))?;
    let search = Search::new(cx, &body, &inside)?;
    inside.require(Action::MemberView)?;
    let Some((action, target)) = meaning.ok().filter(|_| kind == "user") else { return search.nothing() };
    let (rows, next) = find_members(cx, &inside, action, &target, search.page.clone()).await?;
    let user = |id: String| ResultView::Entity { kind: "user", id };
    search.reply(rows.iter().map(|(member, _)| user(member.id.to_string())).collect(), next)
}

/// The resources of a type that a user may take an action on.
pub(super) async fn resources<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let body = read(cx)?;
    let mut inside = inside::enter_by_token(cx).await?;
    let mut issues = Issues::default();
    let (who, action) = (body.subject(&mut issues), body.action(&mut issues));
    let kind = body.resource_type(&mut issues);
    let ((who, action), kind) = finish(issues, who.zip(action).zip(kind))?;
    let search = Search::new(cx, &body, &inside)?;
    let held = subject(cx, &mut inside, &who).await?;
    let (Some(held), Ok(action)) = (held, action) else { return search.nothing() };
    if kind == WORKSPACE {
        return search.workspace(&inside, &held, action);
    }
    let kind = kind.parse::<ResourceKind>().ok().filter(|kind| action.is_asked_of(*kind));
    let Some(kind) = kind else { return search.nothing() };
    let (rows, next) = find_resources(cx, &inside, &held, (action, kind), search.page.clone()).await?;
    search.reply(rows.iter().map(|(resource, _)| resource.into()).collect(), next)
}

/// The actions that a user may take on a resource.
pub(super) async fn actions<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let body = read(cx)?;
    let mut inside = inside::enter_by_token(cx).await?;
    let mut issues = Issues::default();
    let (who, target) = (body.subject(&mut issues), body.target(&mut issues, is_own(&inside.workspace)));
    let (who, target) = finish(issues, who.zip(target))?;
    let search = Search::new(cx, &body, &inside)?;
    let held = subject(cx, &mut inside, &who).await?;
    let (Some(held), Ok(target)) = (held, target) else { return search.nothing() };
    let named = match &target {
        Target::One(resource) => vec![resource.clone()],
        Target::Workspace | Target::Every(_) => Vec::new(),
    };
    let snapshot = grant::slice(cx, &inside.workspace, &named).await?;
    let may = |action: &&Action| target.fits(**action) && evaluate(&snapshot, &held, **action, &target).allowed;
    let place = |name: &String| Action::ALL.iter().position(|action| action.as_str() == name);
    let from = search.page.after.as_ref().and_then(place).map_or(0, |place| place + 1);
    let mut names = Action::ALL.iter().skip(from).filter(may).map(|action| action.as_str()).peekable();
    let found: Vec<&str> = names.by_ref().take(usize::try_from(search.page.limit).unwrap_or(usize::MAX)).collect();
    let next = found.last().filter(|_| names.peek().is_some()).map(|last| (*last).to_owned());
    search.reply(found.into_iter().map(|name| ResultView::Action { name }).collect(), next)
}

/// A search with its page. Its tokens belong to one question about one workspace.
struct Search<'a, 'b, H> {
    cx: &'a Context<'b, H>,
    identity: String,
    page: Page,
}

impl<'a, 'b, H: Host> Search<'a, 'b, H> {
    fn new(cx: &'a Context<'b, H>, body: &EvaluationBody, inside: &Inside) -> Result<Self, Problem> {
        let asked = body.page.as_ref().map(|page| page.0.clone()).unwrap_or_default();
        let limit = asked.limit.unwrap_or(DEFAULT).min(MOST);
        if limit == 0 {
            return Err(Problem::new(Code::InvalidParameter, format!("`page.limit` is 1 to {MOST}")));
        }
        let identity = format!("{} {} {}", cx.request.uri().path(), inside.workspace.id, body.identity());
        let token = asked.token.filter(|token| !token.is_empty());
        let after = token.map(|token| page::open(cx, &identity, &token)).transpose()?;
        Ok(Self { cx, identity, page: Page { after, limit: limit.into() } })
    }

    fn reply(&self, results: Vec<ResultView>, next: Option<String>) -> Result<Reply, Problem> {
        let next_token = next.map(|key| page::seal(self.cx, &self.identity, &key)).unwrap_or_default();
        let page = PageView { next_token, count: results.len() };
        Reply::ok(&ResultsBody { results, page })
    }

    fn nothing(&self) -> Result<Reply, Problem> {
        self.reply(Vec::new(), None)
    }

    /// The caller's workspace itself, if the action may be taken on the whole of it.
    fn workspace(&self, inside: &Inside, held: &Held, action: Action) -> Result<Reply, Problem> {
        let snapshot = Snapshot::new(inside.workspace.clone());
        let may = evaluate(&snapshot, held, action, &Target::Workspace).allowed;
        let it = || ResultView::Entity { kind: WORKSPACE, id: inside.workspace.id.to_string() };
        self.reply(may.then(it).into_iter().collect(), None)
    }
}
