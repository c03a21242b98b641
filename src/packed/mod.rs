//! A workspace as bytes: the compact form of a snapshot. The Worker writes it, and whoever loads it decides on the bytes as
//! they lie, without making objects of them.
//!
//! The first half holds all that decisions take: ids, addresses, grants, groups, resources and labels, in flat lists of
//! 32-bit words. The second half, the history, holds what only reasons tell: the ids of grants, who gave them and when,
//! and the names of members. Each half has a checksum, so that bytes that were cut or changed on their way are refused;
//! and each number is checked before it is trusted, so that bytes that somebody made up can't do more than lie about
//! their own workspace. `layout` says where what lies.

mod decide;
mod find;
mod history;
mod layout;
mod load;
mod slice;
mod touched;
mod write;

use std::rc::Rc;

use rolecall_lists::Lists;
use thiserror::Error;

pub use find::Place;
pub use history::History;
pub use load::START;
pub use slice::Slicer;
pub use write::write;

use history::HistoryLayout;
use layout::Layout;

/// The media type of the bytes.
pub const MEDIA_TYPE: &str = "application/vnd.rolecall.snapshot";

/// A workspace's bytes, checked.
#[derive(Debug, Clone)]
pub struct Packed {
    /// The first half, and where what a check looks at lies in it.
    lists: Rc<Lists>,
    layout: Layout,
    history: HistoryLayout,
}

/// Bytes that aren't a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PackedError {
    /// Not as long as they say.
    #[error("{}", self.in_words())]
    Truncated {
        /// How many bytes it should have.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// Of a version that this one can't read.
    #[error("{}", self.in_words())]
    Version(u8),
    /// Not what was written.
    #[error("{}", self.in_words())]
    Checksum,
    /// Written wrong.
    #[error("{}", self.in_words())]
    Invalid(&'static str),
}

impl From<&'static str> for PackedError {
    fn from(what: &'static str) -> Self {
        Self::Invalid(what)
    }
}

impl PackedError {
    /// The error as its `Display` has it, joined by hand: the formatting machinery would be a tenth of the smallest entry of
    /// the npm package.
    pub fn in_words(&self) -> String {
        match self {
            Self::Truncated { .. } => "the snapshot isn't as long as it says; fetch it again".to_owned(),
            Self::Version(_) => {
                "this is a version of the compact snapshot that this version of the package can't read; update it"
                    .to_owned()
            }
            Self::Checksum => "the snapshot was damaged on its way: its checksum is another; fetch it again".to_owned(),
            Self::Invalid(what) => {
                ["the snapshot says what can't be: ", what, "; report it to whoever made it"].concat()
            }
        }
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "snapshot_truncated",
            Self::Version(_) => "snapshot_version",
            Self::Checksum => "snapshot_damaged",
            Self::Invalid(_) => "snapshot_invalid",
        }
    }
}

/// An index or a count as a word. Lists here are shorter than 2³² for want of memory.
fn word(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A word as an index.
const fn index(word: u32) -> usize {
    word as usize
}
