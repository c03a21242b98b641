//! OpenID AuthZEN's Authorization API 1.0, over the decisions of a check: the token names the workspace.

use crate::host::Host;
use crate::model::Workspace;
use crate::wire::authzen::{ConfigurationView, DecisionBody, DecisionsBody, EvaluationBody, Question};
use crate::wire::issue::Issues;

use http::{Request, StatusCode};

use super::body;
use super::check::{self, Asked};
use super::context::Context;
use super::inside::{self, Inside};
use super::problem::{Code, Problem};
use super::reply::Reply;

const MOST: usize = 1_000;

/// Where the endpoints are. It changes with a deployment alone, so anyone may keep it for an hour.
pub(super) fn configuration<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    Ok(Reply::ok(&ConfigurationView::new(&cx.config.origin))?.tagged().header("cache-control", "public, max-age=3600"))
}

/// The id that a client of this API gave its request: the standard wants it back.
pub(super) fn request_id(request: &Request<Vec<u8>>) -> Option<String> {
    let is_ours = request.uri().path().starts_with("/access/v1/");
    let given = request.headers().get("x-request-id").filter(|_| is_ours)?.to_str().ok()?;
    (!given.is_empty()).then(|| given.to_owned())
}

/// Reads a body. What is wrong with one is a 400 in the standard.
pub(super) fn read<H: Host>(cx: &Context<'_, H>) -> Result<EvaluationBody, Problem> {
    body::json(cx.request).map_err(bad_request)
}

/// A value, or a 400 with what it lacks.
pub(super) fn finish<T>(issues: Issues, value: Option<T>) -> Result<T, Problem> {
    issues.finish(value).map_err(|issues| bad_request(issues.into()))
}

fn bad_request(problem: Problem) -> Problem {
    if problem.code == Code::PayloadTooLarge { problem } else { problem.with_status(StatusCode::BAD_REQUEST) }
}

/// Tells the names of a workspace: its id and its slug.
pub(super) fn is_own(workspace: &Workspace) -> impl Fn(&str) -> bool {
    move |name| name == workspace.id.as_str() || name == workspace.slug.as_str()
}

/// One decision.
pub(super) async fn evaluate<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let body = read(cx)?;
    let mut inside = inside::enter_by_token(cx).await?;
    one(cx, &mut inside, &body).await
}

async fn one<H: Host>(cx: &Context<'_, H>, inside: &mut Inside, body: &EvaluationBody) -> Result<Reply, Problem> {
    let mut issues = Issues::default();
    let question = body.question(&mut issues, is_own(&inside.workspace));
    let question = finish(issues, question)?;
    let decisions = decide(cx, inside, vec![Ok(question)]).await?;
    Reply::ok(&decisions.into_iter().next().ok_or_else(Problem::not_found)?)
}

/// Several decisions at one version of the workspace; without any question in the list, the one of the body itself.
pub(super) async fn evaluate_all<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let body = read(cx)?;
    let items = body.evaluations.as_deref().unwrap_or_default();
    if items.len() > MOST {
        let detail = format!("one request holds at most {MOST} evaluations");
        return Err(bad_request(body::issue("/evaluations", "out_of_range", detail)));
    }
    let mut inside = inside::enter_by_token(cx).await?;
    if items.is_empty() {
        return one(cx, &mut inside, &body).await;
    }
    let question = |item: &EvaluationBody| {
        let mut issues = Issues::default();
        let question = item.or(&body).question(&mut issues, is_own(&inside.workspace));
        issues.finish(question)
    };
    let questions = items.iter().map(|item| question(item)).collect();
    let decisions = decide(cx, &mut inside, questions).await?;
    let semantic = body.options.as_ref().map(|options| options.evaluations_semantic).unwrap_or_default();
    let end = decisions.iter().position(|answer| semantic.ends_with(answer.decision));
    let evaluations = decisions.into_iter().take(end.map_or(usize::MAX, |index| index + 1)).collect();
    Reply::ok(&DecisionsBody { evaluations })
}

/// Decides questions, in their order. One that is incomplete or means nothing here is denied.
async fn decide<H: Host>(
    cx: &Context<'_, H>,
    inside: &mut Inside,
    questions: Vec<Result<Question, Issues>>,
) -> Result<Vec<DecisionBody>, Problem> {
    let ask = |question: Question| {
        let key = check::key(inside, &question.subject);
        question.meaning.map(|(action, target)| Asked { key, action, target }).map_err(DecisionBody::meaningless)
    };
    let asked: Vec<Result<Asked, DecisionBody>> =
        questions.into_iter().map(|question| question.map_err(DecisionBody::incomplete).and_then(ask)).collect();
    let known = check::load(cx, inside, asked.iter().flatten()).await?;
    let decide = |asked: Result<Asked, DecisionBody>| match asked {
        Ok(asked) => (&known.decide(inside, &asked)).into(),
        Err(denied) => denied,
    };
    Ok(asked.into_iter().map(decide).collect())
}
