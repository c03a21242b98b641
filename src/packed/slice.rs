//! From bytes back to values: the workspace itself, and as much of the rest as a question touches, as a snapshot that every
//! rule of the policy takes.

use rolecall_lists::{NONE, RESOURCE};
use std::ops::Range;

use crate::model::{
    AccountId, AddOns, Grant, GrantExpr, GrantId, GroupId, Labels, Plan, ResourceKind, ResourceRef, Role, Scope,
    Settings, Timestamp, Workspace, WorkspaceId, distinct,
};
use crate::policy::{GroupAccess, InviteAccess, MemberAccess, ResourceFacts, Seats, Snapshot};

use super::decide::grant_parts;
use super::history::History;
use super::layout::{OWN_TEXTS, long_at};
use super::{Packed, PackedError, Place, index, word};

type Read<T> = Result<T, PackedError>;

/// The largest count that JavaScript holds exactly.
const MOST: i64 = (1 << 53) - 1;

fn parsed<T: std::str::FromStr>(text: &str, what: &'static str) -> Read<T> {
    text.parse().map_err(|_| PackedError::Invalid(what))
}

impl Packed {
    fn fact(&self, nth: usize) -> i64 {
        long_at(&self.lists.bytes, self.layout.facts + 2 * nth).cast_signed()
    }

    fn count(&self, nth: usize) -> Read<i64> {
        let count = self.fact(nth);
        if (0..=MOST).contains(&count) { Ok(count) } else { Err(PackedError::Invalid("a count is out of range")) }
    }

    /// The version that the snapshot was read at.
    pub fn version(&self) -> i64 {
        self.fact(0)
    }

    /// The workspace itself.
    ///
    /// # Errors
    /// When a value can't be.
    pub(super) fn workspace(&self) -> Read<Workspace> {
        let provisioned = (0..index(self.layout.counts.provisioned)).map(|nth| self.text(OWN_TEXTS + nth));
        Ok(Workspace {
            id: WorkspaceId::from_bytes(self.id_at(self.layout.facts + 16, 0)),
            slug: parsed(self.text(0)?, "the slug is none")?,
            name: parsed(self.text(1)?, "the workspace's name is none")?,
            plan: self.plan()?,
            add_ons: self.add_ons(),
            seat_limit: if self.fact(2) == -1 { None } else { Some(self.count(2)?) },
            settings: Settings {
                invite_ttl_hours: self.fact(5),
                provisioned_grants: provisioned.map(|text| parsed(text?, "a grant is none")).collect::<Read<_>>()?,
                require_sso: self.flag(2),
                stale_after_days: self.fact(6),
                // No decision asks for it.
                invite_reminder_hours: None,
            },
            version: self.count(0)?,
            created_at: Timestamp::from_ms(self.fact(1)),
        })
    }

    /// The plan.
    pub(super) fn plan(&self) -> Read<Plan> {
        let plans = [Plan::Free, Plan::Team, Plan::Business];
        let plan = plans.get(index(self.word(self.layout.facts + 14))).copied();
        plan.ok_or(PackedError::Invalid("the plan is none"))
    }

    /// The add-ons.
    pub(super) fn add_ons(&self) -> AddOns {
        AddOns { protocols: self.flag(0), engage: self.flag(1) }
    }

    fn flag(&self, bit: u32) -> bool {
        self.word(self.layout.facts + 15) & (1 << bit) != 0
    }

    /// True when an owner may stand outside of what was written.
    pub fn has_other_owner(&self) -> bool {
        self.flag(3)
    }

    /// The seats in use.
    pub(super) fn seats(&self) -> Read<Seats> {
        Ok(Seats { active: self.count(3)?, pending: self.count(4)? })
    }

