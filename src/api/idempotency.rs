//! `Idempotency-Key`: a POST that is sent again within a day gets the answer that it got, and is done once.
//!
//! The answer is kept in the batch of the change itself, so that there is never one without the other. A refusal wrote
//! nothing and is not kept: the request is tried anew.

use http::Request;
use sha2::{Digest, Sha256};

use crate::host::{Db as _, Host, Statement};
use crate::model::{Workspace, WorkspaceId};
use crate::store::idempotency::{self, Claim, Kept};

use super::context::Context;
use super::problem::{Code, Problem};
use super::reply::Reply;

const LONGEST: usize = 255;

/// The key that a request carries.
///
/// # Errors
/// 400 for what is none, and for two.
pub(super) fn key(request: &Request<Vec<u8>>) -> Result<Option<&str>, Problem> {
    let mut sent = request.headers().get_all("idempotency-key").iter();
    let (Some(first), second) = (sent.next(), sent.next()) else { return Ok(None) };
    let is_key = |text: &&str| (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    let key = first.to_str().ok().filter(is_key).filter(|_| second.is_none());
    let detail = "`Idempotency-Key` is one text of 1 to 255 visible ASCII characters";
    key.map(Some).ok_or_else(|| Problem::new(Code::InvalidIdempotencyKey, detail))
}

/// Takes the key of a request for the caller, who has been let in; from here on the answer belongs to both.
///
/// # Errors
/// With the answer that was given before, or 422 when the key stands for another request.
pub(super) async fn claim<H: Host>(cx: &Context<'_, H>, caller: &str) -> Result<(), Problem> {
    if let Some(key) = cx.key {
        let claim = || Claim { caller: caller.to_owned(), key: key.to_owned(), request: fingerprint(cx.request) };
        cx.claim.get_or_init(claim);
    }
    recall(cx).await
}

fn fingerprint(request: &Request<Vec<u8>>) -> String {
    let uri = request.uri();
    let line = format!("{} {}?{}\n", request.method(), uri.path(), uri.query().unwrap_or_default());
    base16ct::lower::encode_string(&Sha256::new().chain_update(line).chain_update(request.body()).finalize())
}

/// Stops a request that was answered before.
async fn recall<H: Host>(cx: &Context<'_, H>) -> Result<(), Problem> {
    let Some(claim) = cx.claim.get() else { return Ok(()) };
    match idempotency::find(cx.db(), claim, cx.now).await? {
        None => Ok(()),
        Some(kept) if kept.request == claim.request => Err(Problem::replay(Reply::replay(kept))),
        Some(_) => {
            let detail = "you used this `Idempotency-Key` for another request within the last 24 hours; take a new one";
            Err(Problem::new(Code::IdempotencyKeyReused, detail))
        }
    }
}

/// The statements that keep an answer; none without a key. Without a version it tells the one that the batch has made.
pub(super) fn keep<H: Host>(
    cx: &Context<'_, H>,
    workspace: &WorkspaceId,
    reply: &Reply,
    version: Option<i64>,
) -> Result<Vec<Statement>, Problem> {
    let Some(claim) = cx.claim.get() else { return Ok(Vec::new()) };
    let kept: Kept = reply.kept(claim.request.clone(), version)?;
    Ok(idempotency::insert(claim, &kept, workspace, cx.now))
}

/// Gives an answer that changes nothing, which stands under its key like any other.
///
/// # Errors
/// When it can't be kept.
pub(super) async fn unchanged<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    reply: Reply,
) -> Result<Reply, Problem> {
    let statements = keep(cx, &workspace.id, &reply, Some(workspace.version))?;
    if !statements.is_empty() {
        cx.db().batch(&statements).await?;
    }
    Ok(reply.version(workspace.version))
}

/// What a request is answered in the end. One that is refused may have met what the same request, sent twice at once, did
/// a moment before: then it gets that one's answer.
pub(super) async fn settle<H: Host>(cx: &Context<'_, H>, answer: Result<Reply, Problem>) -> Result<Reply, Problem> {
    let problem = match answer {
        Err(problem) if problem.replay.is_none() => match recall(cx).await {
            Err(found) if found.replay.is_some() || found.code == Code::IdempotencyKeyReused => found,
            Ok(()) | Err(_) => problem,
        },
        Err(problem) => problem,
        Ok(reply) => return Ok(reply),
    };
    match problem.replay {
        Some(reply) => Ok(*reply),
        None => Err(problem),
    }
}
