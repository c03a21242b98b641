//! Invites as administrators handle them.

use http::StatusCode;

use crate::host::{Db as _, Host, Row};
use crate::model::audit::EventType;
use crate::model::{
    Action, Delivery, DeliveryStatus, Email, Grant, GrantExpr, GroupId, Holder, Invite, InviteId, InviteStatus, Name,
    Secret, SecretKind, Via,
};
use crate::policy;
use crate::store::outbox::Owed;
use crate::store::{access, grant, group, guard, invite, member, outbox};
use crate::wire::Page;
use crate::wire::grant::{GrantView, GroupView};
use crate::wire::invite::{
    Deliver, DeliveryView, InvitePatch, InviteView, InvitesView, NewInvites, Offered, ResendBody, Skipped,
};
use crate::wire::secret::SecretView;

use super::commit::{Change, Happened};
use super::context::Context;
use super::grant::{check_ceiling, check_giving, check_plan, make};
use super::inside::{self, Inside};
use super::mail::{self, InviteMail};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{body, idempotency, page};

/// What an invite offers.
#[derive(Debug, Default)]
pub(super) struct Offer {
    /// The grants of its own.
    pub(super) grants: Vec<Grant>,
    /// The groups.
    pub(super) groups: Vec<(GroupId, Name)>,
    /// How far the mail that carries it has come.
    pub(super) delivery: Option<Delivery>,
}

/// Reads what invites offer, or had offered when they were closed.
pub(super) async fn offers<H: Host>(
    cx: &Context<'_, H>,
    inside_of: &crate::model::WorkspaceId,
    invites: &[Invite],
) -> Result<Vec<Offer>, Problem> {
    let ids: Vec<&str> = invites.iter().map(|invite| invite.id.as_str()).collect();
    let mut statements = vec![access::held_by(inside_of, &ids), access::groups_of(inside_of, &ids)];
    statements.extend(invite::offers(inside_of, &ids));
    statements.push(outbox::deliveries(inside_of, &ids));
    let answers = cx.db().batch(&statements).await?;
    let rows = |index: usize| -> &[Row] { answers.get(index).map_or(&[], Vec::as_slice) };
    let mut held = access::held_from_rows(rows(0))?;
    held.extend(access::held_from_rows(rows(2))?);
    let mut groups = access::groups_from_rows(rows(1))?;
    groups.extend(access::groups_from_rows(rows(3))?);
    let mut deliveries = outbox::deliveries_from_rows(rows(4))?;
    let offer = |invite: &Invite| {
        let own = held.iter().filter(|held| held.holder == invite.id.as_str() && held.via == Via::Direct);
        Offer {
            grants: own.map(|held| held.grant.clone()).collect(),
            groups: groups.remove(invite.id.as_str()).unwrap_or_default(),
            delivery: deliveries.remove(invite.id.as_str()),
        }
    };
    Ok(invites.iter().map(offer).collect())
}

fn view<H: Host>(cx: &Context<'_, H>, inside: &Inside, invite: &Invite, offer: &Offer) -> InviteView {
    let grants = offer.grants.iter().map(|grant| GrantView::new(grant, &Via::Direct, &inside.workspace)).collect();
    let groups = offer.groups.iter().map(|(id, name)| GroupView::new(id, name)).collect();
    let delivery = offer.delivery.as_ref().map(DeliveryView::from);
    InviteView { delivery, ..InviteView::new(invite, grants, groups, cx.now) }
}

/// A page of invites, all or of one status.
pub(super) async fn list<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let status: Option<InviteStatus> = match cx.parameter("status") {
        Some(text) => Some(text.parse().map_err(|()| {
            Problem::new(Code::InvalidParameter, "`status` is pending, expired, accepted, canceled or superseded")
        })?),
        None => None,
    };
    let inside = inside::enter(cx, Action::MemberView).await?;
    let found = invite::list(cx.db(), &inside.workspace.id, status, cx.now, &page::read(cx)?).await?;
    let next_cursor = found.rows.last().filter(|_| found.has_more).map(|last| page::cursor(cx, last.id.as_str()));
    let offers = offers(cx, &inside.workspace.id, &found.rows).await?;
    let data = found.rows.iter().zip(&offers).map(|(invite, offer)| view(cx, &inside, invite, offer)).collect();
    Ok(Reply::ok(&Page { data, next_cursor })?.version(inside.workspace.version))
}

