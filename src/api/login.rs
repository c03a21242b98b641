//! Logins by OIDC: begun here, answered at the callback. Each is answered once, in the browser that began it.

use form_urlencoded::Serializer;
use sha2::{Digest, Sha256};

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::host::{Db as _, Host};
use crate::model::audit::{Actor, Channel, EventType};
use crate::model::{Connection, ConnectionId, Protocol, Secret, SecretKind, TestId, Workspace, WorkspaceId};
use crate::oidc::Claims;
use crate::store::login::{self, Login, Taken};
use crate::store::{connection, trial, workspace};
use crate::wire::connection::RefusalView;

use super::arrival::{self, Person};
use super::commit::{Change, Happened};
use super::connection::check_plan;
use super::context::Context;
use super::problem::{Code, Problem};
use super::provider::{self, Provider};
use super::reply::Reply;
use super::{caller, limit, saml, trial as trials};

/// How long a login may take, in minutes.
const MINUTES: i64 = 10;
/// The cookie of the browser that logins begin in.
const COOKIE: &str = "__Host-rolecall-login";
/// How long a path may be.
const MOST_PATH: usize = 2_000;

/// Sends a browser to the provider of a connection.
pub(super) async fn begin<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    match begun(cx).await {
        Err(problem) if !problem.is_stale => Ok(refuse(cx, &problem, None)),
        other => other,
    }
}

async fn begun<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    limit::check(cx).await?;
    let id: ConnectionId = cx.parsed("connection")?;
    let test: Option<TestId> =
        cx.parameter("test").map(|test| test.parse().map_err(|_| Problem::not_found())).transpose()?;
    let trial = trial::by_id(test.as_ref().map_or("", TestId::as_str), cx.now);
    let answers = cx.db().batch(&[connection::by_id(&id), workspace::of_connection(&id), trial]).await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let connection = connection::from_rows(rows(0))?.pop().ok_or_else(Problem::not_found)?;
    let workspace = workspace::from_rows(rows(1))?.ok_or_else(Problem::not_found)?;
    let trial = trial::from_rows(rows(2))?.filter(|trial| trial.connection == connection.id && trial.result.is_none());
    if test.is_some() != trial.is_some() {
        return Err(Problem::not_found());
    }
    match sent(cx, &workspace, &connection, trial.map(|trial| (trial.id, trial.return_to))).await {
        Err(problem) if !is_ours(&problem) => {
            told(cx, &workspace.id, &connection.id, &problem).note_rarely(cx).await?;
            Err(problem)
        }
        other => other,
    }
}

/// Notes a login, or a trial with the path that it returns to, and sends the browser on.
async fn sent<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    connection: &Connection,
    trial: Option<(TestId, String)>,
) -> Result<Reply, Problem> {
    check_open(workspace, connection, trial.is_some())?;
    let asked = cx.parameter("return_to").unwrap_or_else(|| "/".to_owned());
    let (test, return_to) = trial.map_or((None, asked), |(test, path)| (Some(test), path));
    check_path(&return_to)?;
    let state = cx.secret(SecretKind::State);
    let (browser, cookie) = browser(cx, connection.protocol);
    let place = match connection.protocol {
        Protocol::Oidc => authorization(cx, connection, &provider::find(cx, connection).await?, &state, &browser)?,
        Protocol::Saml => saml::request(cx, connection, &state, &browser)?,
    };
    let expires_at = cx.now.plus_minutes(MINUTES);
    let (workspace, connection) = (workspace.id.clone(), connection.id.clone());
    let login = Login { workspace, connection, test, return_to, expires_at };
    cx.db().query(&login::insert(&login, &state.hash(), &browser.hash(), cx.now)).await?;
    Ok(Reply::redirect(place).header("set-cookie", cookie))
}

