//! Bytes that somebody sent, checked before anything is believed: length, checksum, each index and each order that
//! look-ups rely on.

use std::rc::Rc;

use rolecall_lists::{Held, NONE, RESOURCE, TAKES_LABELS, TAKES_WORKSPACE};
use xxhash_rust::xxh64::xxh64;

use crate::model::{ResourceKind, Role, ScopeKind};

use super::decide::{learn, lists};
use super::history::HistoryLayout;
use super::layout::{BEFORE_COUNTS, Counts, Layout, MAGIC, VERSION, long_at, word_at};
use super::{Packed, PackedError, index, word};

/// How the bytes start, up to the length of the first half.
pub const START: usize = 16;

/// What is wrong, if something is.
type Checked = Result<(), &'static str>;

fn require(holds: bool, what: &'static str) -> Checked {
    if holds { Ok(()) } else { Err(what) }
}

impl Packed {
    /// True for bytes that start like a packed workspace of any version.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC)
    }

    /// How long the first half is, by the first [`START`] bytes.
    ///
    /// # Errors
    /// When there are fewer bytes than that, or they are of another version.
    pub fn half_of(start: &[u8], total: usize) -> Result<usize, PackedError> {
        require(Self::is_one(start), "it doesn't start like one")?;
        let version = start.get(3).copied().unwrap_or(VERSION);
        if version != VERSION {
            return Err(PackedError::Version(version));
        }
        let half = index(word_at(start, 3));
        if start.len() < START || total < half {
            return Err(PackedError::Truncated { expected: half.max(START), found: total });
        }
        Ok(half)
    }

    /// A workspace of its first half, with `total` bytes in both.
    ///
    /// # Errors
    /// When the bytes aren't what was written, or say what can't be.
    pub fn load(bytes: Vec<u8>, total: usize) -> Result<Self, PackedError> {
        let packed = Self::for_checks(bytes, total)?;
        packed.workspace()?;
        Ok(packed)
    }

    /// As [`Self::load`], without a look at what no decision rests on: the workspace's name, its settings.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn for_checks(bytes: Vec<u8>, total: usize) -> Result<Self, PackedError> {
        let (layout, history, expected) = layouts(&bytes)?;
        if expected != total {
            return Err(PackedError::Truncated { expected, found: total });
        }
        let rest = bytes.get(12..).unwrap_or_default();
        if xxh64(rest, 0) != long_at(&bytes, 1) {
            return Err(PackedError::Checksum);
        }
        let mut packed = Self { lists: Rc::new(lists(bytes, &layout)), layout, history };
        let held = packed.check()?;
        let plan = packed.plan()?;
        let add_ons = packed.add_ons();
        // Nobody else has them yet.
        if let Some(lists) = Rc::get_mut(&mut packed.lists) {
            lists.held = held;
            lists.places = lists.places_of();
            lists.wanted = (0..layout.counts.sets).map(|set| lists.signs(lists.set(set))).collect();
            learn(lists, plan, add_ons);
        }
        Ok(packed)
    }

    /// Checks all numbers; what holders have comes out of it.
    fn check(&self) -> Result<Vec<Held>, &'static str> {
        let Layout { counts, .. } = self.layout;
        self.ascending(self.layout.texts, counts.texts() + 1, 1, counts.text, "texts overlap")?;
        self.check_labels()?;
        self.check_resources()?;
        self.check_holders()?;
        require(self.lists.are_below(self.layout.by_email, counts.members, counts.members), "an address is nobody's")?;
        let holders = word(counts.holders());
        self.lists.held_of([counts.groups, holders], counts.sets, &takes()).ok_or("a grant is none")
    }

    /// That a list of starts, one each `step` words, never falls and ends with `end`.
    fn ascending(&self, start: usize, count: usize, step: usize, end: u32, what: &'static str) -> Checked {
        require(self.lists.is_ascending(start, count, step, end), what)
    }

    fn check_labels(&self) -> Checked {
        let Layout { counts, .. } = self.layout;
        for label in 1..counts.labels {
            require(self.label_bytes(label - 1) < self.label_bytes(label), "labels aren't in order")?;
        }
        self.ascending(self.layout.sets, index(counts.sets) + 1, 1, counts.in_sets, "sets of labels overlap")?;
        (0..counts.sets).try_for_each(|set| self.check_label_list(self.lists.set(set)))
    }

    /// That labels exist and are in order.
    fn check_label_list(&self, range: std::ops::Range<usize>) -> Checked {
        let mut least = 0;
        for label in range.map(|at| self.word(at)) {
            require(label >= least && label < self.layout.counts.labels, "labels of a list aren't in order")?;
            least = label + 1;
        }
        Ok(())
    }

    fn check_resources(&self) -> Checked {
        let Layout { counts, resources, .. } = self.layout;
        let all = counts.resources();
        self.ascending(resources + 1, all + 1, RESOURCE, counts.carried, "labels of resources overlap")?;
        for kind in ResourceKind::ALL {
            let (from, to) = self.kind_range(kind);
            for resource in from..to {
                let is_after = resource == from || self.resource_bytes(resource - 1) < self.resource_bytes(resource);
                require(is_after, "resources aren't in order")?;
                self.check_resource(resource, kind)?;
            }
        }
        Ok(())
    }

    fn check_resource(&self, resource: u32, kind: ResourceKind) -> Checked {
        let parent = self.word(self.layout.resources + RESOURCE * index(resource));
        let is_destination = kind == ResourceKind::Destination;
        let has_source = parent < self.layout.counts.sources;
        let is_right = if is_destination && self.is_registered(resource) { has_source } else { parent == NONE };
        require(is_right, "a destination alone has a parent, which is a source")?;
        let flags = self.word(self.layout.resources + RESOURCE * index(resource) + 2);
        require(flags >> 1 == kind as u32, "a resource is of another kind")?;
        let carried = self.lists.labels_of(resource);
        require(carried.is_empty() || kind.takes_labels(), "labels stand on what takes none")?;
        self.check_label_list(carried)
    }

    fn check_holders(&self) -> Checked {
        let Layout { counts, holders, group_ids, member_ids, joined, .. } = self.layout;
        self.ascending(holders, counts.holders() + 1, 2, counts.grants, "grants overlap")?;
        self.ascending(holders + 1, counts.holders() + 1, 2, counts.joined, "groups overlap")?;
        let first = self.word(holders + 1 + 2 * index(counts.groups));
        require(first == 0, "a group is in a group")?;
        for (start, count) in [(group_ids, counts.groups), (member_ids, counts.members)] {
            require(self.lists.are_ids(start, count), "ids aren't in order")?;
        }
        require(self.lists.are_below(joined, counts.joined, counts.groups), "somebody is in no group")
    }
}