    /// A resource's name.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn resource_ref(&self, resource: u32) -> Read<ResourceRef> {
        let named = ResourceRef::new(self.resource_kind(resource), self.resource_id(resource)?);
        named.map_err(|_| PackedError::Invalid("a resource's name is none"))
    }

    /// A member's account.
    pub fn member_id(&self, member: u32) -> AccountId {
        AccountId::from_bytes(self.id_at(self.layout.member_ids, member))
    }

    pub(super) fn group_id(&self, group: u32) -> GroupId {
        GroupId::from_bytes(self.id_at(self.layout.group_ids, group))
    }

    /// The source that a resource belongs to.
    pub(super) fn parent(&self, resource: u32) -> Option<u32> {
        let parent = self.parent_word(resource);
        (parent != NONE).then_some(parent)
    }

    fn parent_word(&self, resource: u32) -> u32 {
        self.word(self.layout.resources + RESOURCE * index(resource))
    }

    pub(super) fn labels(&self, range: Range<usize>) -> Read<Labels> {
        let pair = |at: usize| {
            let label = self.label(self.word(at))?;
            label.split_once(':').ok_or(PackedError::Invalid("a label has no colon"))
        };
        let pairs = range.map(pair).collect::<Read<Vec<_>>>()?;
        Labels::new(pairs).map_err(|_| PackedError::Invalid("a label is none"))
    }

    /// What a grant's word says.
    pub(super) fn expr(&self, grant: u32) -> Read<GrantExpr> {
        let (role, scope) = grant_parts(grant);
        let role = Role::all().nth(index(role)).ok_or(PackedError::Invalid("a role is none"))?;
        let resources = word(self.layout.counts.resources());
        let scope = match scope.checked_sub(1) {
            None => Scope::Workspace,
            Some(resource) if resource < resources => Scope::Resource(self.resource_ref(resource)?),
            Some(set) => Scope::Labels(self.labels(self.lists.set(set - resources))?),
        };
        GrantExpr::new(role, scope).map_err(|_| PackedError::Invalid("a role is on what it doesn't take"))
    }
}

/// A snapshot of a part, as it is put together.
#[derive(Debug)]
pub struct Slicer<'a> {
    packed: &'a Packed,
    history: Option<&'a dyn History>,
    /// What grants have without a history.
    no_id: GrantId,
    snapshot: Snapshot,
}

impl std::fmt::Debug for dyn History + '_ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("History")
    }
}

impl<'a> Slicer<'a> {
    /// A part with nobody in it yet. Without a history grants have neither ids nor givers, and members no names.
    ///
    /// # Errors
    /// When the workspace's own values can't be.
    pub fn new(packed: &'a Packed, history: Option<&'a dyn History>) -> Read<Self> {
        let mut snapshot = Snapshot::new(packed.workspace()?);
        snapshot.seats = packed.seats()?;
        snapshot.has_other_owner = packed.has_other_owner();
        Ok(Self { packed, history, no_id: GrantId::from_bytes([0; 16]), snapshot })
    }

    /// The part.
    pub fn finish(self) -> Snapshot {
        self.snapshot
    }

    pub(super) fn snapshot(&mut self) -> &mut Snapshot {
        &mut self.snapshot
    }

    /// Adds everything.
    ///
    /// # Errors
    /// When something can't be read; the same goes for the others below.
    pub fn all(mut self) -> Read<Snapshot> {
        let counts = self.packed.layout.counts;
        (0..counts.labels).try_for_each(|label| self.label(label))?;
        (0..counts.groups).try_for_each(|group| self.group(group))?;
        (0..counts.members).try_for_each(|member| self.member(member))?;
        (0..counts.invites).try_for_each(|invite| self.invite(invite))?;
        (0..self.packed.resources()).try_for_each(|resource| self.resource(resource))?;
        Ok(self.finish())
    }

    /// Adds a label, if the workspace knows it. Some that it doesn't know stand in grants.
    fn label(&mut self, label: u32) -> Read<()> {
        if self.packed.word(self.packed.layout.known + index(label)) != 0 {
            let halves = self.packed.label(label)?.split_once(':');
            self.snapshot.labels.extend(halves.map(|(key, value)| (key.to_owned(), value.to_owned())));
        }
        Ok(())
    }

    /// Adds those of these labels that the workspace knows.
    pub(super) fn labels(&mut self, labels: &Labels) -> Read<()> {
        for label in labels.iter() {
            if let Some(label) = self.packed.label_index(label) {
                self.label(label)?;
            }
        }
        Ok(())
    }

    /// Adds a registered resource, without what it belongs to.
    pub fn resource(&mut self, resource: u32) -> Read<()> {
        if !self.packed.is_registered(resource) {
            return Ok(());
        }
        let named = self.packed.resource_ref(resource)?;
        if !self.snapshot.resources.contains_key(&named) {
            let labels = self.packed.labels(self.packed.lists.labels_of(resource))?;
            let parent = self.packed.parent(resource).map(|parent| self.packed.resource_ref(parent)).transpose()?;
            self.snapshot.resources.insert(named, ResourceFacts { labels, parent });
        }
        Ok(())
    }

