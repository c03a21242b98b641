//! Everything that a decision needs about a workspace, as one value; a slice of it is enough for one question.

use std::collections::BTreeMap;

use crate::model::{
    AccountId, Action, ActionSet, Email, Grant, GroupId, Labels, Name, ResourceRef, Target, Via, Workspace,
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

/// A workspace, or the slice of it that a question touches. A resource or member that isn't in it doesn't exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The workspace with its plan and version.
    pub workspace: Workspace,
    /// The registry.
    pub resources: BTreeMap<ResourceRef, ResourceFacts>,
    /// The groups.
    pub groups: BTreeMap<GroupId, GroupAccess>,
    /// The members.
    pub members: BTreeMap<AccountId, MemberAccess>,
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
        Self { workspace, resources: BTreeMap::new(), groups: BTreeMap::new(), members: BTreeMap::new() }
    }

    /// What a member holds, own grants first; `None` for somebody who isn't a member.
    pub fn held(&self, member: &AccountId) -> Option<Held> {
        let member = self.members.get(member)?;
        let own = member.grants.iter().map(|grant| HeldGrant { grant: grant.clone(), via: Via::Direct });
        let groups = member.groups.iter().filter_map(|id| self.groups.get_key_value(id));
        let by_group = groups.flat_map(|(id, group)| {
            let via = Via::Group { id: id.clone(), name: group.name.clone() };
            group.grants.iter().map(move |grant| HeldGrant { grant: grant.clone(), via: via.clone() })
        });
        Some(Held { grants: own.chain(by_group).collect(), actions: ActionSet::EMPTY })
    }
}
