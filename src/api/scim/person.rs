//! What a provider's words about somebody mean for the workspace: who they are, whether they are a member, what they hold.

use crate::host::{Db as _, Host};
use crate::model::audit::EventType;
use crate::model::{
    AccountId, Email, Grant, GrantExpr, GroupId, Holder, Invite, Member, Name, Provision, Via, check_owner_remains,
    is_owner,
};
use crate::scim::User;
use crate::store::access::{self, HolderGrant, ResourceRow};
use crate::store::account::{self, Account};
use crate::store::scim::user::{self, Key, ScimUser};
use crate::store::{grant as grants_store, guard, invite, member, outbox};
use crate::wire::member::MemberView;
use crate::wire::scim::EffectView;

use super::super::arrival;
use super::super::commit::{Change, Happened};
use super::super::context::Context;
use super::super::grant::{make, named, unique};
use super::super::problem::Problem;
use super::super::supersede;
use super::journal::Effects;
use super::provider::Provider;
use super::refusal::Refusal;

/// The address that somebody goes by: the userName where it is one, else the primary address.
///
/// # Errors
/// When there is none: nobody could sign in.
pub(super) fn address(user: &User) -> Result<Email, Refusal> {
    let by_name = user.user_name().parse().ok();
    let by_mail = || user.email().and_then(|email| email.parse().ok());
    by_name.or_else(by_mail).ok_or_else(|| {
        let detail = format!(
            "the userName `{}` is no e-mail address and `emails` has none: people sign in by their address, map one of both to it",
            user.user_name()
        );
        Refusal::value(detail)
    })
}

/// What somebody is called.
pub(super) fn name(user: &User, email: &Email) -> Name {
    let name = user.name().and_then(|name| name.parse().ok());
    name.or_else(|| email.local_part().parse().ok()).unwrap_or_else(Name::unknown)
}

/// All that a user who comes or changes rests on.
pub(super) struct Around {
    by_name: Option<ScimUser>,
    by_external_id: Option<ScimUser>,
    by_email: Option<ScimUser>,
    /// Whose address it is.
    pub(super) account: Option<Account>,
    /// True when the user's account belongs to another workspace too.
    pub(super) is_elsewhere: bool,
    /// What waits for them.
    groups: Vec<(String, GroupId, String)>,
    invite: Option<Invite>,
    offered: Vec<HolderGrant>,
    resources: Vec<ResourceRow>,
}

/// Reads it, in one round trip. `id` is the user's, where they are one.
pub(super) async fn look<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    (wanted, email): (&User, &Email),
    id: Option<&AccountId>,
) -> Result<Around, Refusal> {
    let workspace = &provider.workspace.id;
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let none = AccountId::from_bytes([0; 16]);
    let own = id.unwrap_or(&none);
    let statements = [
        user::by_key(workspace, &Key::Name(wanted.user_name().to_owned())),
        user::by_key(workspace, &Key::External(text(wanted.external_id()))),
        user::by_key(workspace, &Key::Email(email.to_string())),
        account::by_email(email),
        user::elsewhere(workspace, own),
        user::groups_of(workspace, &[own.as_str()]),
        invite::open_of(workspace, email.as_str(), cx.now),
        access::held_by_invitee(workspace, email.as_str(), cx.now),
        access::resources(workspace, &named(&provider.workspace.settings.provisioned_grants)),
    ];
    let answers = cx.db().batch(&statements).await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    Ok(Around {
        by_name: user::from_rows(rows(0))?.pop(),
        by_external_id: user::from_rows(rows(1))?.pop(),
        by_email: user::from_rows(rows(2))?.into_iter().find(|user| user.email == *email),
        account: account::from_rows(rows(3))?,
        is_elsewhere: !rows(4).is_empty(),
        groups: user::groups_from_rows(rows(5))?,
        invite: invite::from_rows(rows(6))?.pop(),
        offered: access::held_from_rows(rows(7))?,
        resources: access::resources_from_rows(rows(8))?,
    })
}

impl Around {
    /// Checks that nobody else has the userName, the provider's id or the address.
    ///
    /// # Errors
    /// 409 where somebody has.
    pub(super) fn check_free(&self, id: Option<&AccountId>) -> Result<(), Refusal> {
        let other =
            |found: &Option<ScimUser>| found.as_ref().filter(|user| Some(&user.id) != id).map(|user| user.id.clone());
        let taken = [("userName", &self.by_name), ("externalId", &self.by_external_id), ("address", &self.by_email)];
        match taken.into_iter().find_map(|(what, found)| other(found).map(|id| (what, id))) {
            Some((what, id)) => {
                Err(Refusal::taken(format!("the user {id} has this {what}; look them up by a filter and update them")))
            }
            None => Ok(()),
        }
    }
}

/// A member with all that they hold.
struct Standing {
    member: Member,
    grants: Vec<(Grant, Via)>,
    groups: Vec<(GroupId, Name)>,
}

async fn standing<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    id: &AccountId,
) -> Result<Option<Standing>, Refusal> {
    let (workspace, keys) = (&provider.workspace.id, [id.as_str()]);
    let reads =
        [member::by_keys(workspace, &keys), access::held_by(workspace, &keys), access::groups_of(workspace, &keys)];
    let answers = cx.db().batch(&reads).await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let grants = access::held_from_rows(rows(1))?.into_iter().map(|held| (held.grant, held.via)).collect();
    let groups = access::groups_from_rows(rows(2))?.remove(id.as_str()).unwrap_or_default();
    Ok(member::from_rows(rows(0))?.pop().map(|member| Standing { member, grants, groups }))
}

