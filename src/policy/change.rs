//! A change to who may do what, as a value: the rules that would refuse it, and the workspace that it makes.

use thiserror::Error;

use crate::model::{
    AccountId, AddOns, Email, Grant, GrantExpr, GrantId, GroupId, Labels, MemberError, Need, Plan, ResourceError,
    ResourceRef, Timestamp, digits,
};

use super::{InviteAccess, ResourceFacts, Snapshot};

/// Who a grant goes to or is taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// A member.
    Member(AccountId),
    /// A group.
    Group(GroupId),
}

/// Who comes into a group or leaves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joiner {
    /// A member.
    Member(AccountId),
    /// Whoever has this address: a member, or else somebody whose invite is pending.
    Address(Email),
}

/// One change. The first ten are those of the contract; the rest are what routes do beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the words of the contract")]
pub enum Change {
    /// Gives a grant; one that is there already stays as it is.
    Grant { expr: GrantExpr, to: Party },
    /// Takes a grant away.
    Revoke { expr: GrantExpr, from: Party },
    /// Makes a member's direct grants be these.
    SetGrants { grants: Vec<GrantExpr>, member: AccountId },
    /// Takes a member out of the workspace.
    RemoveMember { member: AccountId },
    /// Offers membership.
    Invite { email: Email, grants: Vec<GrantExpr>, groups: Vec<GroupId> },
    /// Lets somebody into a group.
    AddToGroup { group: GroupId, who: Joiner },
    /// Takes somebody out of a group.
    RemoveFromGroup { group: GroupId, who: Joiner },
    /// Makes a group's grants be these.
    SetGroupGrants { grants: Vec<GrantExpr>, group: GroupId },
    /// Moves the workspace to a plan with add-ons.
    SetPlan { plan: Plan, add_ons: AddOns },
    /// Makes a resource's labels be these.
    SetLabels { labels: Labels, resource: ResourceRef },
    /// Deletes a group.
    DeleteGroup { group: GroupId },
    /// Changes what a pending invite offers.
    SetOffer { email: Email, grants: Vec<GrantExpr>, groups: Vec<GroupId> },
    /// Takes a pending invite back.
    CancelInvite { email: Email },
    /// Registers a resource, or makes its labels and parent be these.
    PutResource { resource: ResourceRef, labels: Labels, parent: Option<ResourceRef> },
    /// Deletes resources, and ends the grants on them.
    DeleteResources { resources: Vec<ResourceRef> },
}

impl Change {
    /// True when it may leave the workspace without an owner: the others take nothing away.
    pub const fn can_end_ownership(&self) -> bool {
        matches!(
            self,
            Self::Revoke { .. }
                | Self::SetGrants { .. }
                | Self::RemoveMember { .. }
                | Self::RemoveFromGroup { .. }
                | Self::SetGroupGrants { .. }
                | Self::DeleteGroup { .. }
        )
    }

    /// The grants that it names.
    pub fn grants(&self) -> &[GrantExpr] {
        match self {
            Self::Grant { expr, .. } | Self::Revoke { expr, .. } => std::slice::from_ref(expr),
            Self::SetGrants { grants, .. }
            | Self::SetGroupGrants { grants, .. }
            | Self::Invite { grants, .. }
            | Self::SetOffer { grants, .. } => grants,
            Self::RemoveMember { .. }
            | Self::AddToGroup { .. }
            | Self::RemoveFromGroup { .. }
            | Self::SetPlan { .. }
            | Self::SetLabels { .. }
            | Self::DeleteGroup { .. }
            | Self::CancelInvite { .. }
            | Self::PutResource { .. }
            | Self::DeleteResources { .. } => &[],
        }
    }

    /// The resources that it names outside of grants.
    pub fn resources(&self) -> impl Iterator<Item = &ResourceRef> {
        let (listed, one, parent): (&[ResourceRef], _, _) = match self {
            Self::SetLabels { resource, .. } => (&[], Some(resource), None),
            Self::PutResource { resource, parent, .. } => (&[], Some(resource), parent.as_ref()),
            Self::DeleteResources { resources } => (resources, None, None),
            _ => (&[], None, None),
        };
        listed.iter().chain(one).chain(parent)
    }
}

