//! Where what lies in the bytes, and the reading of single words and texts.
//!
//! The first half is a header, the facts, lists of 32-bit little-endian words, and the text. The header counts what each
//! list holds; where a list starts follows from the counts before it, so that no offset can point astray.

use rolecall_lists::RESOURCE;

use super::{PackedError, index};

/// What the bytes start with; the last byte is the version.
pub(super) const MAGIC: [u8; 3] = *b"RCS";
/// The version that is written and read.
pub(super) const VERSION: u8 = 1;

/// More words than a browser gives a page; their bytes are counted in 32 bits.
pub(super) const MOST_WORDS: u64 = 1 << 29;

/// Words of the header before the counts: the mark, the checksum (2), the length of the first half, that of the history
/// and its checksum (2).
pub(super) const BEFORE_COUNTS: usize = 7;
/// Words of the facts.
pub(super) const FACTS: usize = 20;
/// Texts before those of the resources: slug and name of the workspace.
pub(super) const OWN_TEXTS: usize = 2;

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// How many there are of each.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub(super) struct Counts { $($(#[$doc])* pub(super) $name: u32),* }

        impl Counts {
            /// How many words the counts take.
            pub(super) const WORDS: usize = [$(stringify!($name)),*].len();

            /// As words.
            pub(super) fn to_words(self) -> [u32; Self::WORDS] {
                [$(self.$name),*]
            }

            /// From words.
            pub(super) const fn from_words([$($name),*]: [u32; Self::WORDS]) -> Self {
                Self { $($name),* }
            }
        }
    };
}

counts! {
    /// Resources of the first kind, then of each next one.
    sources, destinations, tracking_plans, spaces, warehouses, functions,
    /// Labels that resources carry, all in one list.
    carried,
    /// Labels, known to the workspace or named somewhere.
    labels,
    /// Sets of labels that grants are scoped to, and the labels in them.
    sets, in_sets,
    /// Those who hold grants.
    groups, members, invites,
    /// Their grants, and the groups of members and invites.
    grants, joined,
    /// Grants that people get who weren't invited.
    provisioned,
    /// Bytes of text.
    text,
    /// In the history: grants whose time isn't that of their id, texts that name givers, and bytes of text.
    odd_times, givers, history_text,
}

impl Counts {
    /// Resources of each kind.
    pub(super) const fn kinds(&self) -> [u32; 6] {
        [self.sources, self.destinations, self.tracking_plans, self.spaces, self.warehouses, self.functions]
    }

    /// Resources of all kinds.
    pub(super) fn resources(&self) -> usize {
        self.kinds().into_iter().map(index).sum()
    }

    /// Groups, members and invites.
    pub(super) const fn holders(&self) -> usize {
        index(self.groups) + index(self.members) + index(self.invites)
    }

    /// Texts of the first half.
    pub(super) fn texts(&self) -> usize {
        let named = index(self.provisioned) + self.resources() + index(self.labels);
        OWN_TEXTS + named + self.holders()
    }

    /// Words of the header.
    pub(super) const fn header() -> usize {
        BEFORE_COUNTS + Self::WORDS
    }
}

/// Where each list starts, in words.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Layout {
    pub(super) counts: Counts,
    pub(super) facts: usize,
    pub(super) resources: usize,
    pub(super) carried: usize,
    pub(super) known: usize,
    pub(super) sets: usize,
    pub(super) in_sets: usize,
    pub(super) group_ids: usize,
    pub(super) member_ids: usize,
    pub(super) holders: usize,
    pub(super) grants: usize,
    pub(super) joined: usize,
    pub(super) by_email: usize,
    pub(super) texts: usize,
    pub(super) text: usize,
    /// How many words there are in all.
    pub(super) end: usize,
}

impl Layout {
    /// The layout that these counts make; `None` where they are more than memory can hold.
    pub(super) fn new(counts: Counts) -> Option<Self> {
        let sum = |counts: &[u32]| counts.iter().copied().map(u64::from).sum::<u64>();
        let resources = sum(&counts.kinds());
        let holders = sum(&[counts.groups, counts.members, counts.invites]);
        let texts = OWN_TEXTS as u64 + sum(&[counts.provisioned, counts.labels]) + resources + holders;
        let mut at = Counts::header() as u64;
        let mut list = |words: u64| {
            // No overflow: a sum of few products of 32-bit numbers. That all starts fit in memory is asked at the end.
            let start = usize::try_from(at).unwrap_or(usize::MAX);
            at += words;
            start
        };
        let layout = Self {
            counts,
            facts: list(FACTS as u64),
            resources: list(RESOURCE as u64 * (resources + 1)),
            carried: list(counts.carried.into()),
            known: list(counts.labels.into()),
            sets: list(u64::from(counts.sets) + 1),
            in_sets: list(counts.in_sets.into()),
            group_ids: list(4 * u64::from(counts.groups)),
            member_ids: list(4 * u64::from(counts.members)),
            holders: list(2 * (holders + 1)),
            grants: list(counts.grants.into()),
            joined: list(counts.joined.into()),
            by_email: list(counts.members.into()),
            texts: list(texts + 1),
            text: list(u64::from(counts.text).div_ceil(4)),
            end: list(0),
        };
        (at < MOST_WORDS).then_some(layout)
    }
}

/// The word at an index; 0 beyond the end, which no checked index reaches.
#[inline(always)]
pub(super) fn word_at(bytes: &[u8], at: usize) -> u32 {
    bytes.as_chunks::<4>().0.get(at).map_or(0, |four| u32::from_le_bytes(*four))
}

/// The 64 bits at an index.
pub(super) fn long_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(word_at(bytes, at)) | (u64::from(word_at(bytes, at + 1)) << 32)
}

/// The text between two offsets of `text`, which starts at byte `base`.
pub(super) fn text_at(bytes: &[u8], base: usize, (from, to): (u32, u32)) -> Result<&str, PackedError> {
    let text = bytes
        .get(base.saturating_add(index(from))..base.saturating_add(index(to)))
        .and_then(|bytes| std::str::from_utf8(bytes).ok());
    text.ok_or(PackedError::Invalid("a text isn't UTF-8"))
}
