//! Joining by a verified domain: at once, or by a request that somebody approves.

use http::StatusCode;

use crate::host::{Db as _, Host};
use crate::model::audit::{Actor, Channel, EventType};
use crate::model::{
    AccountId, Action, AutoJoin, DomainName, Grant, GrantExpr, GroupId, Invite, InviteStatus, JoinRequest,
    JoinRequestId, Member, Name, Provision, Via, Workspace,
};
use crate::policy::{self, exceeding};
use crate::store::account::Account;
use crate::store::{access, domain, grant as grants_store, guard, invite, member, outbox, workspace};
use crate::wire::Page;
use crate::wire::domain::{JoinRequestView, JoinView};
use crate::wire::invite::SupersededView;
use crate::wire::member::MemberView;

use super::caller::{self, Caller};
use super::commit::{Change, Happened};
use super::context::Context;
use super::domain::Loaded;
use super::grant::{check_ceiling, check_plan, make, named, slice, unique};
use super::inside::{self, Inside};
use super::offer::holdings;
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{enforcement, mail, page, supersede};

/// Somebody who comes by a domain.
struct Comer<'a> {
    workspace: &'a Workspace,
    domain: &'a Loaded,
    account: Account,
}

/// Joins a workspace, or asks to: the address has to be at a domain that it has proved, and that is open.
pub(super) async fn join<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let account = match caller::find(cx).await? {
        // What another workspace's provider says of an address is good for that workspace alone.
        Caller::Session(session) if session.workspace.is_some() => return Err(Problem::not_found()),
        Caller::Session(session) => session.account,
        Caller::Token(_) | Caller::Operator => {
            return Err(Problem::new(Code::Forbidden, "people join, tokens don't; sign in to join"));
        }
    };
    let found = workspace::find(cx.db(), cx.segment("ws")).await?.ok_or_else(Problem::not_found)?;
    if member::find(cx.db(), &found.id, account.id.as_str()).await?.is_some() {
        return Err(Problem::new(Code::AlreadyMember, "you are a member of this workspace already"));
    }
    let open = open_domain(cx, &found, &account).await?;
    let comer = Comer { workspace: &found, domain: &open, account };
    match open.domain.auto_join {
        AutoJoin::Request => request(cx, &comer).await,
        AutoJoin::Join | AutoJoin::Off => {
            let mut change = Change::new(&found.id, actor(&comer.account), Channel::Console);
            let member = admit(cx, &mut change, &comer).await?;
            change.write([domain::guard(&open.domain)]);
            let view = JoinView { outcome: "joined", member: Some(member), request: None };
            change.answer(cx, Reply::json(StatusCode::CREATED, &view)?).await
        }
    }
}

/// The domain by which somebody may come in. Where single sign-on is required, that is the way in.
async fn open_domain<H: Host>(cx: &Context<'_, H>, found: &Workspace, account: &Account) -> Result<Loaded, Problem> {
    let rows = cx.db().query(&domain::by_verified_name(DomainName::of(&account.email))).await?;
    let open = domain::from_rows(&rows)?
        .filter(|domain| domain.workspace == found.id && domain.auto_join != AutoJoin::Off)
        .filter(|_| !enforcement::is_required(found))
        .ok_or_else(Problem::not_found)?;
    super::domain::load(cx, vec![open]).await?.pop().ok_or_else(Problem::not_found)
}

fn actor(account: &Account) -> Actor {
    Actor { kind: "member", id: account.id.to_string(), email: Some(account.email.to_string()) }
}

/// Asks to join. Asking twice is asking once.
async fn request<H: Host>(cx: &Context<'_, H>, comer: &Comer<'_>) -> Result<Reply, Problem> {
    let requested = |request: &JoinRequest| {
        let view = JoinView { outcome: "requested", member: None, request: Some(request.into()) };
        Reply::json(StatusCode::ACCEPTED, &view)
    };
    let old = domain::find_request_of(cx.db(), &comer.workspace.id, &comer.account.id).await?;
    match old.as_ref().map(|request| request.status.as_str()) {
        Some("pending") => return old.as_ref().map_or_else(|| Err(Problem::not_found()), requested),
        Some("denied") => {
            let detail = "your request was denied; ask an administrator of the workspace to invite you";
            return Err(Problem::new(Code::JoinDenied, detail));
        }
        _ => {}
    }
    let asked = JoinRequest {
        id: cx.id(JoinRequestId::new),
        account: comer.account.id.clone(),
        email: comer.account.email.clone(),
        name: comer.account.name.clone(),
        domain: comer.domain.domain.id.clone(),
        status: "pending".to_owned(),
        created_at: cx.now,
        decided_at: None,
        decided_by: None,
    };
    let workspace = &comer.workspace.id;
    let mut change = Change::new(workspace, actor(&comer.account), Channel::Console);
    change.write([domain::guard(&comer.domain.domain), domain::delete_request_of(workspace, &asked.account)]);
    change.write([domain::insert_request(workspace, &asked)]);
    let view = JoinRequestView::from(&asked);
    let (subject, event_type) = (("join_request", asked.id.as_str()), EventType::JoinRequested);
    change.record(cx, Happened { event_type, subject, before: None, after: Some(&view) });
    change.answer(cx, requested(&asked)?).await
}

