//! A loaded workspace: its bytes, where its history lies, and the numbers that stand for its members and places.

use std::cell::Cell;

use js_sys::Uint8Array;
use rolecall_lists::{Answer, Handles, NOBODY, WHOLE};
use wasm_bindgen::JsValue;

use crate::model::{AccountId, Email};
use crate::packed::{self, History, Packed, PackedError, Place, START, Slicer};
use crate::policy::Snapshot;
use crate::wire::loaded;

use super::error::Failure;
use super::input;

/// The second half of the bytes, left where JavaScript has it and checked when it is first asked.
#[derive(Debug)]
struct Kept {
    bytes: Uint8Array,
    is_checked: Cell<bool>,
}

impl History for Kept {
    fn read(&self, at: usize, length: usize) -> Vec<u8> {
        let [from, to] = [at, at.saturating_add(length)].map(|end| u32::try_from(end).unwrap_or(u32::MAX));
        self.bytes.subarray(from, to).to_vec()
    }
}

/// A workspace at one version.
#[derive(Debug)]
pub(super) struct State {
    pub(super) packed: Packed,
    history: Kept,
    /// The numbers of members and places. No other workspace that was loaded here has the same, so that a number is never
    /// taken for another one's.
    handles: Handles,
}

thread_local! {
    static NEXT: Cell<i32> = const { Cell::new(0) };
}

/// The first of so many numbers that nobody else has. After two billion they start again.
fn numbers(count: u32) -> i32 {
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    NEXT.with(|next| {
        let first = next.get();
        let (first, end) = first.checked_add(count).map_or((0, count), |end| (first, end));
        next.set(end);
        first
    })
}

impl State {
    /// Of what `Workspace.load` takes: the compact bytes, or the JSON as bytes, text or object.
    pub(super) fn load(input: &JsValue) -> Result<Self, Failure> {
        match input::array(input) {
            Some(bytes) if Packed::is_one(&bytes.subarray(0, 4).to_vec()) => Self::of_bytes(&bytes),
            _ => Self::of(&loaded::parse(&input::json(input)?)?),
        }
    }

    /// Of a snapshot.
    pub(super) fn of(snapshot: &Snapshot) -> Result<Self, Failure> {
        let bytes = packed::write(snapshot);
        let half = Packed::half_of(bytes.get(..START).unwrap_or_default(), bytes.len())?;
        let (first, history) = bytes.split_at_checked(half).unwrap_or((&bytes, &[]));
        Self::new(Packed::load(first.to_vec(), bytes.len())?, Uint8Array::from(history), true)
    }

    fn of_bytes(bytes: &Uint8Array) -> Result<Self, Failure> {
        let total = bytes.length();
        let half = Packed::half_of(&bytes.subarray(0, 16).to_vec(), total as usize)?;
        let end = u32::try_from(half).unwrap_or(u32::MAX);
        let packed = Packed::load(bytes.subarray(0, end).to_vec(), total as usize)?;
        Self::new(packed, bytes.subarray(end, total), false)
    }

    #[expect(clippy::unnecessary_wraps, reason = "its callers all answer the same")]
    fn new(packed: Packed, history: Uint8Array, is_checked: bool) -> Result<Self, Failure> {
        let handles = Handles {
            first_member: numbers(packed.members()),
            members: packed.members(),
            groups: packed.groups(),
            first_place: numbers(WHOLE.saturating_add(packed.resources())),
        };
        let history = Kept { bytes: history, is_checked: Cell::new(is_checked) };
        Ok(Self { packed, history, handles })
    }

    /// The history, after a look at its checksum.
    pub(super) fn history(&self) -> Result<&dyn History, PackedError> {
        if !self.history.is_checked.get() {
            self.packed.check_history(&self.history)?;
            self.history.is_checked.set(true);
        }
        Ok(&self.history)
    }

    /// A part of the workspace with all that reasons tell.
    pub(super) fn slicer(&self) -> Result<Slicer<'_>, PackedError> {
        Slicer::new(&self.packed, Some(self.history()?))
    }

    /// All of it, as a snapshot.
    pub(super) fn all(&self) -> Result<Snapshot, PackedError> {
        self.slicer()?.all()
    }

    /// Both halves in a row.
    pub(super) fn bytes(&self) -> Uint8Array {
        let half = self.packed.as_bytes();
        let end = u32::try_from(half.len()).unwrap_or(u32::MAX);
        let both = Uint8Array::new_with_length(end.saturating_add(self.history.bytes.length()));
        both.subarray(0, end).copy_from(half);
        both.set(&self.history.bytes, end);
        both
    }

    /// The index of a member, by account id or address.
    pub(super) fn member(&self, key: &JsValue) -> Result<Option<u32>, Failure> {
        let key = input::text(key, "member")?.to_lowercase();
        if let Ok(id) = key.parse::<AccountId>() {
            return Ok(self.packed.member(&id));
        }
        Ok(match key.parse::<Email>() {
            Ok(email) => self.packed.member_by_email(&email)?,
            Err(_) => None,
        })
    }

    /// The number of a member; that of nobody for a stranger.
    pub(super) fn member_number(&self, key: &JsValue) -> Result<i32, Failure> {
        Ok(self.member(key)?.map_or(NOBODY, |member| self.handles.first_member.wrapping_add_unsigned(member)))
    }

    /// The number of a place; a negative one for a resource that isn't registered.
    pub(super) fn place_number(&self, resource: &JsValue) -> Result<i32, Failure> {
        let nth = match self.packed.place(&input::target(resource)?)? {
            Place::Workspace => 0,
            Place::Every(kind) => 1 + kind as u32,
            Place::One(resource) => WHOLE + resource,
            Place::Unknown(kind) => return Ok(-1 - kind as i32),
        };
        Ok(self.handles.first_place.wrapping_add_unsigned(nth))
    }

    /// The answer to a question in numbers.
    pub(super) fn answer(&self, member: i32, action: i32, place: i32) -> Answer {
        self.packed.lists().answer_handles(&self.handles, member, action, place)
    }

    /// The answers to lists of questions, which are equally long.
    pub(super) fn answers(&self, members: &[i32], actions: &[i32], places: &[i32]) -> Vec<u8> {
        self.packed.lists().answer_each(&self.handles, members, actions, places)
    }
}
