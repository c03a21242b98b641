//! A loaded workspace: its bytes, and the numbers that stand for its members and places.

use std::cell::Cell;

use rolecall_lists::{Handles, NOBODY, Slot, WHOLE};

use crate::model::AccountId;
use crate::packed::{Packed, Place};

use super::error::Fault;
#[cfg(feature = "npm")]
use super::full::Kept;
use super::input;

/// A workspace at one version.
#[derive(Debug)]
pub(super) struct State {
    pub(super) packed: Packed,
    #[cfg(feature = "npm")]
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
    /// Of the first half of the bytes, of so many in both.
    #[cfg(not(feature = "npm"))]
    pub(super) fn load(half: Vec<u8>, total: usize) -> Result<Self, Fault> {
        if !Packed::is_one(&half) {
            let message =
                "this entry loads the compact snapshot (`Accept: application/vnd.rolecall.snapshot`)".to_owned();
            return Err(Fault { code: "invalid_type", message });
        }
        Packed::half_of(&half, total)?;
        Ok(Self::new(Packed::for_checks(half, total)?))
    }

    /// Of the first half of the bytes, checked.
    pub(super) fn new(packed: Packed, #[cfg(feature = "npm")] history: Kept) -> Self {
        let first_member = numbers(packed.members());
        let handles = Handles {
            first_member,
            members: packed.members(),
            groups: packed.groups(),
            first_place: numbers(WHOLE.saturating_add(packed.resources())),
        };
        let slot = Slot::keep(packed.lists(), handles);
        Self {
            packed,
            #[cfg(feature = "npm")]
            history,
            handles,
            slot,
        }
    }

    /// The index of a member, by account id or address in lower case.
    pub(super) fn member(&self, key: &str) -> Option<u32> {
        match key.parse::<AccountId>() {
            Ok(id) => self.packed.member(&id),
            Err(_) => self.packed.member_by_email(key),
        }
    }

    /// The number of a member; that of nobody for a stranger.
    pub(super) fn member_number(&self, key: &str) -> i32 {
        self.member(key).map_or(NOBODY, |member| self.handles.first_member.wrapping_add_unsigned(member))
    }

    /// The number of a place; a negative one for a resource that isn't registered.
    pub(super) fn place_number(&self, resource: Option<&str>) -> Result<i32, Fault> {
        let nth = match self.packed.place(&input::target(resource)?) {
            Place::Workspace => 0,
            Place::Every(kind) => 1 + kind as u32,
            Place::One(resource) => WHOLE + resource,
            Place::Unknown(kind) => return Ok(-1 - kind as i32),
        };
        Ok(self.handles.first_place.wrapping_add_unsigned(nth))
    }
}
