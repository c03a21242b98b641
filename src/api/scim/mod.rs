//! SCIM 2.0 at `/scim/v2`: what an identity provider asks about people and groups, and what comes of it.
//!
//! A request goes from `provider` (who calls, and whether the workspace takes SCIM) to `user`, `group`, `list` or `bulk`; `person` is
//! what somebody's description means for their membership, `journal` what is written down of it. How documents, filters and PATCH
//! work is no matter of this folder but of `crate::scim`.

mod bulk;
mod call;
mod discovery;
mod group;
mod journal;
mod list;
mod narrow;
mod person;
mod provider;
mod refusal;
mod user;

use http::StatusCode;
use serde_json::{Value, json};

use crate::host::Host;
use crate::model::Timestamp;
use crate::scim::{Query, Resource, ScimError};

use super::context::Context;
use super::reply::Reply;
use call::{Answered, Call};
use provider::Provider;
use refusal::Refusal;

/// Where SCIM is.
const BASE: &str = "/scim/v2";

/// The path below the base, for a request that is one of SCIM.
pub(super) fn path(path: &str) -> Option<&str> {
    path.strip_prefix(BASE).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The address of the base.
fn base<H: Host>(cx: &Context<'_, H>) -> String {
    format!("{}{BASE}", cx.config.origin)
}

/// The address of a user or a group.
fn location<H: Host>(cx: &Context<'_, H>, resource: Resource, id: &str) -> String {
    format!("{}{}/{id}", base(cx), resource.endpoint())
}

/// What the service says of a resource: since when it is, when it changed last, and where it is.
fn meta<H: Host>(
    cx: &Context<'_, H>,
    (resource, id): (Resource, &str),
    (created, changed): (Timestamp, Timestamp),
    version: &str,
) -> Value {
    json!({
        "resourceType": resource.name(),
        "created": created.to_string(),
        "lastModified": changed.to_string(),
        "location": location(cx, resource, id),
        "version": version,
    })
}

/// Answers a request. Never fails: each refusal becomes an error of SCIM's.
pub(super) async fn answer<H: Host>(cx: &Context<'_, H>, path: &str) -> Reply {
    match perform(cx, path).await {
        Ok(answered) => reply(answered).unwrap_or_else(|problem| refuse(cx, &problem.into())),
        Err(refusal) => refuse(cx, &refusal),
    }
}

async fn perform<H: Host>(cx: &Context<'_, H>, path: &str) -> Result<Answered, Refusal> {
    let provider = provider::enter(cx).await?;
    let answered = match provider.check_gates().and_then(|()| Call::read(cx.request, path)) {
        Ok(call) if call.is_bulk() => bulk::run(cx, &provider, &call).await,
        Ok(call) => return decide(cx, &provider, &call).await,
        Err(refusal) => Err(refusal),
    };
    if let Err(refusal) = &answered {
        let unread = Call::new(cx.request.method().clone(), path, Value::Null)?;
        journal::refused(cx, &provider, &unread, refusal).await;
    }
    answered
}

/// Does one thing, anew where what it rested on changed meanwhile; a refusal of a change is written down.
async fn decide<H: Host>(cx: &Context<'_, H>, provider: &Provider, call: &Call) -> Result<Answered, Refusal> {
    let mut attempt = 1;
    loop {
        match dispatch(cx, provider, call).await {
            Err(refusal) if refusal.is_stale && attempt < super::ATTEMPTS => attempt += 1,
            Err(refusal) => {
                journal::refused(cx, provider, call, &refusal).await;
                return Err(refusal);
            }
            answered => return answered,
        }
    }
}

async fn dispatch<H: Host>(cx: &Context<'_, H>, provider: &Provider, call: &Call) -> Result<Answered, Refusal> {
    let parts: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    match (call.method.as_str(), parts.as_slice()) {
        (_, ["ServiceProviderConfig" | "ResourceTypes" | "Schemas", ..]) => discovery::show(cx, call),
        ("GET", ["Me"]) => me(cx, provider, call).await,
        ("GET", []) => list::all(cx, provider, &call.query()?).await,
        ("POST", [".search"]) => list::all(cx, provider, &Query::from_body(&call.body)?).await,
        ("GET", ["Users"]) => list::one(cx, provider, Resource::User, &call.query()?).await,
        ("POST", ["Users", ".search"]) => list::one(cx, provider, Resource::User, &Query::from_body(&call.body)?).await,
        ("POST", ["Users"]) => user::create(cx, provider, call).await,
        ("GET", ["Users", id]) => user::show(cx, provider, call, id).await,
        ("PUT", ["Users", id]) => user::replace(cx, provider, call, id).await,
        ("PATCH", ["Users", id]) => user::patch(cx, provider, call, id).await,
        ("DELETE", ["Users", id]) => user::delete(cx, provider, call, id).await,
        ("GET", ["Groups"]) => list::one(cx, provider, Resource::Group, &call.query()?).await,
        ("POST", ["Groups", ".search"]) => {
            list::one(cx, provider, Resource::Group, &Query::from_body(&call.body)?).await
        }
        ("POST", ["Groups"]) => group::create(cx, provider, call).await,
        ("GET", ["Groups", id]) => group::show(cx, provider, call, id).await,
        ("PUT", ["Groups", id]) => group::replace(cx, provider, call, id).await,
        ("PATCH", ["Groups", id]) => group::patch(cx, provider, call, id).await,
        ("DELETE", ["Groups", id]) => group::delete(cx, provider, call, id).await,
        (_, ["Me"] | []) => Err(not_allowed("GET")),
        (_, [".search"] | ["Users" | "Groups", ".search"]) => Err(not_allowed("POST")),
        (_, ["Users" | "Groups"]) => Err(not_allowed("GET, POST")),
        (_, ["Users" | "Groups", _]) => Err(not_allowed("GET, PUT, PATCH, DELETE")),
        _ => Err(Refusal::not_found("path", &call.path)),
    }
}

fn not_allowed(allow: &str) -> Refusal {
    ScimError::new(405, format!("this path takes {allow}")).into()
}

/// The user who made the token, as long as they are one: a token is nobody itself.
async fn me<H: Host>(cx: &Context<'_, H>, provider: &Provider, call: &Call) -> Result<Answered, Refusal> {
    let id = &provider.token.created_by;
    if id.starts_with("acc_") {
        return user::show(cx, provider, call, id).await;
    }
    Err(ScimError::new(404, "the token was made by no member, so that nobody stands behind it").into())
}

fn reply(answered: Answered) -> Result<Reply, super::problem::Problem> {
    let status = StatusCode::from_u16(answered.status).unwrap_or_default();
    let reply = match &answered.body {
        Value::Null => Reply::no_content(),
        body => Reply::json(status, body)?.typed("application/scim+json"),
    };
    let headers = [("location", answered.location), ("etag", answered.version)];
    let headers = headers.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    Ok(headers.fold(reply, |reply, (name, value)| reply.header(name, value)))
}

fn refuse<H: Host>(cx: &Context<'_, H>, refusal: &Refusal) -> Reply {
    let status = StatusCode::from_u16(refusal.error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(cause) = refusal.cause.as_ref().filter(|_| status.is_server_error()) {
        cx.host.log(&format!("{} {} {cause}", cx.request_id, cx.request.method()));
    }
    let reply = Reply::bytes("application/scim+json", refusal.error.json().to_string().into_bytes()).status(status);
    match status {
        StatusCode::UNAUTHORIZED => reply.header("www-authenticate", "Bearer"),
        StatusCode::SERVICE_UNAVAILABLE => reply.header("retry-after", "1"),
        StatusCode::METHOD_NOT_ALLOWED => {
            let allow = refusal.error.detail.rsplit_once("takes ").map_or("GET", |(_, allow)| allow).to_owned();
            reply.header("allow", allow)
        }
        _ => reply,
    }
}
