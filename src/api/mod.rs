//! HTTP: a request in, a response out, whatever happens.
//!
//! A handler is five short paragraphs: read the body, load what it concerns (already authorised; that comes first where
//! the request may have been answered before), decide by a pure call, write one batch, reply. `route.rs` is the URL space,
//! `problem.rs` the one place that chooses a status.

mod access;
mod activity;
mod arrival;
mod audit;
mod authzen;
mod body;
mod bulk;
mod caller;
mod check;
mod code;
mod commit;
mod connection;
mod context;
mod deliver;
mod discover;
mod dns;
mod domain;
mod enforcement;
mod expiry;
mod file;
mod form;
mod grant;
mod group;
mod health;
mod idempotency;
mod inside;
mod invite;
mod join;
mod label;
mod limit;
mod login;
mod mail;
mod mapping;
mod matching;
mod me;
mod member;
mod offer;
mod openapi;
mod page;
mod preview;
pub mod problem;
mod provider;
mod provisioning;
mod reminder;
mod reply;
mod resource;
mod retention;
mod role;
pub mod route;
mod saml;
mod scim;
mod seal;
mod search;
mod seat;
mod session;
mod slice;
mod snapshot;
mod stale;
mod supersede;
mod sweep;
mod token;
mod trial;
mod workspace;

use std::cell::OnceCell;

use http::{Request, Response};

use crate::host::{Config, Entropy as _, Host};
use crate::model::Timestamp;

use context::Context;
use problem::{Code, Problem};
use reply::Reply;
use route::{Endpoint, Found};

pub use deliver::{deliver, deliver_for_a_minute};
pub use file::Body;
pub use sweep::sweep;

/// How often a request is decided anew when what it rested on changed before its commit.
const ATTEMPTS: usize = 6;

/// Answers a request. Never fails: each fault becomes a problem document.
pub async fn handle<H: Host>(host: &H, config: &Config, now: Timestamp, request: Request<Vec<u8>>) -> Response<Body> {
    let request_id = authzen::request_id(&request).unwrap_or_else(|| request_id(host));
    let scim = scim::path(request.uri().path());
    let reply = match answer(host, config, now, &request, &request_id, scim).await {
        Ok(reply) => reply,
        Err(problem) => {
            if let Some(cause) = problem.cause.as_ref().filter(|_| problem.code.status().is_server_error()) {
                host.log(&format!("{request_id} {} {}: {cause}", request.method(), problem.code.as_str()));
            }
            Reply::problem(&problem, &request_id)
        }
    };
    let is_read = matches!(request.method().as_str(), "GET" | "HEAD");
    let if_none_match =
        request.headers().get("if-none-match").filter(|_| is_read).and_then(|value| value.to_str().ok());
    let mut response = reply.into_response(&request_id, if_none_match);
    if request.method().as_str() == "HEAD" {
        *response.body_mut() = Body::default();
    }
    response
}

fn request_id<H: Host>(host: &H) -> String {
    let mut random = [0; 12];
    host.entropy().fill(&mut random);
    format!("req_{}", base16ct::lower::encode_string(&random))
}

async fn answer<H: Host>(
    host: &H,
    config: &Config,
    now: Timestamp,
    request: &Request<Vec<u8>>,
    request_id: &str,
    scim: Option<&str>,
) -> Result<Reply, Problem> {
    if let Some(path) = scim {
        let (key, claim) = (None, OnceCell::new());
        let cx = Context { host, config, now, request, request_id, path: Vec::new(), is_dry_run: false, key, claim };
        return Ok(scim::answer(&cx, path).await);
    }
    let (endpoint, path) = match route::find(request.method(), request.uri().path()) {
        Found::Endpoint(endpoint, path) => (endpoint, path),
        Found::OtherMethods(allow) => {
            let problem = Problem::new(Code::MethodNotAllowed, format!("this path takes {allow}"));
            return Err(Problem { allow: Some(allow), ..problem });
        }
        Found::Nothing => return Err(Problem::not_found()),
    };
    let decoded = path.into_iter().map(|(key, value)| context::decode(&value).map(|value| (key, value)));
    let path = decoded.collect::<Option<Vec<_>>>().ok_or_else(Problem::not_found)?;
    let (key, claim) = (None, OnceCell::new());
    let mut cx = Context { host, config, now, request, request_id, path, is_dry_run: false, key, claim };
    cx.is_dry_run = is_dry_run(&cx, endpoint)?;
    if !endpoint.is_public() {
        // Before the body: who presents nothing hears of that alone.
        caller::credential(&cx)?;
    }
    if endpoint.takes_key() && !cx.is_dry_run {
        cx.key = idempotency::key(request)?;
    }
    let mut attempt = 1;
    loop {
        match dispatch(endpoint, &cx).await {
            Err(problem) if problem.is_stale && attempt < ATTEMPTS => attempt += 1,
            answer if cx.is_dry_run && !endpoint.reports_dry_run() => return dry(&cx, answer).await,
            answer => return idempotency::settle(&cx, answer).await,
        }
    }
}

