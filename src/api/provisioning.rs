//! SCIM as the workspace's administrators see it: the tokens that open it, and the journal of what came by them.

use http::StatusCode;

use crate::host::{Db as _, Host};
use crate::model::audit::EventType;
use crate::model::{Action, GroupId, Provision, SecretKind, TokenId};
use crate::store::connection;
use crate::store::scim::journal::{self, Entry, Filter};
use crate::store::scim::token::{self, ScimToken};
use crate::store::scim::user::{self, ScimUser};
use crate::wire::Page;
use crate::wire::grant::GroupView;
use crate::wire::scim::{EntryView, InactiveView, NewScimToken, Rotation, ScimTokenView};
use crate::wire::secret::SecretView;

use super::commit::{Change, Happened};
use super::connection::check_plan;
use super::context::Context;
use super::inside::{self, Inside};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{body, page};

fn view<H: Host>(cx: &Context<'_, H>, token: &ScimToken) -> ScimTokenView {
    ScimTokenView {
        id: token.id.to_string(),
        name: token.name.to_string(),
        base_url: format!("{}/scim/v2", cx.config.origin),
        created_by: token.created_by.clone(),
        created_at: token.created_at.to_string(),
        expires_at: token.expires_at.map(|at| at.to_string()),
        last_used_at: token.last_used_at.map(|at| at.to_string()),
        secret: None,
        secret_shown: false,
    }
}

/// The workspace's SCIM tokens, never with a secret: few enough for one page.
pub(super) async fn list_tokens<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::ScimManage).await?;
    let data = token::list(cx.db(), &inside.workspace.id).await?.iter().map(|token| view(cx, token)).collect();
    Ok(Reply::ok(&Page { data, next_cursor: None })?.version(inside.workspace.version))
}

/// Checks that the workspace may have SCIM.
async fn check_gates<H: Host>(cx: &Context<'_, H>, inside: &Inside) -> Result<(), Problem> {
    check_plan(&inside.workspace)
        .map_err(|problem| Problem { detail: "SCIM takes the Business plan".to_owned(), ..problem })?;
    if connection::list(cx.db(), &inside.workspace.id).await?.iter().any(|connection| connection.is_active) {
        return Ok(());
    }
    let detail =
        "SCIM takes an active SSO connection: people whom a provider brings sign in by it; add or activate one first";
    Err(Problem::new(Code::SsoRequired, detail))
}

/// Makes a token for an identity provider.
pub(super) async fn create_token<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::ScimManage).await?;
    let (name, expires_at) = body::json::<NewScimToken>(cx.request)?.parse(cx.now)?;
    let change = Change::by(&inside).making(cx)?;
    check_gates(cx, &inside).await?;
    let made = ScimToken {
        id: cx.id(TokenId::new),
        name,
        created_by: inside.actor().id,
        created_at: cx.now,
        expires_at,
        last_used_at: None,
    };
    issue(cx, &inside, change, made).await
}

/// Adds a token, and answers it with its secret.
async fn issue<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    mut change: Change,
    made: ScimToken,
) -> Result<Reply, Problem> {
    let secret = cx.secret(SecretKind::Scim);
    change.write([token::insert(&inside.workspace.id, &made, &secret.hash())]);
    change.write([token::guard_connection_remains(&inside.workspace.id, cx.now)]);
    let mut view = view(cx, &made);
    let subject = ("token", made.id.as_str());
    change.record(cx, Happened { event_type: EventType::ScimTokenCreated, subject, before: None, after: Some(&view) });
    view.secret = Some(SecretView::Shown(secret.reveal().to_owned()));
    change.answer(cx, Reply::secretive(StatusCode::CREATED, view)?).await
}

async fn find<H: Host>(cx: &Context<'_, H>, inside: &Inside) -> Result<ScimToken, Problem> {
    let id: TokenId = cx.parsed("sct")?;
    let found = token::list(cx.db(), &inside.workspace.id).await?;
    found.into_iter().find(|token| token.id == id).ok_or_else(Problem::not_found)
}

/// Shows a token, never its secret.
pub(super) async fn show_token<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::ScimManage).await?;
    Ok(Reply::ok(&view(cx, &find(cx, &inside).await?))?.tagged())
}

