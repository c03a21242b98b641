//! Somebody arrives by an identity provider: who they are here, whether they may come in, and what they hold from now on.
//!
//! What a provider says decides about the groups that its connection manages and about nothing else.

use crate::host::{Db as _, DbError, Host, Statement};
use crate::model::audit::{Actor, Channel, EventType};
use crate::model::{
    AccountId, Connection, Email, Grant, GrantExpr, GrantId, GroupId, Holder, Invite, InviteStatus, Member, Name,
    Provision, Sync, Timestamp, Via, Workspace,
};
use crate::store::account::{self, Account};
use crate::store::arrival::{self, Found, Mapped};
use crate::store::{activity, connection, grant as grants_store, group, guard, invite, member, outbox};
use crate::wire::connection::SignInView;
use crate::wire::invite::SupersededView;
use crate::wire::member::MemberView;

use super::commit::{Change, Happened};
use super::context::Context;
use super::grant::named;
use super::problem::{Code, Problem};
use super::session;
use super::supersede;

/// A person as a provider describes them, believed as far as its signature goes.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// The provider's own name for them.
    pub(super) subject: String,
    /// The address.
    pub(super) email: Option<String>,
    /// True when the provider says that it has verified the address.
    pub(super) is_email_verified: bool,
    /// The name.
    pub(super) name: Option<String>,
    /// The groups; `None` where nothing is said of groups.
    pub(super) groups: Option<Vec<String>>,
    /// When the provider says that the session ends.
    pub(super) session_until: Option<Timestamp>,
}

/// What an arrival means.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    /// Who they are.
    pub(super) account: Account,
    /// True for somebody whom nobody knew.
    is_new_account: bool,
    /// True for the first login by this connection.
    is_new_identity: bool,
    /// The member that they are already.
    pub(super) member: Option<Member>,
    /// The groups that they join.
    pub(super) joins: Vec<Mapped>,
    /// The groups that they leave.
    leaves: Vec<Mapped>,
    /// What they were invited to.
    invite: Option<Invite>,
    /// True when the workspace vouches for the address: the session is as good as one that a mail opened.
    is_address_proven: bool,
    /// What they get by themselves, where neither a group nor an invite gives anything.
    pub(super) provisioned: Vec<GrantExpr>,
}

/// What can happen once, and the refusal of the second time.
pub(super) struct Once {
    /// Writes it down, or aborts.
    pub(super) statement: Statement,
    /// The refusal.
    pub(super) refusal: Problem,
}

/// All that an arrival rests on, read while what happens once is written down.
pub(super) async fn look<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    connection: &Connection,
    person: &Person,
    once: Option<Once>,
) -> Result<Found, Problem> {
    let email: Option<Email> = person.email.as_deref().and_then(|email| email.parse().ok());
    let resources = named(&workspace.settings.provisioned_grants);
    let email = arrival::address(email.as_ref());
    let mut statements = arrival::read(connection, &person.subject, email, &resources, cx.now);
    let refusal = once.map(|Once { statement, refusal }| {
        statements.push(statement);
        refusal
    });
    match (cx.db().batch(&statements).await, refusal) {
        (Err(DbError::Conflict(_)), Some(refusal)) => Err(refusal),
        (answers, _) => Ok(arrival::from_rows(&answers?)?),
    }
}

/// The address, where somebody vouches for it: the provider, or the workspace, which has verified the domain.
fn believed(person: &Person, found: &Found) -> Result<Email, Problem> {
    let missing = || {
        let detail = "the identity provider gave no `email`; release that claim to this application";
        Problem::new(Code::EmailMissing, detail)
    };
    let text = person.email.as_deref().ok_or_else(missing)?;
    let email: Email =
        text.parse().map_err(|error: crate::model::TextError| Problem::new(Code::EmailInvalid, error.to_string()))?;
    if person.is_email_verified || found.is_domain_verified {
        return Ok(email);
    }
    let detail = format!(
        "the identity provider doesn't say that {email} is verified (`email_verified`), and its domain isn't verified for this \
         workspace; verify the domain, or have the provider say so"
    );
    Err(Problem::new(Code::EmailUnverified, detail))
}

