//! Look-ups: a member by id or address, a resource by name, each by halving an ordered list.

use std::cmp::Ordering;

use crate::model::{AccountId, Email, GroupId, Labels, ResourceKind, ResourceRef, Target};
use rolecall_lists::RESOURCE;

use super::layout::{OWN_TEXTS, text_at, word_at};
use super::{Packed, PackedError, index};

/// What an action is asked of, as an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The workspace as a whole.
    Workspace,
    /// Every resource of a kind.
    Every(ResourceKind),
    /// One that is registered.
    One(u32),
    /// One of this kind that isn't registered.
    Unknown(ResourceKind),
}

impl Packed {
    /// The index of a member.
    pub fn member(&self, id: &AccountId) -> Option<u32> {
        self.id_index(self.layout.member_ids, self.layout.counts.members, id.to_bytes())
    }

    /// The index of a group.
    pub(super) fn group(&self, id: &GroupId) -> Option<u32> {
        self.id_index(self.layout.group_ids, self.layout.counts.groups, id.to_bytes())
    }

    fn id_index(&self, start: usize, count: u32, wanted: [u8; 16]) -> Option<u32> {
        halve(count, |nth| self.id_at(start, nth).cmp(&wanted))
    }

    /// The bits of the nth id of a list.
    pub(super) fn id_at(&self, start: usize, nth: u32) -> [u8; 16] {
        let from = 4 * (start + 4 * index(nth));
        self.lists.bytes.get(from..from + 16).and_then(|bits| bits.try_into().ok()).unwrap_or_default()
    }

    /// The index of the member with this address, in lower case.
    pub fn member_by_email(&self, email: &str) -> Option<u32> {
        let members = self.layout.counts.members;
        let nth = |nth: u32| self.word(self.layout.by_email + index(nth));
        let first = self.first_holder_text() + index(self.layout.counts.groups);
        halve(members, |at| self.bytes_of(first + index(nth(at))).cmp(email.as_bytes())).map(nth)
    }

    /// The index of the pending invite to this address.
    pub(super) fn invite_by_email(&self, email: &Email) -> Option<u32> {
        let counts = &self.layout.counts;
        let first = self.first_holder_text() + index(counts.groups) + index(counts.members);
        halve(counts.invites, |at| self.bytes_of(first + index(at)).cmp(email.as_str().as_bytes()))
    }

    /// What a target is here.
    pub fn place(&self, target: &Target) -> Place {
        match target {
            Target::Workspace => Place::Workspace,
            Target::Every(kind) => Place::Every(*kind),
            Target::One(named) => {
                let known = self.resource(named).filter(|resource| self.is_registered(*resource));
                known.map_or(Place::Unknown(named.kind()), Place::One)
            }
        }
    }

    /// The index of a resource, registered or only named.
    pub(super) fn resource(&self, named: &ResourceRef) -> Option<u32> {
        let (from, to) = self.kind_range(named.kind());
        let wanted = named.id().as_bytes();
        halve(to - from, |nth| self.resource_bytes(from + nth).cmp(wanted)).map(|nth| from + nth)
    }

    /// The indexes of a kind's resources.
    pub fn kind_range(&self, kind: ResourceKind) -> (u32, u32) {
        let counts = self.layout.counts.kinds();
        let from = counts.iter().take(kind as usize).sum();
        (from, from + counts.get(kind as usize).copied().unwrap_or(0))
    }

    /// The kind of a place; `None` for the workspace.
    #[inline(always)]
    pub fn kind_of(&self, place: Place) -> Option<ResourceKind> {
        match place {
            Place::Workspace => None,
            Place::Every(kind) | Place::Unknown(kind) => Some(kind),
            Place::One(resource) => Some(self.resource_kind(resource)),
        }
    }

    #[inline(always)]
    pub(super) fn resource_kind(&self, resource: u32) -> ResourceKind {
        ResourceKind::ALL.get(index(self.lists.kind(resource))).copied().unwrap_or(ResourceKind::Function)
    }

