//! Invites as the invitee sees them: opened and accepted by a secret.

use http::StatusCode;

use crate::host::{Db as _, Host, Statement};
use crate::model::audit::{Actor, Channel, EventType};
use crate::model::{
    AccountId, Action, GrantExpr, Holder, Invite, InviteStatus, Member, Name, Provision, Secret, SecretKind, Target,
    TokenId, Workspace,
};
use crate::policy::{Held, HeldGrant, evaluate, exceeding};
use crate::store::account::{self, Account};
use crate::store::{access, grant, guard, invite, member, outbox, session, token, workspace};
use crate::wire::invite::{AcceptBody, InviteView, OfferView, OfferedRole};
use crate::wire::member::MemberView;

use super::activity;
use super::caller;
use super::commit::{Change, Happened};
use super::context::Context;
use super::grant::{named, slice};
use super::invite::{Offer, offers};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{body, idempotency, inside};

/// An invite that a secret opens.
struct Opened {
    workspace: Workspace,
    invite: Invite,
    offer: Offer,
}

async fn open<H: Host>(cx: &Context<'_, H>) -> Result<Opened, Problem> {
    let secret = Secret::parse(SecretKind::Invite, cx.segment("secret")).ok_or_else(Problem::not_found)?;
    let (id, invite) = invite::find_by_secret(cx.db(), &secret.hash()).await?.ok_or_else(Problem::not_found)?;
    let workspace = workspace::find(cx.db(), id.as_str()).await?.ok_or_else(Problem::not_found)?;
    let offer = offers(cx, &id, std::slice::from_ref(&invite)).await?.pop().unwrap_or_default();
    Ok(Opened { workspace, invite, offer })
}

/// What the invitee sees: who invites, to what, with which roles in words, until when.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let opened = open(cx).await?;
    let Opened { workspace, invite, offer } = &opened;
    let view = OfferView {
        email: invite.email.to_string(),
        name: invite.name.as_ref().map(ToString::to_string),
        workspace: workspace.name.to_string(),
        inviter: inviter_name(cx, &opened).await?,
        roles: offer.grants.iter().map(|grant| OfferedRole::from(&grant.expr)).collect(),
        groups: offer.groups.iter().map(|(_, name)| name.to_string()).collect(),
        status: invite.status(cx.now).as_str(),
        expires_at: invite.expires_at.to_string(),
    };
    activity::note_opened(cx, &workspace.id, invite).await;
    Reply::ok(&view)
}

async fn inviter_name<H: Host>(cx: &Context<'_, H>, opened: &Opened) -> Result<String, Problem> {
    let (workspace, inviter) = (&opened.workspace.id, opened.invite.invited_by.as_str());
    if let Ok(id) = inviter.parse::<TokenId>() {
        let found = token::find(cx.db(), workspace, &id).await?;
        return Ok(found.map_or_else(|| opened.workspace.name.to_string(), |found| found.token.name.to_string()));
    }
    let found = member::find(cx.db(), workspace, inviter).await?;
    Ok(found.map_or_else(|| opened.workspace.name.to_string(), |member| member.name.to_string()))
}

/// Turns the invite into a membership and signs the person in.
pub(super) async fn accept<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let opened = open(cx).await?;
    claim(cx, &opened).await?;
    let name = body::json_or_default::<AcceptBody>(cx.request)?.parse()?;
    opened.invite.check_acceptable(cx.now)?;
    check_account(cx, &opened.invite).await?;
    let inviter = check_inviter(cx, &opened).await?;
    let known = account::find_by_email(cx.db(), &opened.invite.email).await?;
    let joining = joining(cx, &opened.invite, name, known.as_ref());
    if member::find(cx.db(), &opened.workspace.id, joining.email.as_str()).await?.is_some() {
        return Err(Problem::new(Code::AlreadyMember, "you are a member of this workspace already; sign in instead"));
    }

    let statement = access::held_by(&opened.workspace.id, &[opened.invite.id.as_str()]);
    let given = inside::held(&cx.db().query(&statement).await?)?;

    let mut change = Change::new(&opened.workspace.id, actor(&joining), Channel::Api);
    change.write(inviter);
    change.write(join(cx, &opened, &joining, known.is_none()));
    let (statement, cookie) = super::session::open(cx, &joining.id);
    change.write([statement]);
    let view = record(cx, &mut change, &opened, &joining, given);
    change.answer(cx, Reply::json(StatusCode::CREATED, &view)?.header("set-cookie", cookie)).await
}