/// What an arrival means.
///
/// # Errors
/// When it isn't known whom the provider means.
pub(super) fn judge<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    connection: &Connection,
    person: &Person,
    found: &Found,
) -> Result<Verdict, Problem> {
    let (account, is_new_account) = whom(cx, person, found)?;
    let is_new_identity = found.known.is_none();
    let member = found.members.iter().find(|member| member.id == account.id).cloned();
    let is_in = |mapped: &&Mapped| found.joined.iter().any(|(holder, id)| *holder == account.id && *id == mapped.id);
    let is_named = |mapped: &&Mapped| person.groups.iter().flatten().any(|group| *group == mapped.claim);
    let applies = connection.sync == Sync::EachLogin || is_new_identity || member.is_none();
    let joins: Vec<Mapped> =
        found.mapped.iter().filter(|mapped| applies && is_named(mapped) && !is_in(mapped)).cloned().collect();
    // A provider that says nothing of groups takes nobody out of one.
    let is_told = person.groups.is_some() && connection.sync == Sync::EachLogin;
    let leaves = found.mapped.iter().filter(|mapped| is_told && is_in(mapped) && !is_named(mapped)).cloned().collect();
    let is_own = |email: &str| email.parse().is_ok_and(|email: Email| email == account.email);
    let is_own_address = person.email.as_deref().is_some_and(is_own);
    let is_believed = person.is_email_verified || found.is_domain_verified;
    let invite = found.invite.clone().filter(|_| is_own_address && is_believed && member.is_none());
    let is_given = !joins.is_empty() || member.is_some();
    Ok(Verdict {
        is_new_account,
        is_new_identity,
        leaves,
        invite,
        is_address_proven: is_own_address && found.is_domain_verified,
        provisioned: if is_given { Vec::new() } else { provisioned(workspace, found) },
        joins,
        member,
        account,
    })
}

/// The account that a provider means: the one that it meant before by this subject, or that of the address, or a new one.
fn whom<H: Host>(cx: &Context<'_, H>, person: &Person, found: &Found) -> Result<(Account, bool), Problem> {
    if let Some(known) = &found.known {
        return Ok((known.clone(), false));
    }
    let email = believed(person, found)?;
    match &found.by_email {
        Some(account) if found.is_other_subject => Err(Problem::new(
            Code::IdentityConflict,
            format!(
                "the identity provider meant another person by {} before (another `sub`). Addresses compare without case, and \
                 `name+alias@` is another address than `name@`; if both are one person, delete one of the two there",
                account.email
            ),
        )),
        Some(account) => Ok((account.clone(), false)),
        None => {
            let name = person.name.as_deref().and_then(|name| name.parse().ok());
            let name = name.or_else(|| email.local_part().parse().ok()).unwrap_or_else(Name::unknown);
            Ok((Account { id: cx.id(AccountId::new), email, name }, true))
        }
    }
}

/// The workspace's provisioned grants, but for those on resources that are gone.
fn provisioned(workspace: &Workspace, found: &Found) -> Vec<GrantExpr> {
    let is_there = |grant: &&GrantExpr| {
        named([*grant]).iter().all(|resource| found.resources.iter().any(|row| row.reference == *resource))
    };
    super::grant::unique(workspace.settings.provisioned_grants.iter().filter(is_there))
}

/// Lets somebody in: makes the account and the member where there are none, sets the groups, opens a session. Answers its
/// cookie.
///
/// # Errors
/// When they may not come in.
pub(super) async fn admit<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    connection: &Connection,
    person: &Person,
    mut once: Option<Once>,
) -> Result<String, Problem> {
    let mut keeps_groups = false;
    for _ in 0..super::ATTEMPTS {
        let found = look(cx, workspace, connection, person, once.take()).await?;
        let mut verdict = judge(cx, workspace, connection, person, &found)?;
        if keeps_groups {
            verdict.leaves.clear();
        }
        match settle(cx, workspace, connection, person, &found, &verdict).await {
            // The last owner stays one, whatever the provider says, and gets in to name another.
            Err(problem) if problem.code == Code::LastOwner && !keeps_groups => keeps_groups = true,
            Err(problem) if problem.is_stale => {}
            Err(problem) => return Err(explain(problem, &verdict)),
            Ok(cookie) => return Ok(cookie),
        }
    }
    let detail = "others changed the same thing at the same moment; sign in again";
    Err(Problem::new(Code::Conflict, detail))
}

