//! The second half of the bytes: what only reasons tell. It may lie elsewhere than the first, and is read piece by piece.

use rolecall_lists::NONE;
use xxhash_rust::xxh64::Xxh64;

use crate::model::{Grant, GrantExpr, GrantId, Timestamp};

use super::layout::{Counts, MOST_WORDS, long_at, text_at, word_at};
use super::{Packed, PackedError, index};

/// Where the history lies.
pub trait History {
    /// `length` bytes from byte `at`; fewer where it ends.
    fn read(&self, at: usize, length: usize) -> Vec<u8>;
}

impl History for Vec<u8> {
    fn read(&self, at: usize, length: usize) -> Vec<u8> {
        self.get(at..at.saturating_add(length).min(self.len())).unwrap_or_default().to_vec()
    }
}

/// Bytes that are read at once for the checksum.
const CHUNK: usize = 1 << 16;

/// Where each of its lists starts, in words.
#[derive(Debug, Clone, Copy)]
pub(super) struct HistoryLayout {
    /// Four words a grant: its id.
    pub(super) ids: usize,
    /// The text that names its giver.
    pub(super) givers: usize,
    /// Three words each: a grant and its time.
    pub(super) odd_times: usize,
    /// Where the names of members, then the givers, end in the text.
    pub(super) texts: usize,
    pub(super) text: usize,
    pub(super) end: usize,
}

impl HistoryLayout {
    /// The layout that these counts make; `None` where they are more than memory can hold.
    pub(super) fn new(counts: &Counts) -> Option<Self> {
        let [grants, odd_times, members, givers, text] =
            [counts.grants, counts.odd_times, counts.members, counts.givers, counts.history_text].map(u64::from);
        let starts = [0, 4 * grants, 5 * grants, 5 * grants + 3 * odd_times];
        let [ids, by, odd, texts] = starts.map(|start| usize::try_from(start).unwrap_or(usize::MAX));
        let text_at = 5 * grants + 3 * odd_times + members + givers + 1;
        let end = text_at + text.div_ceil(4);
        let [text, all] = [text_at, end].map(|start| usize::try_from(start).unwrap_or(usize::MAX));
        (end < MOST_WORDS).then_some(Self { ids, givers: by, odd_times: odd, texts, text, end: all })
    }
}

impl Packed {
    /// The first half; the history follows it.
    pub fn as_bytes(&self) -> &[u8] {
        self.lists.bytes.get(..4 * self.layout.end).unwrap_or_default()
    }

    /// Checks the history against its checksum in the first half.
    ///
    /// # Errors
    /// When it is another.
    pub fn check_history(&self, history: &dyn History) -> Result<(), PackedError> {
        let length = 4 * self.history.end;
        let mut hash = Xxh64::new(0);
        for at in (0..length).step_by(CHUNK) {
            hash.update(&history.read(at, CHUNK.min(length - at)));
        }
        if hash.digest() == long_at(&self.lists.bytes, 5) { Ok(()) } else { Err(PackedError::Checksum) }
    }

    /// The nth grant, as it was given.
    pub(super) fn told(&self, history: &dyn History, nth: usize, expr: GrantExpr) -> Result<Grant, PackedError> {
        let layout = &self.history;
        let bits = history.read(4 * (layout.ids + 4 * nth), 16).try_into();
        let bits: [u8; 16] = bits.map_err(|_| PackedError::Invalid("a grant has no id"))?;
        let giver = word_at(&history.read(4 * (layout.givers + nth), 4), 0);
        let created_by = self.history_text(history, index(self.layout.counts.members) + index(giver))?;
        let created_at = self.odd_time(history, nth).unwrap_or_else(|| time_of(bits));
        Ok(Grant { id: GrantId::from_bytes(bits), expr, created_at, created_by })
    }

    /// The time of a grant that isn't that of its id. Their list is in the order of the grants.
    fn odd_time(&self, history: &dyn History, nth: usize) -> Option<Timestamp> {
        let layout = &self.history;
        let (mut low, mut high) = (0, index(self.layout.counts.odd_times));
        while low < high {
            let middle = low + (high - low) / 2;
            let row = history.read(4 * (layout.odd_times + 3 * middle), 12);
            match index(word_at(&row, 0)).cmp(&nth) {
                std::cmp::Ordering::Equal => return Some(Timestamp::from_ms(long_at(&row, 1).cast_signed())),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    pub(super) fn member_name(&self, history: &dyn History, member: u32) -> Result<String, PackedError> {
        self.history_text(history, index(member))
    }

    fn history_text(&self, history: &dyn History, nth: usize) -> Result<String, PackedError> {
        let layout = &self.history;
        let ends = history.read(4 * (layout.texts + nth), 8);
        let (from, to) = (word_at(&ends, 0), word_at(&ends, 1));
        if from > to || to == NONE || ends.len() != 8 {
            return Err(PackedError::Invalid("a text of the history ends before it starts"));
        }
        let bytes = history.read((4 * layout.text).saturating_add(index(from)), index(to - from));
        text_at(&bytes, 0, (0, to - from)).map(ToOwned::to_owned)
    }
}

/// The time in an id.
pub(super) fn time_of(id: [u8; 16]) -> Timestamp {
    let ms = id.iter().take(6).fold(0_i64, |ms, byte| (ms << 8) | i64::from(*byte));
    Timestamp::from_ms(ms)
}