/// Whoever has the secret calls, under the invite's name, as long as the member that it made is there. The cookie is a
/// secret that was shown once: who sends the request again signs in by mail.
async fn claim<H: Host>(cx: &Context<'_, H>, opened: &Opened) -> Result<(), Problem> {
    if let Some(account) = &opened.invite.accepted_by
        && member::find(cx.db(), &opened.workspace.id, account.as_str()).await?.is_none()
    {
        return Ok(());
    }
    idempotency::claim(cx, opened.invite.id.as_str()).await
}

/// Whoever is signed in as somebody else would join under the wrong name.
async fn check_account<H: Host>(cx: &Context<'_, H>, invite: &Invite) -> Result<(), Problem> {
    let Some(secret) = caller::cookie(cx).and_then(|text| Secret::parse(SecretKind::Session, text)) else {
        return Ok(());
    };
    let found = session::from_rows(&cx.db().query(&session::by_secret(&secret.hash())).await?)?;
    match found.filter(|session| session.expires_at > cx.now && session.account.email != invite.email) {
        Some(other) => {
            let detail = format!(
                "the invite is for {}, and you are signed in as {}; sign out first",
                invite.email, other.account.email
            );
            Err(Problem::new(Code::WrongAccount, detail))
        }
        None => Ok(()),
    }
}

/// Checks anew that each giver may still give what the invite offers and that the plan still includes it; answers the
/// guards that the inviter still may at commit. A failure leaves the invite pending.
async fn check_inviter<H: Host>(cx: &Context<'_, H>, opened: &Opened) -> Result<Vec<Statement>, Problem> {
    let Opened { workspace, invite, offer } = opened;
    if let Some((expr, need)) =
        offer.grants.iter().find_map(|grant| grant.expr.unmet_need(workspace).map(|need| (&grant.expr, need)))
    {
        return Err(Problem::plan_required(expr, need).with_status(StatusCode::CONFLICT));
    }
    let conferred = conferred_by_groups(cx, opened).await?;
    let exprs: Vec<GrantExpr> =
        offer.grants.iter().map(|grant| grant.expr.clone()).chain(conferred.iter().cloned()).collect();
    let snapshot = slice(cx, workspace, &named(&exprs)).await?;
    let inviter = holdings(cx, workspace, &invite.invited_by).await?;
    let may_invite = evaluate(&snapshot, &inviter, Action::MemberInvite, &Target::Workspace);
    if !may_invite.allowed {
        let detail = "who sent this invite may no longer invite; ask an owner to send it again";
        return Err(Problem::new(Code::DelegationExceeded, detail).with_status(StatusCode::CONFLICT));
    }
    let mut exceeds = exceeding(&snapshot, &inviter, &conferred);
    for grant in &offer.grants {
        let giver = if grant.created_by == invite.invited_by {
            inviter.clone()
        } else {
            holdings(cx, workspace, &grant.created_by).await?
        };
        exceeds.extend(exceeding(&snapshot, &giver, [&grant.expr]));
    }
    if !exceeds.is_empty() {
        return Err(Problem::exceeded(&exceeds).with_status(StatusCode::CONFLICT));
    }
    let because = may_invite.because.into_iter().next();
    let holder: Option<Holder> = invite.invited_by.parse().ok();
    let mut guards = Vec::new();
    if let Some(Holder::Token(id)) = &holder {
        guards.push(guard::token(&workspace.id, id.as_str()));
    }
    let held = because.zip(holder);
    guards.extend(held.map(|(because, holder)| guard::authority(&workspace.id, &holder, &because.grant, &because.via)));
    Ok(guards)
}

