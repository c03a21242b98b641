//! Everything that a decision needs about a workspace, as one value; a slice of it is enough for one question.

use super::{Joiner, Party};
use crate::model::{
    AccountId, Action, ActionSet, Email, Grant, GrantExpr, GroupId, Labels, Name, ResourceRef, Scope, Set, Table,
    Target, Via, Workspace,
};

/// What decisions need to know of a resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResourceFacts {
    /// Its labels.
    pub labels: Labels,
    /// The source that a destination belongs to.
    pub parent: Option<ResourceRef>,
}

/// A group's name and grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupAccess {
    /// Its name.
    pub name: Name,
    /// What it gives to everyone in it.
    pub grants: Vec<Grant>,
}

/// A member's grants and groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberAccess {
    /// The member's address.
    pub email: Email,
    /// The member's name.
    pub name: Name,
    /// Their own grants.
    pub grants: Vec<Grant>,
    /// The groups they are in.
    pub groups: Vec<GroupId>,
}

/// What a pending invite offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InviteAccess {
    /// The grants.
    pub grants: Vec<Grant>,
    /// The groups.
    pub groups: Vec<GroupId>,
}

/// The seats in use; the limit is the workspace's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seats {
    /// Members.
    pub active: i64,
    /// Pending invites.
    pub pending: i64,
}

/// A workspace, or the slice of it that a question touches. A resource or member that isn't in it doesn't exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The workspace with its plan and version.
    pub workspace: Workspace,
    /// The registry.
    pub resources: Table<ResourceRef, ResourceFacts>,
    /// The groups.
    pub groups: Table<GroupId, GroupAccess>,
    /// The members.
    pub members: Table<AccountId, MemberAccess>,
    /// The pending invites, by address.
    pub invites: Table<Email, InviteAccess>,
    /// The labels that the workspace knows, as key and value.
    pub labels: Set<(String, String)>,
    /// The seats in use.
    pub seats: Seats,
    /// True for a slice when an owner stands outside of it.
    pub has_other_owner: bool,
}

/// A grant and the way that it reaches its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldGrant {
    /// The grant.
    pub grant: Grant,
    /// Direct, or which group's.
    pub via: Via,
}

/// All that a principal holds. A token may hold single actions beside grants; a member never does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// Its grants, own and by groups.
    pub grants: Vec<HeldGrant>,
    /// Its single actions, each on the whole workspace.
    pub actions: ActionSet,
}

/// May this member do this to that?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Who.
    pub member: AccountId,
    /// What.
    pub action: Action,
    /// To what.
    pub target: Target,
}

impl Snapshot {
    /// A snapshot of a workspace with nothing in it yet.
    pub const fn new(workspace: Workspace) -> Self {
        Self {
            workspace,
            resources: Table::new(),
            groups: Table::new(),
            members: Table::new(),
            invites: Table::new(),
            labels: Set::new(),
            seats: Seats { active: 0, pending: 0 },
            has_other_owner: false,
        }
    }

    /// What a member holds, own grants first; `None` for somebody who isn't a member.
    pub fn held(&self, member: &AccountId) -> Option<Held> {
        let member = self.members.get(member)?;
        Some(self.gather(&member.grants, &member.groups))
    }

    /// What an invitee will hold once they accept; `None` for an address without a pending invite.
    pub fn offered(&self, email: &Email) -> Option<Held> {
        let invite = self.invites.get(email)?;
        Some(self.gather(&invite.grants, &invite.groups))
    }

    fn gather(&self, grants: &[Grant], groups: &[GroupId]) -> Held {
        let own = grants.iter().map(|grant| HeldGrant { grant: grant.clone(), via: Via::Direct });
        let groups = groups.iter().filter_map(|id| self.groups.get_key_value(id));
        let by_group = groups.flat_map(|(id, group)| {
            let via = Via::Group { id: id.clone(), name: group.name.clone() };
            group.grants.iter().map(move |grant| HeldGrant { grant: grant.clone(), via: via.clone() })
        });
        Held { grants: own.chain(by_group).collect(), actions: ActionSet::EMPTY }
    }

    /// The grants of [`Self::held`] alone; none for somebody who isn't a member.
    pub(super) fn held_grants(&self, member: &AccountId) -> Vec<&GrantExpr> {
        self.members.get(member).map_or_else(Vec::new, |member| self.exprs(&member.grants, &member.groups))
    }

    /// As [`Self::held_grants`], of [`Self::offered`].
    pub(super) fn offered_grants(&self, email: &Email) -> Vec<&GrantExpr> {
        self.invites.get(email).map_or_else(Vec::new, |invite| self.exprs(&invite.grants, &invite.groups))
    }

    fn exprs<'a>(&'a self, grants: &'a [Grant], groups: &[GroupId]) -> Vec<&'a GrantExpr> {
        let mut exprs = Vec::new();
        let mut add = |grants: &'a [Grant]| exprs.extend(grants.iter().map(|grant| &grant.expr));
        add(grants);
        for id in groups {
            if let Some(group) = self.groups.get(id) {
                add(&group.grants);
            }
        }
        exprs
    }

    /// The member with this address.
    pub fn member_of(&self, email: &Email) -> Option<&AccountId> {
        self.members.iter().find(|(_, member)| member.email == *email).map(|(id, _)| id)
    }

    /// True when a member or an invite more fits.
    pub fn has_free_seat(&self) -> bool {
        self.workspace.seat_limit.is_none_or(|limit| self.seats.active + self.seats.pending < limit)
    }

    /// The grants that a member or a group holds itself; `None` when there is no such holder.
    pub(super) fn grants(&self, party: &Party) -> Option<&[Grant]> {
        match party {
            Party::Member(id) => self.members.get(id).map(|member| member.grants.as_slice()),
            Party::Group(id) => self.groups.get(id).map(|group| group.grants.as_slice()),
        }
    }

    /// As [`Self::grants`], to be changed.
    pub(super) fn grants_mut(&mut self, party: &Party) -> Option<&mut Vec<Grant>> {
        match party {
            Party::Member(id) => self.members.get_mut(id).map(|member| &mut member.grants),
            Party::Group(id) => self.groups.get_mut(id).map(|group| &mut group.grants),
        }
    }

    /// The groups that somebody is in, to be changed.
    pub(super) fn groups_mut(&mut self, who: &Joiner) -> Option<&mut Vec<GroupId>> {
        let member = match who {
            Joiner::Member(id) => Some(id.clone()),
            Joiner::Address(email) => self.member_of(email).cloned(),
        };
        match (member, who) {
            (Some(id), _) => self.members.get_mut(&id).map(|member| &mut member.groups),
            (None, Joiner::Address(email)) => self.invites.get_mut(email).map(|invite| &mut invite.groups),
            (None, Joiner::Member(_)) => None,
        }
    }

    /// Ends all grants on these resources, whoever holds them.
    pub(super) fn end_grants_on(&mut self, resources: &[ResourceRef]) {
        let members = self.members.values_mut().map(|member| &mut member.grants);
        let groups = self.groups.values_mut().map(|group| &mut group.grants);
        let invites = self.invites.values_mut().map(|invite| &mut invite.grants);
        for grants in members.chain(groups).chain(invites) {
            grants.retain(|grant| !matches!(grant.expr.scope(), Scope::Resource(named) if resources.contains(named)));
        }
    }
}