/// Makes a token that follows another, which goes on working for a while: long enough to tell the provider the new one.
pub(super) async fn rotate_token<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::ScimManage).await?;
    let hours = body::json_or_default::<Rotation>(cx.request)?.parse()?;
    let old = find(cx, &inside).await?;
    let mut change = Change::by(&inside).matching(cx, &view(cx, &old))?;
    check_gates(cx, &inside).await?;
    let end = cx.now.plus_hours(hours);
    let end = old.expires_at.filter(|at| *at < end).unwrap_or(end);
    change.write([token::expire(&inside.workspace.id, &old.id, end)]);
    let made = ScimToken {
        id: cx.id(TokenId::new),
        created_by: inside.actor().id,
        created_at: cx.now,
        expires_at: None,
        last_used_at: None,
        ..old
    };
    issue(cx, &inside, change, made).await
}

/// Deletes a token: the provider's next request is refused.
pub(super) async fn delete_token<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::ScimManage).await?;
    let found = find(cx, &inside).await?;
    let before = view(cx, &found);
    let mut change = Change::by(&inside).matching(cx, &before)?;
    change.write([token::delete(&inside.workspace.id, &found.id)]);
    let subject = ("token", found.id.as_str());
    change
        .record(cx, Happened { event_type: EventType::ScimTokenDeleted, subject, before: Some(&before), after: None });
    let version = change.commit(cx).await?;
    Ok(Reply::no_content().version(version))
}

/// A page of the provisioning journal, the newest first.
pub(super) async fn list_journal<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::ScimManage).await?;
    let outcome = cx.parameter("outcome");
    if outcome.as_deref().is_some_and(|text| !matches!(text, "applied" | "unchanged" | "refused")) {
        return Err(Problem::new(Code::InvalidParameter, "`outcome` is applied, unchanged or refused"));
    }
    let filter = Filter { resource: cx.parameter("resource"), outcome };
    let found = journal::list(cx.db(), &inside.workspace.id, &filter, &page::read(cx)?).await?;
    let next_cursor = found.rows.last().filter(|_| found.has_more).map(|last| page::cursor(cx, &last.id));
    let page = Page { data: found.rows.into_iter().map(entry).collect(), next_cursor };
    Ok(Reply::ok(&page)?.version(inside.workspace.version))
}

/// People whom the provider knows and who are no members: who was removed here may be brought back by it.
pub(super) async fn list_inactive<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::ScimManage).await?;
    let is_removed_here = match cx.parameter("returns_by").as_deref() {
        None => None,
        Some("scim") => Some(true),
        Some("none") => Some(false),
        Some(_) => return Err(Problem::new(Code::InvalidParameter, "`returns_by` is scim or none")),
    };
    let found = user::list_away(cx.db(), &inside.workspace.id, is_removed_here, &page::read(cx)?).await?;
    let next_cursor = found.rows.last().filter(|_| found.has_more).map(|last| page::cursor(cx, last.id.as_str()));
    let ids: Vec<&str> = found.rows.iter().map(|user| user.id.as_str()).collect();
    let groups = user::groups_from_rows(&cx.db().query(&user::groups_of(&inside.workspace.id, &ids)).await?)?;
    let view = |user: &ScimUser| InactiveView {
        id: user.id.to_string(),
        email: user.email.to_string(),
        name: user.name.to_string(),
        external_id: user.external_id.clone(),
        since: user.left_at.unwrap_or(user.created_at).to_string(),
        returns_by: user.is_removed_here.then_some(Provision::Scim.as_str()),
        groups: groups_of(user, &groups),
    };
    let page = Page { data: found.rows.iter().map(view).collect(), next_cursor };
    Ok(Reply::ok(&page)?.version(inside.workspace.version))
}

fn groups_of(user: &ScimUser, groups: &[(String, GroupId, String)]) -> Vec<GroupView> {
    let own = groups.iter().filter(|(holder, ..)| holder == user.id.as_str());
    own.map(|(_, id, name)| GroupView { id: id.to_string(), name: name.clone() }).collect()
}

fn entry(entry: Entry) -> EntryView {
    EntryView {
        id: entry.id,
        at: entry.at.to_string(),
        token: entry.token,
        request_id: entry.request_id,
        method: entry.method,
        path: entry.path,
        resource: entry.resource,
        outcome: entry.outcome,
        status: entry.status,
        error: entry.error,
        detail: entry.detail,
        request: entry.request,
        changes: serde_json::from_str(&entry.changes).unwrap_or_default(),
    }
}