/// What somebody gets who comes by a domain: what it gives, else what the workspace gives to people who come by themselves.
fn given<H: Host>(cx: &Context<'_, H>, comer: &Comer<'_>) -> Vec<Grant> {
    let of_domain = &comer.domain.grants;
    if of_domain.is_empty() {
        return make(cx, "system", &comer.workspace.settings.provisioned_grants);
    }
    let again = make(cx, "", of_domain.iter().map(|grant| &grant.expr));
    let by_giver = |(grant, of_domain): (Grant, &Grant)| Grant { created_by: of_domain.created_by.clone(), ..grant };
    again.into_iter().zip(of_domain).map(by_giver).collect()
}

/// Checks that whoever said what the domain gives may still give it, and that the plan includes it.
async fn check_given<H: Host>(cx: &Context<'_, H>, comer: &Comer<'_>, given: &[Grant]) -> Result<(), Problem> {
    let exprs: Vec<GrantExpr> = given.iter().map(|grant| grant.expr.clone()).collect();
    check_plan(comer.workspace, &exprs).map_err(|problem| problem.with_status(StatusCode::CONFLICT))?;
    let snapshot = slice(cx, comer.workspace, &named(&exprs)).await?;
    let mut exceeds = Vec::new();
    for grant in given.iter().filter(|grant| grant.created_by != "system") {
        let giver = holdings(cx, comer.workspace, &grant.created_by).await?;
        exceeds.extend(exceeding(&snapshot, &giver, [&grant.expr]));
    }
    if exceeds.is_empty() { Ok(()) } else { Err(Problem::exceeded(&exceeds).with_status(StatusCode::CONFLICT)) }
}

/// Makes a member of somebody who comes by a domain. A pending invite gives way: the person takes its seat, and what it offered
/// as long as who sent it may still give that.
async fn admit<H: Host>(cx: &Context<'_, H>, change: &mut Change, comer: &Comer<'_>) -> Result<MemberView, Problem> {
    let workspace = &comer.workspace.id;
    let mut given = given(cx, comer);
    check_given(cx, comer, &given).await?;
    let member = Member {
        id: comer.account.id.clone(),
        email: comer.account.email.clone(),
        name: comer.account.name.clone(),
        provisioned_by: Provision::Domain,
        joined_at: cx.now,
        last_active_at: Some(cx.now),
        is_sso_exempt: false,
    };
    let invite =
        invite::from_rows(&cx.db().query(&invite::open_of(workspace, member.email.as_str(), cx.now)).await?)?.pop();
    change.write([invite::expire_due(workspace, cx.now)]);
    let (mut held, groups) = match &invite {
        Some(invite) => give_way(cx, change, comer, invite, &member).await?,
        None => {
            change.write([member::insert(workspace, &member, None)]);
            Taken::default()
        }
    };
    let direct = held.iter().filter(|(_, via)| *via == Via::Direct).map(|(grant, _)| grant.expr.clone());
    let grants = unique(&direct.chain(given.iter().map(|grant| grant.expr.clone())).collect::<Vec<_>>());
    let (email, groups_of) = (member.email.clone(), groups.iter().map(|(id, _)| id.clone()).collect());
    // What they will hold is what an invite with all of it would offer.
    change.means([match &invite {
        Some(_) => policy::Change::SetOffer { email, grants, groups: groups_of },
        None => policy::Change::Invite { email, grants, groups: groups_of },
    }]);
    given.retain(|grant| !held.iter().any(|(offered, via)| offered.expr == grant.expr && *via == Via::Direct));
    let id = member.id.as_str();
    change.write(grants_store::insert_all(workspace, given.iter().map(|grant| (id, grant))));
    held.extend(given.into_iter().map(|grant| (grant, Via::Direct)));
    let view = MemberView::new(&member, &held, &groups, comer.workspace);
    let subject = ("member", member.id.as_str());
    change.record(cx, Happened { event_type: EventType::MemberJoined, subject, before: None, after: Some(&view) });
    Ok(view)
}

/// What somebody takes over of an invite: its grants, those of its groups, and the groups.
type Taken = (Vec<(Grant, Via)>, Vec<(GroupId, Name)>);

