//! Tokens: made with a secret that is shown once, listed without it, deleted.

use http::StatusCode;

use crate::host::{Db as _, Host};
use crate::model::audit::EventType;
use crate::model::{Action, Holder, SecretKind, Token, TokenId, Via};
use crate::policy::HeldGrant;
use crate::store::token::Listed;
use crate::store::{access, grant as grants_store, token};
use crate::wire::Page;
use crate::wire::grant::GrantView;
use crate::wire::secret::SecretView;
use crate::wire::token::{NewToken, TokenView};

use super::commit::{Change, Happened};
use super::context::Context;
use super::grant::{check_giving, make};
use super::inside::{self, Inside};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{body, page};

fn view(inside: &Inside, listed: &Listed, held: &[HeldGrant]) -> TokenView {
    let own = held.iter().map(|held| GrantView::new(&held.grant, &Via::Direct, &inside.workspace));
    TokenView::new(&listed.token, own.collect(), listed.is_orphaned)
}

/// A page of the workspace's tokens, never with a secret.
pub(super) async fn list<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::TokenManage).await?;
    let found = token::list(cx.db(), &inside.workspace.id, &page::read(cx)?).await?;
    let next_cursor = found.rows.last().filter(|_| found.has_more).map(|last| page::cursor(cx, last.token.id.as_str()));
    let ids: Vec<&str> = found.rows.iter().map(|listed| listed.token.id.as_str()).collect();
    let held = access::held_from_rows(&cx.db().query(&access::held_by(&inside.workspace.id, &ids)).await?)?;
    let view = |listed: &Listed| {
        let own = held.iter().filter(|held| held.holder == listed.token.id.as_str());
        let own: Vec<HeldGrant> =
            own.map(|held| HeldGrant { grant: held.grant.clone(), via: held.via.clone() }).collect();
        view(&inside, listed, &own)
    };
    let page = Page { data: found.rows.iter().map(view).collect(), next_cursor };
    Ok(Reply::ok(&page)?.version(inside.workspace.version))
}

async fn find<H: Host>(cx: &Context<'_, H>, inside: &Inside) -> Result<TokenView, Problem> {
    let id: TokenId = cx.parsed("tok")?;
    let listed = token::find(cx.db(), &inside.workspace.id, &id).await?.ok_or_else(Problem::not_found)?;
    let held = inside::held(&cx.db().query(&access::held_by(&inside.workspace.id, &[id.as_str()])).await?)?;
    Ok(view(inside, &listed, &held))
}

/// Shows a token, never its secret.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::TokenManage).await?;
    Ok(Reply::ok(&find(cx, &inside).await?)?.tagged())
}

/// Makes a token of the workspace: a principal of its own that goes on when its maker leaves.
pub(super) async fn create<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::TokenManage).await?;
    let wanted = body::json::<NewToken>(cx.request)?.parse(cx.now)?;
    let mut change = Change::by(&inside).making(cx)?;
    check_giving(cx, &inside, &wanted.grants, "/grants").await?;
    check_actions(&inside, wanted.actions)?;

    let maker = inside.actor().id;
    let made = Token {
        id: cx.id(TokenId::new),
        name: wanted.name,
        account: None,
        actions: wanted.actions,
        created_by: maker.clone(),
        created_at: cx.now,
        expires_at: wanted.expires_at,
        last_used_at: None,
    };
    let secret = cx.secret(SecretKind::Token);
    let grants = make(cx, &maker, &wanted.grants);
    change.write([token::insert(&inside.workspace.id, &made, &secret.hash())]);
    change.write(grants_store::insert(&inside.workspace.id, &Holder::Token(made.id.clone()), &grants));
    let held: Vec<HeldGrant> = grants.into_iter().map(|grant| HeldGrant { grant, via: Via::Direct }).collect();
    let mut view = view(&inside, &Listed { token: made, is_orphaned: false }, &held);
    let id = view.id.clone();
    let subject = ("token", id.as_str());
    change.record(cx, Happened { event_type: EventType::TokenCreated, subject, before: None, after: Some(&view) });
    view.secret = Some(SecretView::Shown(secret.reveal().to_owned()));
    change.answer(cx, Reply::secretive(StatusCode::CREATED, view)?).await
}

/// A token takes no single action that its maker may not take.
fn check_actions(inside: &Inside, wanted: crate::model::ActionSet) -> Result<(), Problem> {
    let exceeding: Vec<&str> =
        wanted.iter().filter(|action| !inside.may(*action)).map(|action| action.as_str()).collect();
    if exceeding.is_empty() {
        return Ok(());
    }
    let detail = format!("you can give a token only what you may do yourself; not {}", exceeding.join(", "));
    let exceeds = exceeding.into_iter().map(str::to_owned).collect();
    Err(Problem { exceeds, ..Problem::new(Code::DelegationExceeded, detail) })
}

/// Deletes a token: the next request that presents it is refused.
pub(super) async fn delete<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::TokenManage).await?;
    let before = find(cx, &inside).await?;
    let id: TokenId = cx.parsed("tok")?;
    let mut change = Change::by(&inside).matching(cx, &before)?;
    change
        .write([token::delete(&inside.workspace.id, &id), grants_store::delete_all(&inside.workspace.id, id.as_str())]);
    let subject = ("token", id.as_str());
    change.record(cx, Happened { event_type: EventType::TokenDeleted, subject, before: Some(&before), after: None });
    let version = change.commit(cx).await?;
    Ok(Reply::no_content().version(version))
}