/// Who finds no seat is told whose it would have been: often the person is there under another address.
fn explain(problem: Problem, verdict: &Verdict) -> Problem {
    if problem.code != Code::SeatLimitReached {
        return problem;
    }
    let detail = format!(
        "no seat is free for {}, who is no member yet; an administrator can free one or raise the limit. Who is a member under \
         another address (`name+alias@` is another one than `name@`) signs in by that",
        verdict.account.email
    );
    Problem { detail, ..problem }
}

async fn settle<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    connection: &Connection,
    person: &Person,
    found: &Found,
    verdict: &Verdict,
) -> Result<String, Problem> {
    let Verdict { account, member, joins, leaves, .. } = verdict;
    let actor = Actor { kind: "member", id: account.id.to_string(), email: Some(account.email.to_string()) };
    let mut change = Change::new(&workspace.id, actor, Channel::Jit);
    change.write([connection::guard(connection)]);
    if verdict.is_new_account {
        change.write([account::insert(account, cx.now)]);
    }
    if verdict.is_new_identity {
        change.write([arrival::insert_identity(connection, &person.subject, &account.id, cx.now)]);
    }
    match member {
        Some(member) => {
            change.write([guard::member(&workspace.id, account.id.as_str())]);
            change.write([activity::touch_member(&workspace.id, &member.id, cx.now, cx.now.plus_hours(-1))]);
            tell_groups(cx, &mut change, verdict);
        }
        None => join(cx, workspace, connection, found, verdict, &mut change).await?,
    }
    change.write(group::join(&workspace.id, joins.iter().map(|group| (account.id.as_str(), &group.id)), cx.now));
    change.write(leaves.iter().map(|group| group::expel(&workspace.id, &group.id, account.id.as_str())));

    change.write([connection::touch(connection, cx.now)]);
    let by = session::By {
        connection: &connection.id,
        workspace: (!verdict.is_address_proven).then_some(&workspace.id),
        until: person.session_until,
    };
    let (statement, cookie) = session::open_by(cx, &account.id, Some(&by));
    change.write([statement]);
    let view = SignInView { connection: connection.id.to_string() };
    let subject = ("member", account.id.as_str());
    change.record(cx, Happened { event_type: EventType::SsoSignedIn, subject, before: None, after: Some(&view) });
    if member.is_some() && joins.is_empty() && leaves.is_empty() {
        change.note(cx).await?;
    } else {
        change.commit(cx).await?;
    }
    Ok(cookie)
}

/// Tells which groups a member has joined and left.
fn tell_groups<H: Host>(cx: &Context<'_, H>, change: &mut Change, verdict: &Verdict) {
    let who = vec![verdict.account.id.to_string()];
    let event_type = EventType::GroupMembersChanged;
    for group in &verdict.joins {
        let subject = ("group", group.id.as_str());
        change.record(cx, Happened { event_type, subject, before: None, after: Some(&who) });
    }
    for group in &verdict.leaves {
        let subject = ("group", group.id.as_str());
        change.record(cx, Happened { event_type, subject, before: Some(&who), after: None });
    }
}