/// Ends a pending invite in favour of a member who takes its seat; answers what they get of it.
async fn give_way<H: Host>(
    cx: &Context<'_, H>,
    change: &mut Change,
    comer: &Comer<'_>,
    invite: &Invite,
    member: &Member,
) -> Result<Taken, Problem> {
    let (workspace, from) = (&comer.workspace.id, invite.id.as_str());
    let reads = [access::held_by(workspace, &[from]), access::groups_of(workspace, &[from])];
    let answers = cx.db().batch(&reads).await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let offered = access::held_from_rows(rows(0))?;
    let kept = supersede::uphold(cx, comer.workspace, invite, &offered).await?;
    change.write(kept.iter().flatten().cloned());
    change.write([guard::invite(workspace, &invite.id, invite.revision)]);
    change.write([invite::close(workspace, &invite.id, InviteStatus::Superseded, Some(&member.id), cx.now)]);
    change.write([member::insert(workspace, member, Some(&invite.id)), outbox::drop_unsent(workspace, from)]);
    let view = SupersededView { member: member.id.to_string(), kept: kept.is_some() };
    let (subject, event_type) = (("invite", from), EventType::InviteSuperseded);
    change.record(cx, Happened { event_type, subject, before: None, after: Some(&view) });
    if kept.is_none() {
        change.write([grants_store::delete_all(workspace, from), grants_store::leave_groups(workspace, from)]);
        return Ok(Taken::default());
    }
    change.write(grants_store::hand_over(workspace, from, member.id.as_str()));
    let groups = access::groups_from_rows(rows(1))?.into_values().flatten().collect();
    Ok((offered.into_iter().map(|held| (held.grant, held.via)).collect(), groups))
}

/// A page of requests to join.
pub(super) async fn list<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let status = cx.parameter("status").unwrap_or_else(|| "pending".to_owned());
    if !["pending", "approved", "denied"].contains(&status.as_str()) {
        return Err(Problem::new(Code::InvalidParameter, "`status` is pending, approved or denied"));
    }
    let inside = inside::enter(cx, Action::MemberView).await?;
    let found = domain::list_requests(cx.db(), &inside.workspace.id, &status, &page::read(cx)?).await?;
    let next_cursor = found.rows.last().filter(|_| found.has_more).map(|last| page::cursor(cx, last.id.as_str()));
    let data = found.rows.iter().map(JoinRequestView::from).collect();
    Ok(Reply::ok(&Page { data, next_cursor })?.version(inside.workspace.version))
}

/// The pending request that the path names, and what it is once decided, of which the person is told by mail.
async fn decide<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    status: &str,
) -> Result<(JoinRequest, JoinRequestView, Change), Problem> {
    let id: JoinRequestId = cx.parsed("jrq")?;
    let found = domain::find_request(cx.db(), &inside.workspace.id, &id).await?.ok_or_else(Problem::not_found)?;
    let before = JoinRequestView::from(&found);
    let mut change = Change::by(inside).matching(cx, &before)?;
    if found.status != "pending" {
        return Err(Problem::new(Code::RequestDecided, format!("this request is {} already", found.status)));
    }
    let (decided_at, decided_by) = (Some(cx.now), Some(inside.actor().id));
    let decided = JoinRequest { status: status.to_owned(), decided_at, decided_by, ..found };
    change.write(domain::decide(&inside.workspace.id, &decided));
    let mail = mail::DecisionMail {
        request_id: decided.id.as_str(),
        to: &decided.email,
        workspace: &inside.workspace,
        is_approved: status == "approved",
    };
    change.write(outbox::insert(&inside.workspace.id, &[mail::decision(cx, &mail)?], cx.now));
    Ok((decided, before, change))
}

/// Makes a member of somebody who asked. Whoever approves gives what the domain gives, and holds as much.
pub(super) async fn approve<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberInvite).await?;
    let (decided, before, mut change) = decide(cx, &inside, "approved").await?;
    if member::find(cx.db(), &inside.workspace.id, decided.account.as_str()).await?.is_some() {
        return Err(Problem::new(
            Code::AlreadyMember,
            "this person is a member by now; deny the request to be rid of it",
        ));
    }
    let found = domain::find(cx.db(), &inside.workspace.id, decided.domain.as_str()).await?;
    let open = super::domain::load(cx, found.into_iter().collect()).await?.pop().ok_or_else(Problem::not_found)?;
    let account: AccountId = decided.account.clone();
    let account = Account { id: account, email: decided.email.clone(), name: decided.name.clone() };
    let comer = Comer { workspace: &inside.workspace, domain: &open, account };
    let exprs: Vec<GrantExpr> = open.grants.iter().map(|grant| grant.expr.clone()).collect();
    check_ceiling(&slice(cx, comer.workspace, &named(&exprs)).await?, &inside.held, &exprs)?;
    change.write([domain::guard(&open.domain)]);
    let member = admit(cx, &mut change, &comer).await?;
    let after = JoinRequestView::from(&decided);
    let (subject, event_type) = (("join_request", decided.id.as_str()), EventType::JoinApproved);
    change.record(cx, Happened { event_type, subject, before: Some(&before), after: Some(&after) });
    let view = JoinView { outcome: "joined", member: Some(member), request: Some(after) };
    change.answer(cx, Reply::json(StatusCode::OK, &view)?).await
}

/// Turns somebody away who asked, for good: an invite is still open to them.
pub(super) async fn deny<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberInvite).await?;
    let (decided, before, mut change) = decide(cx, &inside, "denied").await?;
    let after = JoinRequestView::from(&decided);
    let (subject, event_type) = (("join_request", decided.id.as_str()), EventType::JoinDenied);
    change.record(cx, Happened { event_type, subject, before: Some(&before), after: Some(&after) });
    change.answer(cx, Reply::json(StatusCode::OK, &after)?).await
}