/// The browser that asks, and the cookie that it is known by: one that it has stays, so that a login in another tab does too.
/// SAML answers by a form of another site, which only a cookie comes along with that says so.
fn browser<H: Host>(cx: &Context<'_, H>, protocol: Protocol) -> (Secret, String) {
    let (cookie, same_site) = match protocol {
        Protocol::Oidc => (COOKIE, "Lax"),
        Protocol::Saml => (saml::COOKIE, "None"),
    };
    let known = caller::cookie_of(cx, cookie).and_then(|text| Secret::parse(SecretKind::Browser, text));
    let browser = known.unwrap_or_else(|| cx.secret(SecretKind::Browser));
    let (secret, age) = (browser.reveal(), MINUTES * 60);
    let cookie = format!("{cookie}={secret}; Path=/; Secure; HttpOnly; SameSite={same_site}; Max-Age={age}");
    (browser, cookie)
}

/// What a login is bound to and the database doesn't know: whoever has the state has half of it, whoever has the cookie the other.
pub(super) fn bound(purpose: &str, state: &Secret, browser: &Secret) -> String {
    let text = format!("{purpose} {} {}", state.reveal(), browser.reveal());
    Base64UrlUnpadded::encode_string(&Sha256::digest(text.as_bytes()))
}

fn authorization<H: Host>(
    cx: &Context<'_, H>,
    connection: &Connection,
    provider: &Provider,
    state: &Secret,
    browser: &Secret,
) -> Result<String, Problem> {
    let place = &provider.discovery.authorization_endpoint;
    let verifier = bound("verifier", state, browser);
    let challenge = Base64UrlUnpadded::encode_string(&Sha256::digest(verifier.as_bytes()));
    let scope =
        if provider.discovery.has_groups_scope { "openid email profile groups" } else { "openid email profile" };
    let mut query = Serializer::new(String::new());
    query.extend_pairs([
        ("response_type", "code"),
        ("client_id", provider::client(connection)?),
        ("redirect_uri", &provider::callback(cx)),
        ("scope", scope),
        ("state", state.reveal()),
        ("nonce", &bound("nonce", state, browser)),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    Ok(format!("{place}{}{}", if place.contains('?') { '&' } else { '?' }, query.finish()))
}

/// Checks that a connection signs people in.
///
/// # Errors
/// 402 where the plan doesn't include SSO, 403 for one that is switched off and not being tried.
pub(super) fn check_open(workspace: &Workspace, connection: &Connection, is_test: bool) -> Result<(), Problem> {
    check_plan(workspace)?;
    if connection.is_active || is_test {
        return Ok(());
    }
    let detail = "this connection is switched off; sign in another way, or ask an administrator of the workspace";
    Err(Problem::new(Code::ConnectionInactive, detail))
}

/// Checks that a place to go to after a login is a path of this site: nothing that a browser reads as another site.
///
/// # Errors
/// When it may be something else.
pub(super) fn check_path(path: &str) -> Result<(), Problem> {
    let is_plain = path.len() <= MOST_PATH && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_plain && path.starts_with('/') && !path.starts_with("//") {
        return Ok(());
    }
    let detail = "`return_to` is a path of this site: it starts with one `/` and has neither `\\` nor blanks";
    Err(Problem::new(Code::InvalidReturnTo, detail))
}

/// Takes the answer of a provider.
pub(super) async fn callback<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let taken = match named(cx).await {
        Ok(taken) => taken,
        Err(problem) => return Ok(refuse(cx, &problem, None)),
    };
    match signed_in(cx, &taken).await {
        Ok(reply) => Ok(reply),
        Err(problem) => refused(cx, &taken, problem).await,
    }
}

/// An answer to no login that is known.
pub(super) fn unknown() -> Problem {
    let detail = "there is no login under way that this answers; begin anew";
    Problem::new(Code::SsoStateUnknown, detail)
}

/// The login that a state names, used up by an answer in the browser of this cookie.
///
/// # Errors
/// When there is none.
pub(super) async fn take<H: Host>(cx: &Context<'_, H>, state: &Secret, cookie: &str) -> Result<Taken, Problem> {
    let browser = caller::cookie_of(cx, cookie).and_then(|text| Secret::parse(SecretKind::Browser, text));
    let browser = browser.map(|browser| browser.hash());
    let answers = cx.db().batch(&login::take(&state.hash(), browser.as_ref(), cx.now)).await?;
    login::taken_from_rows(&answers)?.ok_or_else(unknown)
}

/// The login that the address of an answer names.
async fn named<H: Host>(cx: &Context<'_, H>) -> Result<Taken, Problem> {
    limit::check(cx).await?;
    let state = cx.parameter("state").and_then(|text| Secret::parse(SecretKind::State, &text)).ok_or_else(unknown)?;
    take(cx, &state, COOKIE).await
}

async fn signed_in<H: Host>(cx: &Context<'_, H>, taken: &Taken) -> Result<Reply, Problem> {
    let (workspace, connection) = check(cx, taken)?;
    if connection.protocol != Protocol::Oidc {
        return Err(unknown());
    }
    let claims = claims(cx, connection).await?;
    let person = person(connection, &claims)?;
    if let Some(test) = &taken.login.test {
        trials::passed(cx, workspace, connection, (test, &person), None).await?;
        return Ok(Reply::redirect(taken.login.return_to.clone()));
    }
    let cookie = arrival::admit(cx, workspace, connection, &person, None).await?;
    Ok(Reply::redirect(taken.login.return_to.clone()).header("set-cookie", cookie))
}

/// Checks that an answer is the first one, in time, and where the login began.
///
/// # Errors
/// When it isn't.
pub(super) fn check<'a, H: Host>(
    cx: &Context<'_, H>,
    taken: &'a Taken,
) -> Result<(&'a Workspace, &'a Connection), Problem> {
    let (Some(workspace), Some(connection)) = (&taken.workspace, &taken.connection) else { return Err(unknown()) };
    if !taken.is_same_browser {
        let detail = "this login began in another browser, or its cookie is gone; begin anew in this one";
        return Err(Problem::new(Code::SsoOtherBrowser, detail));
    }
    if taken.was_used {
        return Err(Problem::new(Code::SsoStateUsed, "this login was answered already; begin anew"));
    }
    if taken.login.expires_at <= cx.now {
        let detail = format!("a login takes {MINUTES} minutes at most; begin anew");
        return Err(Problem::new(Code::SsoStateExpired, detail));
    }
    check_open(workspace, connection, taken.login.test.is_some())?;
    Ok((workspace, connection))
}