/// Why a change is refused. The text says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the fields stand in the texts")]
pub enum Refusal {
    /// The workspace would be left without an owner.
    #[error("{}", self.in_words())]
    LastOwner,
    /// A member or an invite without a workspace-level role.
    #[error("{}", self.in_words())]
    WorkspaceRoleRequired,
    /// More than the giver holds.
    #[error("{}", self.in_words())]
    DelegationExceeded { exceeds: Vec<GrantExpr> },
    /// The plan doesn't include it.
    #[error("{}", self.in_words())]
    PlanRequired { grant: GrantExpr, need: Need },
    /// No seat is free.
    #[error("{}", self.in_words())]
    SeatLimitReached,
    /// A member already.
    #[error("{}", self.in_words())]
    AlreadyMember { email: Email },
    /// Invited already.
    #[error("{}", self.in_words())]
    AlreadyInvited { email: Email },
    /// Nobody of that id or address.
    #[error("{}", self.in_words())]
    UnknownMember { who: String },
    /// No such group.
    #[error("{}", self.in_words())]
    UnknownGroup { group: String },
    /// Not registered.
    #[error("{}", self.in_words())]
    UnknownResource { resource: ResourceRef },
    /// Unknown to the workspace.
    #[error("{}", self.in_words())]
    UnknownLabel { label: String },
    /// Nothing to take away.
    #[error("{}", self.in_words())]
    UnknownGrant { grant: GrantExpr },
    /// A kind of resource that has none.
    #[error("{}", self.in_words())]
    LabelsNotAllowed,
}

/// How many grants a sentence names.
const MOST_NAMED: usize = 5;

fn list(grants: &[GrantExpr]) -> String {
    let named = grants.iter().take(MOST_NAMED).map(GrantExpr::text).collect::<Vec<_>>().join(", ");
    match grants.len().checked_sub(MOST_NAMED) {
        None | Some(0) => named,
        Some(more) => [&named, " and ", &digits(more as u64), " more"].concat(),
    }
}

impl Refusal {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::LastOwner => "last_owner",
            Self::WorkspaceRoleRequired => "workspace_role_required",
            Self::DelegationExceeded { .. } => "delegation_exceeded",
            Self::PlanRequired { .. } => "plan_required",
            Self::SeatLimitReached => "seat_limit_reached",
            Self::AlreadyMember { .. } => "already_member",
            Self::AlreadyInvited { .. } => "already_invited",
            Self::UnknownMember { .. } => "unknown_member",
            Self::UnknownGroup { .. } => "unknown_group",
            Self::UnknownResource { .. } => "unknown_resource",
            Self::UnknownLabel { .. } => "unknown_label",
            Self::UnknownGrant { .. } => "unknown_grant",
            Self::LabelsNotAllowed => "labels_not_allowed",
        }
    }
}

impl Refusal {
    /// The refusal as its `Display` has it, joined by hand.
    pub fn in_words(&self) -> String {
        let (before, what, after) = match self {
            Self::LastOwner => return MemberError::LastOwner.in_words().to_owned(),
            Self::WorkspaceRoleRequired => return MemberError::WorkspaceRoleRequired.in_words().to_owned(),
            Self::DelegationExceeded { exceeds } => {
                ("you can give only what you hold on that scope yourself; not ", list(exceeds), "")
            }
            Self::PlanRequired { grant, need } => {
                let what = [&grant.text(), "` needs ", &need.in_words()].concat();
                ("`", what, "; ask the workspace's owner to upgrade")
            }
            Self::SeatLimitReached => {
                ("each seat is taken by a member or a pending invite; cancel one or raise the limit", String::new(), "")
            }
            Self::AlreadyMember { email } => ("", email.as_str().to_owned(), " is a member of this workspace already"),
            Self::AlreadyInvited { email } => {
                ("", email.as_str().to_owned(), " has an invite that is pending; send that one again")
            }
            Self::UnknownMember { who } => ("`", who.clone(), "` is no member of this workspace"),
            Self::UnknownGroup { group } => ("there is no group `", group.clone(), "` in this workspace"),
            Self::UnknownResource { resource } => {
                let name = resource.text();
                ("`", [&name, "` is not registered; PUT it under …/resources/", &name].concat(), " first")
            }
            Self::UnknownLabel { label } => {
                ("the workspace has no label `", label.clone(), "`; make it or put it on a resource first")
            }
            Self::UnknownGrant { grant } => (
                "`",
                grant.text(),
                "` is not among the grants that are held there; a group's grants are taken from the group",
            ),
            Self::LabelsNotAllowed => return ResourceError::LabelsNotAllowed.in_words().to_owned(),
        };
        [before, &what, after].concat()
    }
}