/// The invite that the path names, with what it offers.
async fn find<H: Host>(cx: &Context<'_, H>, inside: &Inside) -> Result<(Invite, Offer), Problem> {
    let id: InviteId = cx.parsed("inv")?;
    let found = invite::find(cx.db(), &inside.workspace.id, &id).await?.ok_or_else(Problem::not_found)?;
    let offer = offers(cx, &inside.workspace.id, std::slice::from_ref(&found)).await?.pop().unwrap_or_default();
    Ok((found, offer))
}

/// The invite that the path names, with what it offers, and a change of it that `If-Match` allows.
async fn find_to_change<H: Host>(cx: &Context<'_, H>, inside: &Inside) -> Result<(Invite, Offer, Change), Problem> {
    let (found, offer) = find(cx, inside).await?;
    let change = Change::by(inside).matching(cx, &view(cx, inside, &found, &offer))?;
    Ok((found, offer, change))
}

/// Shows an invite.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberView).await?;
    let (found, offer) = find(cx, &inside).await?;
    Ok(Reply::ok(&view(cx, &inside, &found, &offer))?.tagged())
}

/// Invites up to 100 addresses; those that are members or invited already are skipped and named.
pub(super) async fn create<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberInvite).await?;
    let body: NewInvites = body::json(cx.request)?;
    let offered = body.parse()?;
    let mut change = Change::by(&inside).making(cx)?;
    let mut groups = Vec::new();
    for (index, offer) in offered.iter().enumerate() {
        check_giving(cx, &inside, &offer.grants, &format!("/invites/{index}/grants")).await?;
        groups.push(find_groups(cx, &inside, &offer.groups, &format!("/invites/{index}/groups")).await?);
    }
    let means: Vec<_> = offered.iter().zip(&groups).map(|(offer, groups)| invites(offer, groups)).collect();
    let (wanted, skipped) = sift(cx, &inside, offered.into_iter().zip(groups).collect()).await?;

    change.means(means);
    let made: Vec<Made> = wanted.into_iter().map(|(offered, groups)| make_one(cx, &inside, offered, groups)).collect();
    add(cx, &inside, &mut change, &made, body.deliver)?;
    let data = made.iter().map(|one| shown(cx, &inside, one, body.deliver)).collect();
    let reply = Reply::secretive(StatusCode::CREATED, InvitesView { data, skipped })?;
    let is_nothing = made.is_empty() && !cx.is_dry_run;
    if is_nothing { idempotency::unchanged(cx, &inside.workspace, reply).await } else { change.answer(cx, reply).await }
}

fn invites(offer: &Offered, groups: &[(GroupId, Name)]) -> policy::Change {
    let groups = groups.iter().map(|(id, _)| id.clone()).collect();
    policy::Change::Invite { email: offer.email.clone(), grants: offer.grants.clone(), groups }
}

type Wanted = (Offered, Vec<(GroupId, Name)>);

/// Tells the addresses to invite from those that are members, invited already or named twice.
async fn sift<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    offered: Vec<Wanted>,
) -> Result<(Vec<Wanted>, Vec<Skipped>), Problem> {
    let emails: Vec<&Email> = offered.iter().map(|(offer, _)| &offer.email).collect();
    let id = &inside.workspace.id;
    let answers =
        cx.db().batch(&[member::emails_present(id, &emails), invite::emails_live(id, &emails, cx.now)]).await?;
    let rows = |index: usize| -> &[Row] { answers.get(index).map_or(&[], Vec::as_slice) };
    let members = member::emails_from_rows(rows(0))?;
    let mut invited = member::emails_from_rows(rows(1))?;
    let (mut wanted, mut skipped) = (Vec::new(), Vec::new());
    for offer in offered {
        let email = offer.0.email.clone();
        if members.contains(&email) {
            skipped.push(Skipped { email: email.to_string(), reason: "already_member" });
        } else if invited.contains(&email) {
            skipped.push(Skipped { email: email.to_string(), reason: "already_invited" });
        } else {
            invited.push(email);
            wanted.push(offer);
        }
    }
    Ok((wanted, skipped))
}