async fn conferred_by_groups<H: Host>(cx: &Context<'_, H>, opened: &Opened) -> Result<Vec<GrantExpr>, Problem> {
    let groups: Vec<&str> = opened.offer.groups.iter().map(|(id, _)| id.as_str()).collect();
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let rows = cx.db().query(&access::held_by(&opened.workspace.id, &groups)).await?;
    Ok(access::held_from_rows(&rows)?.into_iter().map(|held| held.grant.expr).collect())
}

/// What a giver holds now: nothing, when they have left.
pub(super) async fn holdings<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    giver: &str,
) -> Result<Held, Problem> {
    let grants = inside::held(&cx.db().query(&access::held_by(&workspace.id, &[giver])).await?)?;
    let actions = match giver.parse::<TokenId>() {
        Ok(id) => token::find(cx.db(), &workspace.id, &id).await?.map(|found| found.token.actions).unwrap_or_default(),
        Err(_) => crate::model::ActionSet::EMPTY,
    };
    Ok(Held { grants, actions })
}

fn joining<H: Host>(cx: &Context<'_, H>, invite: &Invite, name: Option<Name>, known: Option<&Account>) -> Member {
    let fallback = || invite.name.clone().or_else(|| known.map(|account| account.name.clone()));
    let from_address = || invite.email.local_part().parse().ok();
    Member {
        id: known.map_or_else(|| cx.id(AccountId::new), |account| account.id.clone()),
        email: invite.email.clone(),
        name: name.or_else(fallback).or_else(from_address).unwrap_or_else(Name::unknown),
        provisioned_by: Provision::Invite,
        joined_at: cx.now,
        last_active_at: Some(cx.now),
        is_sso_exempt: false,
    }
}

fn actor(joining: &Member) -> Actor {
    Actor { kind: "member", id: joining.id.to_string(), email: Some(joining.email.to_string()) }
}

/// The statements that make a member of an invitee: additions before removals, each bound to the invite as it was read.
fn join<H: Host>(cx: &Context<'_, H>, opened: &Opened, joining: &Member, is_new: bool) -> Vec<Statement> {
    let Opened { workspace, invite, .. } = opened;
    let mut statements = vec![guard::invite(&workspace.id, &invite.id, invite.revision)];
    statements.push(invite::close(&workspace.id, &invite.id, InviteStatus::Accepted, Some(&joining.id), cx.now));
    if is_new {
        let account = Account { id: joining.id.clone(), email: joining.email.clone(), name: joining.name.clone() };
        statements.push(account::insert(&account, cx.now));
    }
    statements.push(member::insert(&workspace.id, joining, Some(&invite.id)));
    statements.extend(grant::hand_over(&workspace.id, invite.id.as_str(), joining.id.as_str()));
    statements.push(outbox::drop_unsent(&workspace.id, invite.id.as_str()));
    statements
}

fn record<H: Host>(
    cx: &Context<'_, H>,
    change: &mut Change,
    opened: &Opened,
    joining: &Member,
    given: Vec<HeldGrant>,
) -> MemberView {
    let grants: Vec<_> = given.into_iter().map(|held| (held.grant, held.via)).collect();
    let view = MemberView::new(joining, &grants, &opened.offer.groups, &opened.workspace);
    let subject = ("invite", opened.invite.id.as_str());
    change.record::<H, InviteView>(
        cx,
        Happened { event_type: EventType::InviteAccepted, subject, before: None, after: None },
    );
    let subject = ("member", joining.id.as_str());
    change.record(cx, Happened { event_type: EventType::MemberJoined, subject, before: None, after: Some(&view) });
    view
}
