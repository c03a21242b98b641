//! The part of a workspace that changes touch: whoever may gain or lose, with all the resources that their grants reach.
//! Outside of it nothing differs before and after.

use crate::model::{Labels, Need, Role, Scope, Set, distinct};
use crate::policy::{Change, Joiner, Party, Snapshot};

use super::decide::grant_parts;
use super::slice::Slicer;
use super::{Packed, PackedError, index};

type Read<T> = Result<T, PackedError>;

/// Whom changes concern.
#[derive(Default)]
struct Concerned {
    members: Set<u32>,
    invites: Set<u32>,
    groups: Set<u32>,
}

impl Packed {
    /// The part that these changes touch, as a snapshot.
    ///
    /// # Errors
    /// When something in it can't be read.
    pub fn touched_by(&self, changes: &[Change]) -> Read<Snapshot> {
        let mut concerned = Concerned::default();
        for change in changes {
            self.concern(&mut concerned, change)?;
        }
        let mut slicer = Slicer::new(self, None)?;
        concerned.groups.iter().try_for_each(|group| slicer.group(*group))?;
        concerned.members.iter().try_for_each(|member| slicer.member(*member))?;
        concerned.invites.iter().try_for_each(|invite| slicer.invite(*invite))?;
        self.add_reached(&mut slicer, changes)?;
        if changes.iter().any(Change::can_end_ownership) {
            slicer.snapshot().has_other_owner |= self.is_owned_outside(&concerned.members);
        }
        Ok(slicer.finish())
    }

    fn concern(&self, concerned: &mut Concerned, change: &Change) -> Read<()> {
        match change {
            Change::Grant { to: party, .. } | Change::Revoke { from: party, .. } => self.party(concerned, party),
            Change::SetGrants { member, .. } | Change::RemoveMember { member } => {
                concerned.members.extend(self.member(member));
            }
            Change::SetGroupGrants { group, .. } => self.party(concerned, &Party::Group(group.clone())),
            Change::DeleteGroup { group } => self.party(concerned, &Party::Group(group.clone())),
            Change::AddToGroup { group, who } | Change::RemoveFromGroup { group, who } => {
                concerned.groups.extend(self.group(group));
                match who {
                    Joiner::Member(member) => concerned.members.extend(self.member(member)),
                    Joiner::Address(email) => self.address(concerned, email)?,
                }
            }
            Change::Invite { email, groups, .. } | Change::SetOffer { email, groups, .. } => {
                concerned.groups.extend(groups.iter().filter_map(|group| self.group(group)));
                self.address(concerned, email)?;
            }
            Change::CancelInvite { email } => self.address(concerned, email)?,
            Change::SetPlan { .. } => self.holding(concerned, &|role, scope| self.depends_on_plan(role, scope)),
            Change::SetLabels { resource, .. } | Change::PutResource { resource, .. } => {
                let named = self.resource(resource);
                self.holding(concerned, &|_, scope| self.is_labels(scope) || named == scope.checked_sub(1));
            }
            Change::DeleteResources { .. } => self.holding(concerned, &|_, scope| scope != 0),
        }
        Ok(())
    }

    fn address(&self, concerned: &mut Concerned, email: &crate::model::Email) -> Read<()> {
        concerned.members.extend(self.member_by_email(email.as_str()));
        concerned.invites.extend(self.invite_by_email(email));
        Ok(())
    }

    fn party(&self, concerned: &mut Concerned, party: &Party) {
        match party {
            Party::Member(member) => concerned.members.extend(self.member(member)),
            Party::Group(group) => {
                let Some(group) = self.group(group) else { return };
                concerned.groups.insert(group);
                self.everyone(concerned, &|_, joined| joined == group);
            }
        }
    }

    fn is_labels(&self, scope: u32) -> bool {
        scope > self.resources()
    }

    fn depends_on_plan(&self, role: u32, scope: u32) -> bool {
        self.is_labels(scope) || Role::all().nth(index(role)).is_some_and(|role| role.need() != Need::Nothing)
    }