/// Whether the request wants to know what it would do. A write that can't tell refuses to be asked, rather than do it.
fn is_dry_run<H: Host>(cx: &Context<'_, H>, endpoint: Endpoint) -> Result<bool, Problem> {
    let is_read = matches!(cx.request.method().as_str(), "GET" | "HEAD");
    match cx.parameter("dry_run").as_deref() {
        Some(_) if is_read => Ok(false),
        None | Some("false") => Ok(false),
        Some("true") if endpoint.takes_dry_run() => Ok(true),
        Some("true") => Err(Problem::new(Code::InvalidParameter, "this route takes no `dry_run`")),
        Some(_) => Err(Problem::new(Code::InvalidParameter, "`dry_run` is true or false")),
    }
}

/// The answer of a dry run: what the commit that it stopped at would have done, the rule that refused it, or nothing.
async fn dry<H: Host>(cx: &Context<'_, H>, answer: Result<Reply, Problem>) -> Result<Reply, Problem> {
    match answer {
        Err(Problem { would: Some(would), .. }) => Reply::ok(&*would),
        Err(problem) => preview::refused(cx, problem).await,
        Ok(_) => Reply::ok(&preview::nothing(cx).await?),
    }
}

async fn dispatch<H: Host>(endpoint: Endpoint, cx: &Context<'_, H>) -> Result<Reply, Problem> {
    match endpoint {
        Endpoint::Health => health::show(),
        Endpoint::ShowOpenapi => openapi::show(),
        Endpoint::ListRoles => role::list(),
        Endpoint::ShowMe => me::show(cx).await,
        Endpoint::MailLink => session::mail_link(cx).await,
        Endpoint::OpenLink => session::open_link(cx).await,
        Endpoint::CloseSession => session::close(cx).await,
        Endpoint::CloseSessions => session::close_all(cx).await,
        Endpoint::CreateWorkspace => workspace::create(cx).await,
        Endpoint::ShowWorkspace => workspace::show(cx).await,
        Endpoint::UpdateWorkspace => workspace::update(cx).await,
        Endpoint::DeleteWorkspace => workspace::delete(cx).await,
        Endpoint::ListMembers => member::list(cx).await,
        Endpoint::ShowMember => member::show(cx).await,
        Endpoint::UpdateMember => member::update(cx).await,
        Endpoint::DeleteMember => member::delete(cx).await,
        Endpoint::ReplaceMemberGrants => member::replace_grants(cx).await,
        Endpoint::AddMemberGrants => member::add_grants(cx).await,
        Endpoint::DeleteMemberGrant => member::delete_grant(cx).await,
        Endpoint::ListGroups => group::list(cx).await,
        Endpoint::CreateGroup => group::create(cx).await,
        Endpoint::ShowGroup => group::show(cx).await,
        Endpoint::UpdateGroup => group::update(cx).await,
        Endpoint::DeleteGroup => group::delete(cx).await,
        Endpoint::ReplaceGroupGrants => group::replace_grants(cx).await,
        Endpoint::AddGroupGrants => group::add_grants(cx).await,
        Endpoint::DeleteGroupGrant => group::delete_grant(cx).await,
        Endpoint::ListGroupMembers => group::list_members(cx).await,
        Endpoint::JoinGroup => group::join(cx).await,
        Endpoint::LeaveGroup => group::leave(cx).await,
        Endpoint::ListLabels => label::list(cx).await,
        Endpoint::CreateLabel => label::create(cx).await,
        Endpoint::DeleteLabel => label::delete(cx).await,
        Endpoint::ListResources => resource::list(cx).await,
        Endpoint::ShowResource => resource::show(cx).await,
        Endpoint::PutResource => resource::put(cx).await,
        Endpoint::DeleteResource => resource::delete(cx).await,
        Endpoint::Check => check::one(cx).await,
        Endpoint::CheckBatch => check::batch(cx).await,
        Endpoint::Preview => preview::show(cx).await,
        Endpoint::ListAccessMembers => access::members(cx).await,
        Endpoint::ListAccessResources => access::resources(cx).await,
        Endpoint::ListStale => stale::list(cx).await,
        Endpoint::ShowAuthzen => authzen::configuration(cx),
        Endpoint::Evaluate => authzen::evaluate(cx).await,
        Endpoint::EvaluateAll => authzen::evaluate_all(cx).await,
        Endpoint::SearchSubjects => search::subjects(cx).await,
        Endpoint::SearchResources => search::resources(cx).await,
        Endpoint::SearchActions => search::actions(cx).await,
        Endpoint::ListInvites => invite::list(cx).await,
        Endpoint::CreateInvites => invite::create(cx).await,
        Endpoint::InviteBulk => bulk::invite(cx).await,
        Endpoint::ShowInvite => invite::show(cx).await,
        Endpoint::UpdateInvite => invite::update(cx).await,
        Endpoint::CancelInvite => invite::cancel(cx).await,
        Endpoint::ResendInvite => invite::resend(cx).await,
        Endpoint::ShowOffer => offer::show(cx).await,
        Endpoint::AcceptOffer => offer::accept(cx).await,
        Endpoint::ShowSeats => seat::show(cx).await,
        Endpoint::ShowSnapshot => snapshot::show(cx).await,
        Endpoint::ListAuditEvents => audit::list(cx).await,
        Endpoint::ListTokens => token::list(cx).await,
        Endpoint::CreateToken => token::create(cx).await,
        Endpoint::ShowToken => token::show(cx).await,
        Endpoint::DeleteToken => token::delete(cx).await,
        other => dispatch_sso(other, cx).await,
    }
}