fn ids(offer: &Offer) -> Vec<GroupId> {
    offer.groups.iter().map(|(id, _)| id.clone()).collect()
}

fn exprs(offer: &Offer) -> Vec<GrantExpr> {
    offer.grants.iter().map(|grant| grant.expr.clone()).collect()
}

/// An invite that is about to be made.
#[derive(Debug)]
pub(super) struct Made {
    /// The invite.
    pub(super) invite: Invite,
    /// The secret of its link.
    pub(super) secret: Secret,
    /// What it offers.
    pub(super) offer: Offer,
}

/// Makes an invite of what a request offers, whose groups were found.
pub(super) fn make_one<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    offered: Offered,
    groups: Vec<(GroupId, Name)>,
) -> Made {
    let invite = Invite {
        id: cx.id(InviteId::new),
        email: offered.email,
        name: offered.name,
        stored: InviteStatus::Pending,
        invited_by: inside.actor().id,
        created_at: cx.now,
        sent_at: cx.now,
        sent_count: 1,
        expires_at: cx.now.plus_hours(inside.workspace.settings.invite_ttl_hours),
        revision: 1,
        accepted_by: None,
        opened_at: None,
        reminded_at: None,
    };
    let grants = make(cx, &invite.invited_by, &offered.grants);
    Made { invite, secret: cx.secret(SecretKind::Invite), offer: Offer { grants, groups, delivery: None } }
}

/// Adds invites to a change: what they offer, the mails that they owe and their events.
pub(super) fn add<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    change: &mut Change,
    made: &[Made],
    deliver: Deliver,
) -> Result<(), Problem> {
    let workspace = &inside.workspace.id;
    change.write([invite::expire_due(workspace, cx.now)]);
    change.write(invite::insert(workspace, made.iter().map(|one| (&one.invite, one.secret.hash()))));
    let grants = made.iter().flat_map(|one| one.offer.grants.iter().map(|grant| (one.invite.id.as_str(), grant)));
    change.write(grant::insert_all(workspace, grants));
    let groups = made.iter().flat_map(|one| one.offer.groups.iter().map(|(group, _)| (one.invite.id.as_str(), group)));
    change.write(group::join(workspace, groups, cx.now));
    if deliver == Deliver::Email {
        let mails: Result<Vec<_>, _> = made.iter().map(|one| letter(cx, inside, &one.invite, &one.secret)).collect();
        change.write(outbox::insert(workspace, &mails?, cx.now));
    }
    for one in made {
        let view = InviteView { accept_url: None, ..shown(cx, inside, one, deliver) };
        let subject = ("invite", view.id.as_str());
        change.record(cx, Happened { event_type: EventType::InviteSent, subject, before: None, after: Some(&view) });
    }
    Ok(())
}

/// An invite as the answer that made it shows it: with its link, where that isn't mailed.
fn shown<H: Host>(cx: &Context<'_, H>, inside: &Inside, made: &Made, deliver: Deliver) -> InviteView {
    let view = view(cx, inside, &made.invite, &made.offer);
    let delivery = queued(cx, deliver).as_ref().map(DeliveryView::from);
    InviteView { delivery, accept_url: link(cx, &made.secret, deliver), ..view }
}

/// The link of an invite for the answer, where it isn't mailed.
pub(super) fn link<H: Host>(cx: &Context<'_, H>, secret: &Secret, deliver: Deliver) -> Option<SecretView> {
    (deliver == Deliver::Link).then(|| SecretView::Shown(mail::accept_url(cx, secret)))
}

