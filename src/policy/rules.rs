//! The rules that refuse a change, each asked of the workspace as it stands before it.

use crate::model::{AccountId, Email, GrantExpr, GroupId, Labels, ResourceRef, Scope, check_workspace_role, is_owner};

use super::change::{Change, Joiner, Party, Refusal, apply};
use super::{Held, Snapshot, exceeding};

/// Makes a change, unless rules refuse it: then nothing changes and each refusal is named. Without a giver the
/// delegation ceiling isn't asked.
///
/// # Errors
/// With all refusals.
pub fn try_apply(snapshot: &mut Snapshot, giver: Option<&Held>, change: &Change) -> Result<(), Vec<Refusal>> {
    let mut refusals = Vec::new();
    check(&mut Asked { snapshot, giver, refusals: &mut refusals }, change);
    if !refusals.is_empty() {
        return Err(refusals);
    }
    if snapshot.has_other_owner || !change.can_end_ownership() {
        apply(snapshot, change);
        return Ok(());
    }
    let mut after = snapshot.clone();
    apply(&mut after, change);
    if has_owner(snapshot) && !has_owner(&after) {
        return Err(vec![Refusal::LastOwner]);
    }
    *snapshot = after;
    Ok(())
}

/// True when a member holds the owner's role, directly or through a group. An invitee is no owner yet.
pub fn has_owner(snapshot: &Snapshot) -> bool {
    let owns = |grants: &[crate::model::Grant]| is_owner(grants.iter().map(|grant| &grant.expr));
    let is_one_outside = snapshot.has_other_owner;
    is_one_outside
        || snapshot.members.values().any(|member| {
            let mut groups = member.groups.iter().filter_map(|group| snapshot.groups.get(group));
            owns(&member.grants) || groups.any(|group| owns(&group.grants))
        })
}

/// The rules that refuse to give a grant.
pub(super) fn giving(snapshot: &Snapshot, giver: Option<&Held>, expr: &GrantExpr) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    Asked { snapshot, giver, refusals: &mut refusals }.giving(std::slice::from_ref(expr));
    refusals
}

/// The rules that refuse to let somebody into a group.
pub(super) fn letting_in(snapshot: &Snapshot, giver: Option<&Held>, group: &GroupId) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    Asked { snapshot, giver, refusals: &mut refusals }.letting_in(group);
    refusals
}

/// A change under examination.
struct Asked<'a> {
    snapshot: &'a Snapshot,
    giver: Option<&'a Held>,
    refusals: &'a mut Vec<Refusal>,
}

fn check(asked: &mut Asked<'_>, change: &Change) {
    match change {
        Change::Grant { expr, to } => asked.adding(to, std::slice::from_ref(expr)),
        Change::Revoke { expr, from } => asked.revoking(expr, from),
        Change::SetGrants { grants, member } => {
            asked.workspace_role(grants);
            asked.adding(&Party::Member(member.clone()), grants);
        }
        Change::SetGroupGrants { grants, group } => asked.adding(&Party::Group(group.clone()), grants),
        Change::RemoveMember { member } => asked.member(member),
        Change::Invite { email, grants, groups } => {
            asked.seat(email);
            asked.offering(grants, groups);
        }
        Change::SetOffer { grants, groups, .. } => asked.offering(grants, groups),
        Change::AddToGroup { group, who } => {
            asked.joiner(who);
            asked.letting_in(group);
        }
        Change::RemoveFromGroup { group, who } => {
            asked.joiner(who);
            asked.group(group);
        }
        Change::DeleteGroup { group } => asked.group(group),
        Change::SetLabels { labels, resource } => asked.relabelling(resource, labels),
        Change::SetPlan { .. }
        | Change::CancelInvite { .. }
        | Change::PutResource { .. }
        | Change::DeleteResources { .. } => {}
    }
}