    /// Adds a resource and what it belongs to.
    pub fn with_parent(&mut self, resource: u32) -> Read<()> {
        self.packed.parent(resource).map_or(Ok(()), |parent| self.resource(parent))?;
        self.resource(resource)
    }

    /// Adds what bears on decisions about a place.
    pub fn place(&mut self, place: Place) -> Read<()> {
        match place {
            Place::One(resource) => self.with_parent(resource),
            Place::Workspace | Place::Every(_) | Place::Unknown(_) => Ok(()),
        }
    }

    /// Adds a member and their groups.
    pub fn member(&mut self, member: u32) -> Read<()> {
        let name = match self.history {
            Some(history) => parsed(&self.packed.member_name(history, member)?, "a member's name is none")?,
            None => crate::model::Name::unknown(),
        };
        let (grants, groups) = self.held(index(self.packed.layout.counts.groups) + index(member))?;
        let email = parsed(self.packed.member_email(member)?, "an address is none")?;
        self.snapshot.members.insert(self.packed.member_id(member), MemberAccess { email, name, grants, groups });
        Ok(())
    }

    /// Adds a pending invite and its groups.
    pub fn invite(&mut self, invite: u32) -> Read<()> {
        let counts = &self.packed.layout.counts;
        let (grants, groups) = self.held(index(counts.groups) + index(counts.members) + index(invite))?;
        let email = parsed(self.packed.invite_email(invite)?, "an address is none")?;
        self.snapshot.invites.insert(email, InviteAccess { grants, groups });
        Ok(())
    }

    /// Adds a group, without those in it.
    pub fn group(&mut self, group: u32) -> Read<()> {
        let id = self.packed.group_id(group);
        if !self.snapshot.groups.contains_key(&id) {
            let name = parsed(self.packed.group_name(group)?, "a group's name is none")?;
            let (grants, _) = self.held(index(group))?;
            self.snapshot.groups.insert(id, GroupAccess { name, grants });
        }
        Ok(())
    }

    fn held(&mut self, holder: usize) -> Read<(Vec<Grant>, Vec<GroupId>)> {
        let [grants, joined] = self.packed.held_by(holder);
        let grants = grants.map(|at| self.grant(at)).collect::<Read<_>>()?;
        let mut groups = Vec::new();
        for group in joined.map(|at| self.packed.word(at)) {
            self.group(group)?;
            groups.push(self.packed.group_id(group));
        }
        Ok((grants, groups))
    }

    fn grant(&self, at: usize) -> Read<Grant> {
        let expr = self.packed.expr(self.packed.word(at))?;
        match self.history {
            Some(history) => self.packed.told(history, at - self.packed.layout.grants, expr),
            None => {
                Ok(Grant { id: self.no_id.clone(), expr, created_at: Timestamp::from_ms(0), created_by: String::new() })
            }
        }
    }

    /// Adds every resource that a scope reaches: those named, those with these labels, and the destinations of them.
    pub(super) fn reached(&mut self, named: Vec<u32>, sets: &[Labels]) -> Read<()> {
        let packed = self.packed;
        let mut wanted: Vec<Vec<u32>> = Vec::new();
        for set in sets {
            wanted.extend(packed.label_indexes(set));
        }
        let mut reached = named;
        if !wanted.is_empty() {
            let carries = |resource: u32| {
                let has = |label: &u32| packed.lists.labels_of(resource).any(|at| packed.word(at) == *label);
                wanted.iter().any(|set| set.iter().all(has))
            };
            for kind in [ResourceKind::Source, ResourceKind::Space] {
                let (from, to) = packed.kind_range(kind);
                for resource in from..to {
                    if carries(resource) {
                        reached.push(resource);
                    }
                }
            }
        }
        packed.add_destinations(&mut reached);
        for resource in distinct(reached) {
            self.with_parent(resource)?;
        }
        Ok(())
    }
}

impl Packed {
    /// Adds the destinations of the sources among these.
    fn add_destinations(&self, reached: &mut Vec<u32>) {
        let (_, end) = self.kind_range(ResourceKind::Source);
        let mut is_parent = vec![false; index(end)];
        let mut is_any = false;
        for source in reached.iter().copied().map(index) {
            if let Some(mark) = is_parent.get_mut(source) {
                *mark = true;
                is_any = true;
            }
        }
        if is_any {
            let (from, to) = self.kind_range(ResourceKind::Destination);
            for destination in from..to {
                if is_parent.get(index(self.parent_word(destination))) == Some(&true) {
                    reached.push(destination);
                }
            }
        }
    }
}