/// Makes a member of somebody who is none: with what their groups give, what they were invited to, or else what everyone gets.
async fn join<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    connection: &Connection,
    found: &Found,
    verdict: &Verdict,
    change: &mut Change,
) -> Result<(), Problem> {
    let account = &verdict.account;
    let offer = match &verdict.invite {
        Some(invite) => supersede::uphold(cx, workspace, invite, &found.offered).await?,
        None => None,
    };
    let member = Member {
        id: account.id.clone(),
        email: account.email.clone(),
        name: account.name.clone(),
        provisioned_by: Provision::Jit,
        joined_at: cx.now,
        last_active_at: Some(cx.now),
        is_sso_exempt: false,
    };
    let exprs = if offer.is_some() { Vec::new() } else { verdict.provisioned.clone() };
    let made: Vec<Grant> = super::grant::make(cx, connection.id.as_str(), &exprs);
    change.write([invite::expire_due(&workspace.id, cx.now)]);
    if let Some(invite) = &verdict.invite {
        close(cx, workspace, invite, account, offer.is_some(), change);
    }
    change.write(offer.iter().flatten().cloned());
    change.write([member::insert(&workspace.id, &member, verdict.invite.as_ref().map(|invite| &invite.id))]);
    change.write(grants_store::insert(&workspace.id, &Holder::Member(account.id.clone()), &made));
    if let Some(invite) = &verdict.invite {
        let (from, to) = (invite.id.as_str(), account.id.as_str());
        change.write(match &offer {
            Some(_) => grants_store::hand_over(&workspace.id, from, to),
            None => {
                vec![grants_store::delete_all(&workspace.id, from), grants_store::leave_groups(&workspace.id, from)]
            }
        });
        change.write([outbox::drop_unsent(&workspace.id, from)]);
    }
    let view = view(workspace, found, verdict, &member, made, offer.is_some());
    let subject = ("member", account.id.as_str());
    change.record(cx, Happened { event_type: EventType::MemberJoined, subject, before: None, after: Some(&view) });
    Ok(())
}

/// Closes the invite that an arrival makes needless.
pub(super) fn close<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    invite: &Invite,
    account: &Account,
    is_kept: bool,
    change: &mut Change,
) {
    change.write([
        guard::invite(&workspace.id, &invite.id, invite.revision),
        invite::close(&workspace.id, &invite.id, InviteStatus::Superseded, Some(&account.id), cx.now),
    ]);
    let view = SupersededView { member: account.id.to_string(), kept: is_kept };
    let subject = ("invite", invite.id.as_str());
    change.record(cx, Happened { event_type: EventType::InviteSuperseded, subject, before: None, after: Some(&view) });
}

/// The member as they are once the batch is through.
fn view(
    workspace: &Workspace,
    found: &Found,
    verdict: &Verdict,
    member: &Member,
    made: Vec<Grant>,
    keeps_offer: bool,
) -> MemberView {
    let offered = found.offered.iter().filter(|_| keeps_offer).map(|held| (held.grant.clone(), held.via.clone()));
    let mut grants: Vec<(Grant, Via)> = made.into_iter().map(|grant| (grant, Via::Direct)).chain(offered).collect();
    for group in &verdict.joins {
        let own = found.mapped_grants.iter().filter(|held| held.holder == group.id.as_str());
        let via = Via::Group { id: group.id.clone(), name: group.name.clone() };
        grants.extend(own.map(|held| (held.grant.clone(), via.clone())));
    }
    let groups: Vec<(GroupId, Name)> =
        verdict.joins.iter().map(|group| (group.id.clone(), group.name.clone())).collect();
    MemberView::new(member, &grants, &groups, workspace)
}

/// What somebody would hold who arrived like this: for a test.
pub(super) fn would_hold<H: Host>(cx: &Context<'_, H>, found: &Found, verdict: &Verdict) -> Vec<(Grant, Via)> {
    let made = verdict.provisioned.iter().map(|expr| {
        let grant =
            Grant { id: cx.id(GrantId::new), expr: expr.clone(), created_at: cx.now, created_by: String::new() };
        (grant, Via::Direct)
    });
    let mut grants: Vec<(Grant, Via)> = made.collect();
    for group in &verdict.joins {
        let own = found.mapped_grants.iter().filter(|held| held.holder == group.id.as_str());
        let via = Via::Group { id: group.id.clone(), name: group.name.clone() };
        grants.extend(own.map(|held| (held.grant.clone(), via.clone())));
    }
    grants
}