/// How far a mail has come that is about to be owed.
fn queued<H: Host>(cx: &Context<'_, H>, deliver: Deliver) -> Option<Delivery> {
    let queued = Delivery { status: DeliveryStatus::Queued, tries: 0, last_error: None, at: cx.now };
    (deliver == Deliver::Email).then_some(queued)
}

/// The mail that carries the link of an invite.
fn letter<H: Host>(cx: &Context<'_, H>, inside: &Inside, invite: &Invite, secret: &Secret) -> Result<Owed, Problem> {
    let (invite_id, workspace) = (invite.id.as_str(), inside.workspace.name.as_str());
    let url = mail::accept_url(cx, secret);
    mail::invite(cx, &InviteMail { invite_id, to: &invite.email, workspace, url: &url, expires_at: invite.expires_at })
}

/// The groups of these ids. Whoever lets somebody into a group gives what it holds.
async fn find_groups<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    ids: &[String],
    path: &str,
) -> Result<Vec<(GroupId, Name)>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = group::names(cx.db(), &inside.workspace.id, ids).await?;
    if let Some(index) = ids.iter().position(|id| !found.iter().any(|(known, _)| known.as_str() == id)) {
        return Err(body::issue(
            format!("{path}/{index}"),
            "unknown_group",
            "there is no such group here, or an identity provider says who is in it",
        ));
    }
    let holders: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
    let rows = cx.db().query(&access::held_by(&inside.workspace.id, &holders)).await?;
    let conferred: Vec<GrantExpr> = access::held_from_rows(&rows)?.into_iter().map(|held| held.grant.expr).collect();
    let snapshot = super::grant::slice(cx, &inside.workspace, &super::grant::named(&conferred)).await?;
    check_ceiling(&snapshot, &inside.held, &conferred)?;
    Ok(found)
}

/// Changes what an open invite offers.
pub(super) async fn update<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let patch: InvitePatch = body::json(cx.request)?;
    let wanted = patch.parse()?;
    let inside = inside::enter(cx, Action::MemberInvite).await?;
    let (mut found, before, mut change) = find_to_change(cx, &inside).await?;
    found.check_open(cx.now)?;
    let grants = match &wanted {
        Some(exprs) => {
            check_giving(cx, &inside, exprs, "/grants").await?;
            make(cx, &inside.actor().id, exprs)
        }
        None => before.grants.clone(),
    };
    let groups = match &patch.groups {
        Some(ids) => find_groups(cx, &inside, ids, "/groups").await?,
        None => before.groups.clone(),
    };
    let after = Offer { grants, groups, delivery: before.delivery.clone() };

    let (workspace, id) = (&inside.workspace.id, found.id.clone());
    let (email, grants, groups) = (found.email.clone(), exprs(&after), ids(&after));
    if found.status(cx.now) == InviteStatus::Pending {
        change.means([policy::Change::SetOffer { email, grants, groups }]);
    }
    change.write([guard::invite(workspace, &id, found.revision), invite::touch(workspace, &id)]);
    change.write([grant::delete_all(workspace, id.as_str()), grant::leave_groups(workspace, id.as_str())]);
    change.write(grant::insert(workspace, &Holder::Invite(id.clone()), &after.grants));
    change.write(group::join(workspace, after.groups.iter().map(|(group, _)| (id.as_str(), group)), cx.now));
    let (old, new) = (view(cx, &inside, &found, &before), view(cx, &inside, &found, &after));
    let subject = ("invite", id.as_str());
    change
        .record(cx, Happened { event_type: EventType::InviteUpdated, subject, before: Some(&old), after: Some(&new) });
    let version = change.commit(cx).await?;
    found.revision += 1;
    Ok(Reply::ok(&new)?.tagged().version(version))
}