impl Asked<'_> {
    fn refuse(&mut self, refusal: Refusal) {
        self.refusals.push(refusal);
    }

    fn member(&mut self, member: &AccountId) {
        if !self.snapshot.members.contains_key(member) {
            self.refuse(Refusal::UnknownMember { who: member.as_str().to_owned() });
        }
    }

    fn group(&mut self, group: &GroupId) {
        if !self.snapshot.groups.contains_key(group) {
            self.refuse(Refusal::UnknownGroup { group: group.as_str().to_owned() });
        }
    }

    fn party(&mut self, party: &Party) {
        match party {
            Party::Member(member) => self.member(member),
            Party::Group(group) => self.group(group),
        }
    }

    fn joiner(&mut self, who: &Joiner) {
        match who {
            Joiner::Member(member) => self.member(member),
            Joiner::Address(email) => {
                if self.snapshot.member_of(email).is_none() && !self.snapshot.invites.contains_key(email) {
                    self.refuse(Refusal::UnknownMember { who: email.as_str().to_owned() });
                }
            }
        }
    }

    /// Of grants that a holder is to have, those that they don't have yet are given.
    fn adding(&mut self, to: &Party, exprs: &[GrantExpr]) {
        self.party(to);
        let had = self.snapshot.grants(to).unwrap_or_default();
        let new: Vec<GrantExpr> =
            exprs.iter().filter(|expr| !had.iter().any(|grant| grant.expr == **expr)).cloned().collect();
        self.giving(&new);
    }

    /// Each grant names what is there, the plan includes it, and the giver holds as much.
    fn giving(&mut self, exprs: &[GrantExpr]) {
        for expr in exprs {
            self.scope(expr.scope());
            if let Some(need) = expr.unmet_need(&self.snapshot.workspace) {
                self.refuse(Refusal::PlanRequired { grant: expr.clone(), need });
            }
        }
        self.ceiling(exprs);
    }

    fn scope(&mut self, scope: &Scope) {
        match scope {
            Scope::Workspace => {}
            Scope::Resource(resource) => self.resource(resource),
            Scope::Labels(labels) => {
                let unknown = labels.pairs().filter(|pair| !self.snapshot.labels.contains(pair));
                let refusals: Vec<Refusal> = unknown
                    .map(|(key, value)| Refusal::UnknownLabel { label: [key.as_str(), ":", &value].concat() })
                    .collect();
                self.refusals.extend(refusals);
            }
        }
    }

    fn resource(&mut self, resource: &ResourceRef) {
        if !self.snapshot.resources.contains_key(resource) {
            self.refuse(Refusal::UnknownResource { resource: resource.clone() });
        }
    }

    fn ceiling(&mut self, exprs: &[GrantExpr]) {
        let exceeds = self.giver.map(|giver| exceeding(self.snapshot, giver, exprs)).unwrap_or_default();
        if !exceeds.is_empty() {
            self.refuse(Refusal::DelegationExceeded { exceeds });
        }
    }

    fn workspace_role(&mut self, exprs: &[GrantExpr]) {
        if check_workspace_role(exprs).is_err() {
            self.refuse(Refusal::WorkspaceRoleRequired);
        }
    }

    fn revoking(&mut self, expr: &GrantExpr, from: &Party) {
        self.party(from);
        let Some(had) = self.snapshot.grants(from) else { return };
        if !had.iter().any(|grant| grant.expr == *expr) {
            return self.refuse(Refusal::UnknownGrant { grant: expr.clone() });
        }
        if matches!(from, Party::Member(_)) {
            let rest: Vec<GrantExpr> = had.iter().map(|grant| grant.expr.clone()).filter(|own| own != expr).collect();
            self.workspace_role(&rest);
        }
    }

    fn offering(&mut self, grants: &[GrantExpr], groups: &[GroupId]) {
        self.workspace_role(grants);
        self.giving(grants);
        groups.iter().for_each(|group| self.letting_in(group));
    }

    /// Whoever lets somebody into a group gives what it holds.
    fn letting_in(&mut self, group: &GroupId) {
        self.group(group);
        let grants = self.snapshot.groups.get(group).map(|group| group.grants.as_slice()).unwrap_or_default();
        let exprs: Vec<GrantExpr> = grants.iter().map(|grant| grant.expr.clone()).collect();
        self.ceiling(&exprs);
    }

    fn seat(&mut self, email: &Email) {
        if self.snapshot.member_of(email).is_some() {
            self.refuse(Refusal::AlreadyMember { email: email.clone() });
        } else if self.snapshot.invites.contains_key(email) {
            self.refuse(Refusal::AlreadyInvited { email: email.clone() });
        } else if !self.snapshot.has_free_seat() {
            self.refuse(Refusal::SeatLimitReached);
        }
    }

    fn relabelling(&mut self, resource: &ResourceRef, labels: &Labels) {
        self.resource(resource);
        if !labels.is_empty() && !resource.kind().takes_labels() {
            self.refuse(Refusal::LabelsNotAllowed);
        }
    }
}