/// What the provider claims of the person who comes back.
async fn claims<H: Host>(cx: &Context<'_, H>, connection: &Connection) -> Result<Claims, Problem> {
    let provider = provider::find(cx, connection).await?;
    check_issuer(cx, &provider, provider::issuer(connection)?)?;
    if let Some(error) = cx.parameter("error") {
        return Err(denied(&error));
    }
    let lacking = || Problem::new(Code::SsoCodeMissing, "the identity provider sent neither a code nor an error");
    let code = cx.parameter("code").filter(|code| !code.is_empty()).ok_or_else(lacking)?;
    let secret = |kind, text: Option<&str>| text.and_then(|text| Secret::parse(kind, text)).ok_or_else(unknown);
    let state = secret(SecretKind::State, cx.parameter("state").as_deref())?;
    let browser = secret(SecretKind::Browser, caller::cookie_of(cx, COOKIE))?;
    let (verifier, nonce) = (bound("verifier", &state, &browser), bound("nonce", &state, &browser));
    provider::redeem(cx, connection, provider, &code, (&verifier, &nonce)).await
}

/// An answer names the provider that gives it (RFC 9207): one that another gave is for another token endpoint.
fn check_issuer<H: Host>(cx: &Context<'_, H>, provider: &Provider, issuer: &str) -> Result<(), Problem> {
    match cx.parameter("iss") {
        Some(named) if named != issuer => {
            let detail = "the answer is of another identity provider than the login was begun with";
            Err(Problem::new(Code::SsoIssuerMismatch, detail))
        }
        None if provider.discovery.names_issuer => {
            let detail = "the identity provider says that its answers name it, and this one doesn't";
            Err(Problem::new(Code::SsoIssuerMissing, detail))
        }
        _ => Ok(()),
    }
}

