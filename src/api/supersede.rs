//! What an invite offers, when its invitee comes in another way: they keep it if whoever gave it still may.

use crate::host::{Db as _, Host, Statement};
use crate::model::{Action, ActionSet, GrantExpr, Holder, Invite, Target, Via, Workspace};
use crate::policy::{Held, HeldGrant, Snapshot, evaluate, exceeding};
use crate::store::access::{self, HolderGrant};
use crate::store::{guard, token};

use super::context::Context;
use super::grant::{add_resources, named};
use super::problem::Problem;

/// Checks an offer as an acceptance does, in one round trip; answers the guards that it rests on, `None` where it can't be
/// kept.
///
/// # Errors
/// When the database fails.
pub(super) async fn uphold<H: Host>(
    cx: &Context<'_, H>,
    workspace: &Workspace,
    invite: &Invite,
    offered: &[HolderGrant],
) -> Result<Option<Vec<Statement>>, Problem> {
    if offered.iter().any(|held| held.via == Via::Direct && held.grant.expr.unmet_need(workspace).is_some()) {
        return Ok(None);
    }
    let giver = |held: &HolderGrant| match held.via {
        Via::Direct => held.grant.created_by.clone(),
        // Whoever lets somebody into a group gives what it holds.
        Via::Group { .. } => invite.invited_by.clone(),
    };
    let mut givers: Vec<String> = offered.iter().map(giver).chain([invite.invited_by.clone()]).collect();
    givers.sort();
    givers.dedup();
    let ids: Vec<&str> = givers.iter().map(String::as_str).collect();
    let exprs: Vec<GrantExpr> = offered.iter().map(|held| held.grant.expr.clone()).collect();
    let resources = access::resources(&workspace.id, &named(&exprs));
    let reads = [access::held_by(&workspace.id, &ids), token::actions_of(&workspace.id, &ids), resources];
    let answers = cx.db().batch(&reads).await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let (held, actions) = (access::held_from_rows(rows(0))?, token::actions_from_rows(rows(1))?);
    let holds = |giver: &str| Held {
        grants: held
            .iter()
            .filter(|held| held.holder == giver)
            .map(|held| HeldGrant { grant: held.grant.clone(), via: held.via.clone() })
            .collect(),
        actions: actions.iter().find(|(id, _)| id == giver).map_or(ActionSet::EMPTY, |(_, actions)| *actions),
    };
    let mut snapshot = Snapshot::new(workspace.clone());
    add_resources(&mut snapshot, access::resources_from_rows(rows(2))?);
    let inviter = holds(&invite.invited_by);
    let may_invite = evaluate(&snapshot, &inviter, Action::MemberInvite, &Target::Workspace);
    let exceeds = |held: &HolderGrant| !exceeding(&snapshot, &holds(&giver(held)), [&held.grant.expr]).is_empty();
    if !may_invite.allowed || offered.iter().any(exceeds) {
        return Ok(None);
    }
    let holder: Option<Holder> = invite.invited_by.parse().ok();
    let because = may_invite.because.into_iter().next().zip(holder);
    let guards =
        because.map(|(because, holder)| guard::authority(&workspace.id, &holder, &because.grant, &because.via));
    Ok(Some(guards.into_iter().collect()))
}