/// The endpoints of single sign-on, of domains, and of the members that come by them.
async fn dispatch_sso<H: Host>(endpoint: Endpoint, cx: &Context<'_, H>) -> Result<Reply, Problem> {
    match endpoint {
        Endpoint::ListConnections => connection::list(cx).await,
        Endpoint::CreateConnection => connection::create(cx).await,
        Endpoint::ShowConnection => connection::show(cx).await,
        Endpoint::UpdateConnection => connection::update(cx).await,
        Endpoint::DeleteConnection => connection::delete(cx).await,
        Endpoint::ListDomains => domain::list(cx).await,
        Endpoint::AddDomain => domain::create(cx).await,
        Endpoint::ShowDomain => domain::show(cx).await,
        Endpoint::UpdateDomain => domain::update(cx).await,
        Endpoint::DeleteDomain => domain::delete(cx).await,
        Endpoint::VerifyDomain => domain::verify(cx).await,
        Endpoint::Join => join::join(cx).await,
        Endpoint::ListJoinRequests => join::list(cx).await,
        Endpoint::ApproveJoin => join::approve(cx).await,
        Endpoint::DenyJoin => join::deny(cx).await,
        Endpoint::DiscoverSso => discover::show(cx).await,
        Endpoint::CreateTrial => trial::create(cx).await,
        Endpoint::ShowTrial => trial::show(cx).await,
        Endpoint::BeginLogin => login::begin(cx).await,
        Endpoint::OidcCallback => login::callback(cx).await,
        Endpoint::SamlMetadata => saml::metadata(cx).await,
        Endpoint::SamlConsume => saml::consume(cx).await,
        Endpoint::ListScimTokens => provisioning::list_tokens(cx).await,
        Endpoint::CreateScimToken => provisioning::create_token(cx).await,
        Endpoint::ShowScimToken => provisioning::show_token(cx).await,
        Endpoint::RotateScimToken => provisioning::rotate_token(cx).await,
        Endpoint::DeleteScimToken => provisioning::delete_token(cx).await,
        Endpoint::ListProvisioning => provisioning::list_journal(cx).await,
        Endpoint::ListInactive => provisioning::list_inactive(cx).await,
        _ => Err(Problem::internal("an endpoint without a handler")),
    }
}