/// Sends a new link with a new expiry; the old one is dead. Who sends it vouches for it from now on.
pub(super) async fn resend<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberInvite).await?;
    let body: ResendBody = body::json_or_default(cx.request)?;
    let (mut found, mut offer, mut change) = find_to_change(cx, &inside).await?;
    found.check_open(cx.now)?;
    let exprs = exprs(&offer);
    check_plan(&inside.workspace, &exprs)?;
    let snapshot = super::grant::slice(cx, &inside.workspace, &super::grant::named(&exprs)).await?;
    check_ceiling(&snapshot, &inside.held, &exprs)?;
    let groups: Vec<String> = offer.groups.iter().map(|(id, _)| id.to_string()).collect();
    find_groups(cx, &inside, &groups, "/groups").await?;
    check_address(cx, &inside, &found).await?;

    let renewed = policy::Change::Invite { email: found.email.clone(), grants: exprs, groups: ids(&offer) };
    let renewed = (found.status(cx.now) != InviteStatus::Pending).then_some(renewed);
    let before = view(cx, &inside, &found, &offer);
    let revision = found.revision;
    let sender = inside.actor().id;
    found.expires_at = cx.now.plus_hours(inside.workspace.settings.invite_ttl_hours);
    found = Invite {
        stored: InviteStatus::Pending,
        sent_at: cx.now,
        sent_count: found.sent_count + 1,
        invited_by: sender.clone(),
        reminded_at: None,
        ..found
    };
    offer.grants.iter_mut().for_each(|grant| grant.created_by.clone_from(&sender));
    let secret = cx.secret(SecretKind::Invite);
    let (workspace, id) = (&inside.workspace.id, found.id.clone());
    change.means(renewed);
    change.write([invite::expire_due(workspace, cx.now), guard::invite(workspace, &id, revision)]);
    change.write(invite::renew(workspace, &found, &secret.hash()));
    change.write([outbox::drop_unsent(workspace, id.as_str())]);
    offer.delivery = queued(cx, body.deliver);
    let mut view = view(cx, &inside, &found, &offer);
    let subject = ("invite", id.as_str());
    change.record(
        cx,
        Happened { event_type: EventType::InviteResent, subject, before: Some(&before), after: Some(&view) },
    );
    if body.deliver == Deliver::Email {
        change.write(outbox::insert(workspace, &[letter(cx, &inside, &found, &secret)?], cx.now));
    }
    view.accept_url = link(cx, &secret, body.deliver);
    change.answer(cx, Reply::secretive(StatusCode::OK, view)?).await
}

/// An expired invite is over for good when its address joined or got another invite since.
async fn check_address<H: Host>(cx: &Context<'_, H>, inside: &Inside, found: &Invite) -> Result<(), Problem> {
    let (id, email) = (&inside.workspace.id, [&found.email]);
    let answers = cx.db().batch(&[member::emails_present(id, &email), invite::emails_live(id, &email, cx.now)]).await?;
    let is_there = |index: usize| answers.get(index).is_some_and(|rows| !rows.is_empty());
    if is_there(0) {
        return Err(Problem::new(
            Code::AlreadyMember,
            format!("{} is a member of this workspace already", found.email),
        ));
    }
    if is_there(1) && found.status(cx.now) != InviteStatus::Pending {
        let detail = format!("{} has another invite that is pending; send that one again", found.email);
        return Err(Problem::new(Code::AlreadyInvited, detail));
    }
    Ok(())
}

/// Takes an open invite back.
pub(super) async fn cancel<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberInvite).await?;
    let (found, offer, mut change) = find_to_change(cx, &inside).await?;
    found.check_open(cx.now)?;
    let (workspace, id) = (&inside.workspace.id, found.id.clone());
    change.means([policy::Change::CancelInvite { email: found.email.clone() }]);
    change.write([guard::invite(workspace, &id, found.revision)]);
    change.write(invite::cancel(workspace, &id, cx.now));
    change.write([outbox::drop_unsent(workspace, id.as_str())]);
    let before = view(cx, &inside, &found, &offer);
    let subject = ("invite", id.as_str());
    change.record(cx, Happened { event_type: EventType::InviteCanceled, subject, before: Some(&before), after: None });
    let version = change.commit(cx).await?;
    Ok(Reply::no_content().version(version))
}
