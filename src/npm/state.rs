//! A loaded workspace: its bytes, where its history lies, and the numbers that stand for its members and places.

use std::cell::Cell;

use js_sys::Uint8Array;
use rolecall_lists::{Handles, NOBODY, Slot, WHOLE};
use wasm_bindgen::JsValue;

use crate::model::AccountId;
use crate::packed::{Packed, Place};

use super::error::Failure;
use super::input;

/// The second half of the bytes, left where JavaScript has it and checked when it is first asked.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) bytes: Uint8Array,
    #[cfg_attr(not(feature = "npm"), expect(dead_code, reason = "only reasons look at it"))]
    pub(super) is_checked: Cell<bool>,
}

/// A workspace at one version.
#[derive(Debug)]
pub(super) struct State {
    pub(super) packed: Packed,
    pub(super) history: Kept,
    /// The numbers of members and places. No other workspace that was loaded here has the same, so that a number is never
    /// taken for another one's.
    handles: Handles,
    /// What checks find it by.
    pub(super) slot: Slot,
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
            _ => Self::of_json(input),
        }
    }

    #[cfg(not(feature = "npm"))]
    fn of_json(_: &JsValue) -> Result<Self, Failure> {
        Err(Failure::new(
            "invalid_type",
            "this entry loads the compact snapshot (`Accept: application/vnd.rolecall.snapshot`)".to_owned(),
        ))
    }

    fn of_bytes(bytes: &Uint8Array) -> Result<Self, Failure> {
        let total = bytes.length();
        let half = Packed::half_of(&bytes.subarray(0, 16).to_vec(), total as usize)?;
        let end = u32::try_from(half).unwrap_or(u32::MAX);
        let bytes_of_half = bytes.subarray(0, end).to_vec();
        // What no check looks at is read when it is first asked for: most pages never do.
        let packed = Packed::for_checks(bytes_of_half, total as usize)?;
        Ok(Self::new(packed, bytes.subarray(end, total), false))
    }

    /// Of the first half of the bytes, checked, and the second.
    pub(super) fn new(packed: Packed, history: Uint8Array, is_checked: bool) -> Self {
        let first_member = numbers(packed.members());
        let handles = Handles {
            first_member,
            members: packed.members(),
            groups: packed.groups(),
            first_place: numbers(WHOLE.saturating_add(packed.resources())),
        };
        let history = Kept { bytes: history, is_checked: Cell::new(is_checked) };
        Self { slot: Slot::keep(packed.lists(), handles), packed, history, handles }
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
        // JavaScript has the tables of upper and lower case already.
        let key = String::from(input::js_text(key, "member")?.to_lower_case());
        match key.parse::<AccountId>() {
            Ok(id) => Ok(self.packed.member(&id)),
            Err(_) => Ok(self.packed.member_by_email(&key)),
        }
    }

    /// The number of a member; that of nobody for a stranger.
    pub(super) fn member_number(&self, key: &JsValue) -> Result<i32, Failure> {
        Ok(self.member(key)?.map_or(NOBODY, |member| self.handles.first_member.wrapping_add_unsigned(member)))
    }

    /// The number of a place; a negative one for a resource that isn't registered.
    pub(super) fn place_number(&self, resource: &JsValue) -> Result<i32, Failure> {
        let nth = match self.packed.place(&input::target(resource)?) {
            Place::Workspace => 0,
            Place::Every(kind) => 1 + kind as u32,
            Place::One(resource) => WHOLE + resource,
            Place::Unknown(kind) => return Ok(-1 - kind as i32),
        };
        Ok(self.handles.first_place.wrapping_add_unsigned(nth))
    }
}