fn denied(error: &str) -> Problem {
    if error == "access_denied" {
        let detail = "the identity provider denied the login; is the person assigned to this application there?";
        return Problem::new(Code::SsoDenied, detail);
    }
    let detail = format!("the identity provider answered with an error{}", provider::named(error));
    Problem::new(Code::SsoProviderError, detail)
}

fn person(connection: &Connection, claims: &Claims) -> Result<Person, Problem> {
    Ok(Person {
        subject: claims.subject()?.to_owned(),
        email: claims.email().map(str::to_owned),
        is_email_verified: claims.is_email_verified(),
        name: claims.name().map(str::to_owned),
        groups: claims.groups(&connection.group_claim),
        session_until: None,
    })
}

fn is_ours(problem: &Problem) -> bool {
    problem.code.status().is_server_error() && problem.cause.is_some()
}

/// What tells a workspace that a login was refused.
fn told<H: Host>(cx: &Context<'_, H>, workspace: &WorkspaceId, connection: &ConnectionId, problem: &Problem) -> Change {
    let mut change = Change::new(workspace, Actor::system(), Channel::Jit);
    let view = RefusalView { code: problem.code.as_str(), detail: problem.detail.clone() };
    let subject = ("connection", connection.as_str());
    change.record(cx, Happened { event_type: EventType::SsoRefused, subject, before: None, after: Some(&view) });
    change
}

/// Tells the workspace that an answer was refused, and the person. Anybody can cause that: so many are told an hour, and the
/// person always.
///
/// # Errors
/// When it is our fault.
pub(super) async fn refused<H: Host>(cx: &Context<'_, H>, taken: &Taken, problem: Problem) -> Result<Reply, Problem> {
    if is_ours(&problem) {
        return Err(Problem { is_stale: false, ..problem });
    }
    let login = &taken.login;
    let mut change = told(cx, &login.workspace, &login.connection, &problem);
    let view = RefusalView { code: problem.code.as_str(), detail: problem.detail.clone() };
    // The result of a test is for whoever began it: another browser has none to give.
    let test = login.test.as_ref().filter(|_| taken.is_same_browser && !taken.was_used);
    if let Some(test) = test {
        change.write([trials::failed(login, test, &view)]);
    }
    change.note_rarely(cx).await?;
    Ok(match test {
        Some(_) => Reply::redirect(login.return_to.clone()),
        None => refuse(cx, &problem, Some(&login.return_to)),
    })
}

/// A refusal: a page for a person, a document for a program.
pub(super) fn refuse<H: Host>(cx: &Context<'_, H>, problem: &Problem, return_to: Option<&str>) -> Reply {
    let is_browser = cx.header("accept").is_some_and(|accept| accept.contains("text/html"));
    if !is_browser {
        return Reply::problem(problem, cx.request_id);
    }
    let mut query = Serializer::new(String::new());
    query.append_pair("error", problem.code.as_str());
    if let Some(path) = return_to.filter(|path| *path != "/") {
        query.append_pair("return_to", path);
    }
    Reply::redirect(format!("/sign-in?{}", query.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_return_to_a_path_of_this_site_alone() {
        for good in ["/", "/acme/members?q=ann", "/a//b", "/%2f%2fevil.example", "/#top", "/a:b@c"] {
            assert!(check_path(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/a\\b",
            "https://evil.example",
            "evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\r\nset-cookie: a=b",
            " /a",
            "/a b",
            "/ä",
            "/\u{0}",
        ] {
            assert!(check_path(bad).is_err(), "{bad}");
        }
        assert!(check_path(&format!("/{}", "a".repeat(2_000))).is_err());
    }
}
