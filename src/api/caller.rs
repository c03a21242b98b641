//! Who calls: the operator, a token or a person's session; never two at once.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::host::{Host, Row, Statement};
use crate::model::{Secret, SecretHash, SecretKind};
use crate::store::session::{self, Session};
use crate::store::token::{self, Presented};

use super::context::Context;
use super::problem::{Code, Problem};

/// The cookie of a session.
pub(super) const COOKIE: &str = "__Host-rolecall";

/// What a request presents, before it is looked up.
#[derive(Debug)]
pub(super) enum Credential {
    /// The operator's token.
    Operator,
    /// A token's hash.
    Token(SecretHash),
    /// A session's hash.
    Session(SecretHash),
}

/// Who calls.
#[derive(Debug, Clone)]
pub(super) enum Caller {
    /// The operator of the deployment, by the bootstrap token.
    Operator,
    /// A token, personal or of a workspace.
    Token(Presented),
    /// A person, by session.
    Session(Session),
}

fn unauthenticated(detail: &str) -> Problem {
    Problem::new(Code::Unauthenticated, detail)
}

/// Reads the credential that a request presents.
///
/// # Errors
/// When there is none, a malformed one, or two.
pub(super) fn credential<H: Host>(cx: &Context<'_, H>) -> Result<Credential, Problem> {
    match (bearer(cx)?, cookie(cx)) {
        (Some(_), Some(_)) => {
            Err(Problem::new(Code::AmbiguousCredentials, "send either a bearer token or the session cookie, not both"))
        }
        (Some(text), None) => read_bearer(cx, text),
        (None, Some(text)) => {
            check_same_site(cx)?;
            let secret = Secret::parse(SecretKind::Session, text);
            secret
                .map(|secret| Credential::Session(secret.hash()))
                .ok_or_else(|| unauthenticated("the session is not valid; sign in again"))
        }
        (None, None) => Err(unauthenticated("send `Authorization: Bearer <token>`, or sign in")),
    }
}

fn bearer<'a, H: Host>(cx: &'a Context<'_, H>) -> Result<Option<&'a str>, Problem> {
    let Some(header) = cx.header("authorization") else { return Ok(None) };
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(unauthenticated("the only scheme here is `Authorization: Bearer <token>`")),
    }
}

/// The session cookie that a request carries.
pub(super) fn cookie<'a, H: Host>(cx: &'a Context<'_, H>) -> Option<&'a str> {
    cookie_of(cx, COOKIE)
}

/// The cookie of a name.
pub(super) fn cookie_of<'a, H: Host>(cx: &'a Context<'_, H>, cookie: &str) -> Option<&'a str> {
    let pairs = cx.header("cookie")?.split(';');
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == cookie).map(|(_, value)| value)
}

fn read_bearer<H: Host>(cx: &Context<'_, H>, text: &str) -> Result<Credential, Problem> {
    let bootstrap = &cx.config.bootstrap_token;
    let is_bootstrap: bool = Sha256::digest(text.as_bytes()).ct_eq(&Sha256::digest(bootstrap.as_bytes())).into();
    if is_bootstrap && !bootstrap.is_empty() {
        return Ok(Credential::Operator);
    }
    let secret = Secret::parse(SecretKind::Token, text)
        .ok_or_else(|| unauthenticated("the token is not one of ours, or has a typing error"))?;
    Ok(Credential::Token(secret.hash()))
}

/// A browser sends the cookie along with requests that other sites cause: such a request may not write.
fn check_same_site<H: Host>(cx: &Context<'_, H>) -> Result<(), Problem> {
    if is_same_site(cx) == Some(true) || is_read(cx) {
        return Ok(());
    }
    let detail = "a write with the session cookie has to come from this site's own pages; machines use a token";
    Err(Problem::new(Code::CrossSite, detail))
}

/// A browser that another site sends here would sign its person in as somebody else. Machines send no origin.
///
/// # Errors
/// When the request says that it comes from another site.
pub(super) fn check_site_if_told<H: Host>(cx: &Context<'_, H>) -> Result<(), Problem> {
    if is_same_site(cx) == Some(false) {
        return Err(Problem::new(Code::CrossSite, "signing in has to start on this site's own pages"));
    }
    Ok(())
}

fn is_read<H: Host>(cx: &Context<'_, H>) -> bool {
    matches!(cx.request.method().as_str(), "GET" | "HEAD")
}

/// Whether the request comes from our own pages; `None` when it doesn't say.
fn is_same_site<H: Host>(cx: &Context<'_, H>) -> Option<bool> {
    match (cx.header("origin"), cx.header("sec-fetch-site")) {
        (Some(origin), _) => Some(origin == cx.config.origin),
        (None, Some(site)) => Some(site == "same-origin"),
        (None, None) => None,
    }
}

impl Credential {
    /// The statement that looks the credential up; `None` for the operator.
    pub(super) fn lookup(&self) -> Option<Statement> {
        match self {
            Self::Operator => None,
            Self::Token(hash) => Some(token::by_secret(hash)),
            Self::Session(hash) => Some(session::by_secret(hash)),
        }
    }

    /// The caller in the answer to [`Credential::lookup`].
    ///
    /// # Errors
    /// When the credential opens nothing, or no longer.
    pub(super) fn resolve<H: Host>(&self, cx: &Context<'_, H>, rows: &[Row]) -> Result<Caller, Problem> {
        match self {
            Self::Operator => Ok(Caller::Operator),
            Self::Token(_) => {
                let found = token::presented_from_rows(rows)?
                    .ok_or_else(|| unauthenticated("the token opens nothing; it may have been deleted"))?;
                let is_over = found.token.expires_at.is_some_and(|at| at <= cx.now);
                if is_over {
                    Err(unauthenticated("the token has expired; make a new one"))
                } else {
                    Ok(Caller::Token(found))
                }
            }
            Self::Session(_) => {
                let found = session::from_rows(rows)?.filter(|session| session.expires_at > cx.now);
                found.map(Caller::Session).ok_or_else(|| unauthenticated("the session is over; sign in again"))
            }
        }
    }
}

/// The caller of a request that names no workspace.
///
/// # Errors
/// As [`credential`] and [`Credential::resolve`].
pub(super) async fn find<H: Host>(cx: &Context<'_, H>) -> Result<Caller, Problem> {
    use crate::host::Db as _;
    let credential = credential(cx)?;
    let rows = match credential.lookup() {
        Some(statement) => cx.db().query(&statement).await?,
        None => Vec::new(),
    };
    credential.resolve(cx, &rows)
}