/// Makes a change that no rule refuses.
pub fn apply(snapshot: &mut Snapshot, change: &Change) {
    match change {
        Change::Grant { expr, to } => give(snapshot, to, expr),
        Change::Revoke { expr, from } => {
            if let Some(grants) = snapshot.grants_mut(from) {
                grants.retain(|grant| grant.expr != *expr);
            }
        }
        Change::SetGrants { grants, member } => set(snapshot, &Party::Member(member.clone()), grants),
        Change::SetGroupGrants { grants, group } => set(snapshot, &Party::Group(group.clone()), grants),
        Change::RemoveMember { member } => {
            if snapshot.members.remove(member).is_some() {
                snapshot.seats.active -= 1;
            }
        }
        Change::Invite { email, grants, groups } => {
            snapshot.invites.insert(email.clone(), offer(grants, groups));
            snapshot.seats.pending += 1;
        }
        Change::SetOffer { email, grants, groups } => {
            snapshot.invites.insert(email.clone(), offer(grants, groups));
        }
        Change::CancelInvite { email } => {
            if snapshot.invites.remove(email).is_some() {
                snapshot.seats.pending -= 1;
            }
        }
        Change::AddToGroup { group, who } => {
            if let Some(groups) = snapshot.groups_mut(who).filter(|groups| !groups.contains(group)) {
                groups.push(group.clone());
            }
        }
        Change::RemoveFromGroup { group, who } => {
            if let Some(groups) = snapshot.groups_mut(who) {
                groups.retain(|other| other != group);
            }
        }
        Change::SetPlan { plan, add_ons } => {
            snapshot.workspace.plan = *plan;
            snapshot.workspace.add_ons = *add_ons;
        }
        Change::SetLabels { labels, resource } => relabel(snapshot, resource, labels),
        Change::DeleteGroup { group } => delete_group(snapshot, group),
        Change::PutResource { resource, labels, parent } => {
            let facts = ResourceFacts { labels: Labels::default(), parent: parent.clone() };
            snapshot.resources.insert(resource.clone(), facts);
            relabel(snapshot, resource, labels);
        }
        Change::DeleteResources { resources } => {
            snapshot.end_grants_on(resources);
            snapshot.resources.retain(|resource, _| !resources.contains(resource));
        }
    }
}

/// A grant that isn't stored: it has its place in the order and no history.
fn proposed(expr: &GrantExpr) -> Grant {
    let created_at = Timestamp::from_ms(0);
    Grant { id: GrantId::new(created_at, [0; 10]), expr: expr.clone(), created_at, created_by: String::new() }
}

fn offer(grants: &[GrantExpr], groups: &[GroupId]) -> InviteAccess {
    InviteAccess { grants: grants.iter().map(proposed).collect(), groups: groups.to_vec() }
}

fn give(snapshot: &mut Snapshot, to: &Party, expr: &GrantExpr) {
    if let Some(grants) = snapshot.grants_mut(to).filter(|grants| !grants.iter().any(|grant| grant.expr == *expr)) {
        grants.push(proposed(expr));
    }
}

fn set(snapshot: &mut Snapshot, holder: &Party, exprs: &[GrantExpr]) {
    if let Some(grants) = snapshot.grants_mut(holder) {
        grants.retain(|grant| exprs.contains(&grant.expr));
    }
    for expr in exprs {
        give(snapshot, holder, expr);
    }
}

fn relabel(snapshot: &mut Snapshot, resource: &ResourceRef, labels: &Labels) {
    if let Some(facts) = snapshot.resources.get_mut(resource) {
        facts.labels = labels.clone();
    }
    snapshot.labels.extend(labels.pairs());
}

fn delete_group(snapshot: &mut Snapshot, group: &GroupId) {
    snapshot.groups.remove(group);
    let members = snapshot.members.values_mut().map(|member| &mut member.groups);
    for groups in members.chain(snapshot.invites.values_mut().map(|invite| &mut invite.groups)) {
        groups.retain(|other| other != group);
    }
}