/// The scopes that each role takes, as bits.
fn takes() -> Vec<u32> {
    let bit = |kind: &ScopeKind| match kind {
        ScopeKind::Workspace => TAKES_WORKSPACE,
        ScopeKind::Resource(kind) => 1 << (*kind as u32),
        ScopeKind::Labels => TAKES_LABELS,
    };
    Role::all().map(|role| role.scopes().iter().map(bit).fold(0, |all, one| all | one)).collect()
}

/// The layouts that the header tells, and how many bytes both halves should have.
fn layouts(bytes: &[u8]) -> Result<(Layout, HistoryLayout, usize), PackedError> {
    let mut counts = [0; Counts::WORDS];
    for (at, count) in counts.iter_mut().enumerate() {
        *count = word_at(bytes, BEFORE_COUNTS + at);
    }
    let counts = Counts::from_words(counts);
    let both = Layout::new(counts).zip(HistoryLayout::new(&counts));
    let (layout, history) = both.ok_or(PackedError::Invalid("there is more than memory holds"))?;
    let (half, rest) = (4 * layout.end, 4 * history.end);
    if bytes.len() != half || index(word_at(bytes, 3)) != half || index(word_at(bytes, 4)) != rest {
        return Err(PackedError::Truncated { expected: half, found: bytes.len() });
    }
    Ok((layout, history, half + rest))
}