    /// True for a resource that isn't only named by a grant or as a parent.
    pub fn is_registered(&self, resource: u32) -> bool {
        self.word(self.layout.resources + RESOURCE * index(resource) + 2) & 1 != 0
    }

    /// How many members there are.
    pub const fn members(&self) -> u32 {
        self.layout.counts.members
    }

    /// How many groups there are.
    pub const fn groups(&self) -> u32 {
        self.layout.counts.groups
    }

    /// How many resources there are, registered or only named.
    pub fn resources(&self) -> u32 {
        self.lists.resource_count
    }

    /// The bytes of the nth text of the first half: they are in the order of the texts.
    fn bytes_of(&self, nth: usize) -> &[u8] {
        // Not over both by a closure: built for size that is three calls, and half the time of loading.
        let (at, base) = (self.layout.texts + nth, 4 * self.layout.text);
        let from = base.saturating_add(index(self.word(at)));
        let to = base.saturating_add(index(self.word(at + 1)));
        self.lists.bytes.get(from..to).unwrap_or_default()
    }

    /// The nth text of the first half.
    pub(super) fn text(&self, nth: usize) -> Result<&str, PackedError> {
        let at = self.layout.texts + nth;
        text_at(&self.lists.bytes, 4 * self.layout.text, (self.word(at), word_at(&self.lists.bytes, at + 1)))
    }

    fn first_resource_text(&self) -> usize {
        OWN_TEXTS + index(self.layout.counts.provisioned)
    }

    /// A resource's id as bytes.
    pub(super) fn resource_bytes(&self, resource: u32) -> &[u8] {
        self.bytes_of(self.first_resource_text() + index(resource))
    }

    pub(super) fn resource_id(&self, resource: u32) -> Result<&str, PackedError> {
        self.text(self.first_resource_text() + index(resource))
    }

    fn first_label_text(&self) -> usize {
        self.first_resource_text() + self.layout.counts.resources()
    }

    /// A label as `key:value`.
    pub(super) fn label(&self, label: u32) -> Result<&str, PackedError> {
        self.text(self.first_label_text() + index(label))
    }

    /// A label as bytes.
    pub(super) fn label_bytes(&self, label: u32) -> &[u8] {
        self.bytes_of(self.first_label_text() + index(label))
    }

    /// The index of a label.
    pub(super) fn label_index(&self, (key, value): (&str, &str)) -> Option<u32> {
        let wanted = [key, ":", value].concat();
        halve(self.layout.counts.labels, |label| self.label_bytes(label).cmp(wanted.as_bytes()))
    }

    /// The indexes of labels; nothing when one of them is nowhere, so that no resource carries them all.
    pub(super) fn label_indexes(&self, labels: &Labels) -> Option<Vec<u32>> {
        labels.iter().map(|label| self.label_index(label)).collect()
    }

    fn first_holder_text(&self) -> usize {
        self.first_label_text() + index(self.layout.counts.labels)
    }

    fn holder_text(&self, holder: usize) -> Result<&str, PackedError> {
        self.text(self.first_holder_text() + holder)
    }

    pub(super) fn group_name(&self, group: u32) -> Result<&str, PackedError> {
        self.holder_text(index(group))
    }

    pub(super) fn member_email(&self, member: u32) -> Result<&str, PackedError> {
        self.holder_text(index(self.layout.counts.groups) + index(member))
    }

    pub(super) fn invite_email(&self, invite: u32) -> Result<&str, PackedError> {
        let counts = &self.layout.counts;
        self.holder_text(index(counts.groups) + index(counts.members) + index(invite))
    }
}

/// The index below `count` at which `at` says equal, in an ascending list.
fn halve(count: u32, at: impl Fn(u32) -> Ordering) -> Option<u32> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        match at(middle) {
            Ordering::Equal => return Some(middle),
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
        }
    }
    None
}
