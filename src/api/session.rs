//! Sessions: people sign in by a link that is mailed to them, and out.

use http::StatusCode;

use crate::host::{Db as _, Host, Statement};
use crate::model::{
    AccountId, ConnectionId, LINK_MINUTES, Link, LinkError, LinkId, Secret, SecretKind, SessionId, Timestamp,
    WorkspaceId,
};
use crate::store::{account, link, session};
use crate::wire::me::AccountView;
use crate::wire::session::SignIn;

use super::caller::{self, COOKIE, Caller};
use super::context::Context;
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{activity, body, mail};

/// How long a session lives, in hours.
const SESSION_HOURS: i64 = 7 * 24;

/// A session to be opened: the statement that does it, and the cookie that holds its secret.
pub(super) fn open<H: Host>(cx: &Context<'_, H>, account: &AccountId) -> (Statement, String) {
    open_by(cx, account, None)
}

/// What a session that a connection opens is bound to.
pub(super) struct By<'a> {
    /// The connection.
    pub(super) connection: &'a ConnectionId,
    /// The one workspace that the connection speaks for; `None` where it speaks for the address.
    pub(super) workspace: Option<&'a WorkspaceId>,
    /// When the provider says that it ends.
    pub(super) until: Option<Timestamp>,
}

/// As [`open`], by a connection: it ends when ours would, or when the provider says, whichever comes first.
pub(super) fn open_by<H: Host>(cx: &Context<'_, H>, account: &AccountId, by: Option<&By<'_>>) -> (Statement, String) {
    let ours = cx.now.plus_hours(SESSION_HOURS);
    let expires_at = by.and_then(|by| by.until).map_or(ours, |until| until.min(ours));
    let secret = cx.secret(SecretKind::Session);
    let opened = session::Opened {
        id: cx.id(SessionId::new),
        account: account.clone(),
        expires_at,
        connection: by.map(|by| by.connection.clone()),
        workspace: by.and_then(|by| by.workspace.cloned()),
    };
    let cookie = cookie(secret.reveal(), (expires_at.as_ms() - cx.now.as_ms()) / 1_000);
    (session::insert(&opened, &secret.hash(), cx.now), cookie)
}

fn cookie(value: &str, max_age: i64) -> String {
    format!("{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={max_age}")
}

/// Mails a link. Whether the address is anybody's is not looked up here: neither the answer, nor its time, nor what it
/// cost the database tells.
pub(super) async fn mail_link<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let email = body::json::<SignIn>(cx.request)?.parse()?;
    caller::check_site_if_told(cx)?;
    let expires_at = cx.now.plus_minutes(LINK_MINUTES);
    let link = Link { id: cx.id(LinkId::new), email, expires_at, used_at: None };
    let secret = cx.secret(SecretKind::Link);
    let mail = mail::sign_in(cx, &link, &secret)?;
    cx.db().batch(&link::insert(&link, &secret.hash(), &mail, cx.now)).await?;
    Ok(Reply::accepted())
}

/// Opens a session by the link.
pub(super) async fn open_link<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    caller::check_site_if_told(cx)?;
    let secret = Secret::parse(SecretKind::Link, cx.segment("secret")).ok_or_else(Problem::not_found)?;
    let found = link::find_by_secret(cx.db(), &secret.hash()).await?.ok_or_else(Problem::not_found)?;
    found.check_open(cx.now)?;
    let account = account::find_by_email(cx.db(), &found.email).await?.ok_or_else(Problem::not_found)?;

    let (statement, cookie) = open(cx, &account.id);
    let mut batch = link::use_up(&found.id, cx.now).to_vec();
    batch.push(statement);
    cx.db().batch(&batch).await?;
    activity::note_sign_in(cx, &account.id).await;

    let view =
        AccountView { id: account.id.to_string(), email: account.email.to_string(), name: account.name.to_string() };
    Ok(Reply::json(StatusCode::CREATED, &view)?.header("set-cookie", cookie))
}

impl From<LinkError> for Problem {
    fn from(error: LinkError) -> Self {
        let code = match error {
            LinkError::Used => Code::LinkUsed,
            LinkError::Expired { .. } => Code::LinkExpired,
        };
        Self::new(code, error.to_string())
    }
}

/// The caller's session; a token has none.
async fn current<H: Host>(cx: &Context<'_, H>) -> Result<session::Session, Problem> {
    match caller::find(cx).await? {
        Caller::Session(session) => Ok(session),
        Caller::Token(_) | Caller::Operator => {
            Err(Problem::new(Code::Forbidden, "a token is no session; delete the token instead"))
        }
    }
}

/// Signs out here.
pub(super) async fn close<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let session = current(cx).await?;
    cx.db().query(&session::delete(&session.id)).await?;
    Ok(Reply::no_content().header("set-cookie", cookie("", 0)))
}

/// Signs out everywhere.
pub(super) async fn close_all<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let session = current(cx).await?;
    cx.db().query(&session::delete_all(&session)).await?;
    Ok(Reply::no_content().header("set-cookie", cookie("", 0)))
}