/// Takes somebody out of the workspace at once: the same as removing a member, and their sessions here end.
///
/// # Errors
/// 409 for the last owner.
pub(super) async fn revoke<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    id: &AccountId,
    (change, effects): (&mut Change, &mut Effects),
) -> Result<(), Refusal> {
    let workspace = &provider.workspace.id;
    let Some(found) = standing(cx, provider, id).await? else { return Ok(()) };
    if is_owner(found.grants.iter().map(|(grant, _)| &grant.expr)) {
        let others = access::has_other_owner(cx.db(), workspace, id.as_str()).await?;
        check_owner_remains(true, false, others).map_err(Problem::from)?;
    }
    change.write([guard::member(workspace, id.as_str()), user::deactivate(workspace, id)]);
    change.write(member::delete(workspace, id, cx.now));
    change.write([user::end_sessions(workspace, id)]);
    let view = MemberView::new(&found.member, &found.grants, &found.groups, &provider.workspace);
    let subject = ("member", id.as_str());
    change.record(cx, Happened { event_type: EventType::MemberRemoved, subject, before: Some(&view), after: None });
    let grants = found.grants.iter().map(|(grant, _)| grant.expr.to_string()).collect();
    effects.push(EffectView::lost(vec![id.to_string()], grants, None));
    Ok(())
}

/// What everyone gets whom the provider brings: membership, and the workspace's provisioned grants as far as they can be given.
fn provisioned(provider: &Provider, around: &Around) -> Vec<GrantExpr> {
    let is_there = |grant: &&GrantExpr| {
        named([*grant]).iter().all(|resource| around.resources.iter().any(|row| row.reference == *resource))
    };
    let member: Option<GrantExpr> = "workspace_member".parse().ok();
    let provisioned = provider.workspace.settings.provisioned_grants.iter().filter(is_there);
    unique(member.iter().chain(provisioned))
}

/// Makes a member of somebody who is none. What they were invited to they keep, if whoever gave it still may; else they get what
/// everyone gets. The groups of the provider that they are in take them back by themselves.
///
/// # Errors
/// When the database fails; the seat is a rule of the commit.
pub(super) async fn admit<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    (account, around): (&Account, &Around),
    (change, effects): (&mut Change, &mut Effects),
) -> Result<(), Refusal> {
    let workspace = &provider.workspace;
    let offer = match &around.invite {
        Some(invite) => supersede::uphold(cx, workspace, invite, &around.offered).await?,
        None => None,
    };
    let exprs = if offer.is_some() { Vec::new() } else { provisioned(provider, around) };
    let made: Vec<Grant> = make(cx, provider.token.id.as_str(), &exprs);
    let member = Member {
        id: account.id.clone(),
        email: account.email.clone(),
        name: account.name.clone(),
        provisioned_by: Provision::Scim,
        joined_at: cx.now,
        last_active_at: None,
        is_sso_exempt: false,
    };
    change.write([invite::expire_due(&workspace.id, cx.now)]);
    if let Some(invite) = &around.invite {
        arrival::close(cx, workspace, invite, account, offer.is_some(), change);
    }
    change.write(offer.iter().flatten().cloned());
    change.write([member::insert(&workspace.id, &member, around.invite.as_ref().map(|invite| &invite.id))]);
    change.write(grants_store::insert(&workspace.id, &Holder::Member(account.id.clone()), &made));
    if let Some(invite) = &around.invite {
        hand_over(provider, invite, &account.id, offer.is_some(), change);
    }
    let offered = around.offered.iter().filter(|_| offer.is_some()).map(|held| (held.grant.clone(), held.via.clone()));
    let mut grants: Vec<(Grant, Via)> = made.into_iter().map(|grant| (grant, Via::Direct)).chain(offered).collect();
    grants.extend(by_groups(cx, provider, around).await?);
    tell_joined(cx, provider, (&member, &grants, around), (change, effects));
    Ok(())
}

/// Gives the member what the invite holds, or drops that.
fn hand_over(provider: &Provider, invite: &Invite, account: &AccountId, is_kept: bool, change: &mut Change) {
    let (workspace, from) = (&provider.workspace.id, invite.id.as_str());
    change.write(if is_kept {
        grants_store::hand_over(workspace, from, account.as_str())
    } else {
        vec![grants_store::delete_all(workspace, from), grants_store::leave_groups(workspace, from)]
    });
    change.write([outbox::drop_unsent(workspace, from)]);
}

/// What the groups give that wait for somebody.
async fn by_groups<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    around: &Around,
) -> Result<Vec<(Grant, Via)>, Refusal> {
    if around.groups.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = around.groups.iter().map(|(_, group, _)| group.as_str()).collect();
    let held = access::held_from_rows(&cx.db().query(&access::held_by(&provider.workspace.id, &ids)).await?)?;
    let via = |held: &HolderGrant| {
        let (_, id, name) = around.groups.iter().find(|(_, group, _)| group.as_str() == held.holder)?;
        Some(Via::Group { id: id.clone(), name: name.parse().ok()? })
    };
    Ok(held.into_iter().filter_map(|held| via(&held).map(|via| (held.grant, via))).collect())
}

fn tell_joined<H: Host>(
    cx: &Context<'_, H>,
    provider: &Provider,
    (member, grants, around): (&Member, &[(Grant, Via)], &Around),
    (change, effects): (&mut Change, &mut Effects),
) {
    let groups = around.groups.iter().filter_map(|(_, id, name)| Some((id.clone(), name.parse().ok()?)));
    let view = MemberView::new(member, grants, &groups.collect::<Vec<_>>(), &provider.workspace);
    let subject = ("member", member.id.as_str());
    change.record(cx, Happened { event_type: EventType::MemberJoined, subject, before: None, after: Some(&view) });
    let texts = grants.iter().map(|(grant, _)| grant.expr.to_string()).collect();
    effects.push(EffectView::gained(vec![member.id.to_string()], texts, None));
}