    /// Concerns whoever holds such a grant, themselves or by a group.
    fn holding(&self, concerned: &mut Concerned, is_such: &dyn Fn(u32, u32) -> bool) {
        let any = |holder: usize| {
            let [mut grants, _] = self.held_by(holder);
            grants.any(|at| {
                let (role, scope) = grant_parts(self.word(at));
                is_such(role, scope)
            })
        };
        let groups: Vec<bool> = (0..index(self.layout.counts.groups)).map(any).collect();
        self.everyone(concerned, &|holder, joined| match holder {
            Some(holder) => any(holder),
            None => groups.get(index(joined)) == Some(&true),
        });
    }

    /// Concerns each member and invite that `is_such`, asked with the holder itself, then of each of their groups.
    fn everyone(&self, concerned: &mut Concerned, is_such: &dyn Fn(Option<usize>, u32) -> bool) {
        let counts = self.layout.counts;
        let is_it = |holder: usize| {
            let [_, mut joined] = self.held_by(holder);
            is_such(Some(holder), rolecall_lists::NONE) || joined.any(|at| is_such(None, self.word(at)))
        };
        let first = index(counts.groups);
        concerned.members.extend((0..counts.members).filter(|nth| is_it(first + index(*nth))));
        let first = first + index(counts.members);
        concerned.invites.extend((0..counts.invites).filter(|nth| is_it(first + index(*nth))));
    }

    /// Adds the resources that grants reach, those that the changes name and those of the part, and those named themselves.
    ///
    /// Where single grants on less than the workspace come or go, nothing differs but where those reach. One on all of it
    /// completes others, as sight does un-masking, or leaves what others still reach.
    fn add_reached(&self, slicer: &mut Slicer<'_>, changes: &[Change]) -> Read<()> {
        let snapshot = slicer.snapshot();
        let members = snapshot.members.values().flat_map(|member| &member.grants);
        let invites = snapshot.invites.values().flat_map(|invite| &invite.grants);
        let groups = snapshot.groups.values().flat_map(|group| &group.grants);
        let is_narrow = changes.iter().all(is_narrow);
        let held = members.chain(invites).chain(groups).map(|grant| grant.expr.scope()).filter(|_| !is_narrow);
        let scopes = held.chain(changes.iter().flat_map(Change::grants).map(crate::model::GrantExpr::scope));
        let mut sets: Vec<Labels> = Vec::new();
        let mut named: Vec<u32> = Vec::new();
        for resource in changes.iter().flat_map(Change::resources) {
            named.extend(self.resource(resource));
        }
        for scope in scopes {
            match scope {
                Scope::Workspace => {}
                Scope::Resource(resource) => named.extend(self.resource(resource)),
                Scope::Labels(labels) => sets.push(labels.clone()),
            }
        }
        for grant in changes.iter().flat_map(Change::grants) {
            if let Scope::Labels(labels) = grant.scope() {
                slicer.labels(labels)?;
            }
        }
        slicer.reached(named, &distinct(sets))
    }

    /// True when somebody else than these members owns the workspace.
    fn is_owned_outside(&self, members: &Set<u32>) -> bool {
        let owns = |holder: usize| {
            let [mut grants, _] = self.held_by(holder);
            grants.any(|at| grant_parts(self.word(at)) == (Role::WorkspaceOwner as u32, 0))
        };
        let first = index(self.layout.counts.groups);
        let groups: Vec<bool> = (0..first).map(owns).collect();
        (0..self.layout.counts.members).filter(|member| !members.contains(member)).any(|member| {
            let holder = first + index(member);
            let [_, mut joined] = self.held_by(holder);
            owns(holder) || joined.any(|at| groups.get(index(self.word(at))) == Some(&true))
        })
    }
}

fn is_narrow(change: &Change) -> bool {
    let one = match change {
        Change::Grant { expr, .. } | Change::Revoke { expr, .. } => Some(expr),
        _ => None,
    };
    one.is_some_and(|expr| *expr.scope() != Scope::Workspace)
}
