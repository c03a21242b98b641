//! A loaded workspace with its history and as a snapshot: of bytes or of JSON, whole or in parts.

use std::cell::Cell;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use crate::packed::{self, History, Packed, PackedError, START, Slicer};
use crate::policy::Snapshot;
use crate::wire::loaded;

use super::super::state::State;
use super::error::Failure;
use super::input;

/// The second half of the bytes, left where JavaScript has it and checked when it is first asked.
#[derive(Debug)]
pub(in crate::npm) struct Kept {
    bytes: Uint8Array,
    is_checked: Cell<bool>,
}

impl History for Kept {
    fn read(&self, at: usize, length: usize) -> Vec<u8> {
        let [from, to] = [at, at.saturating_add(length)].map(|end| u32::try_from(end).unwrap_or(u32::MAX));
        self.bytes.subarray(from, to).to_vec()
    }
}

impl State {
    /// Of what `Workspace.load` takes: the compact bytes, or the JSON as bytes, text or object.
    pub(super) fn open(input: &JsValue) -> Result<Self, Failure> {
        match input::array(input) {
            Some(bytes) if Packed::is_one(&bytes.subarray(0, 4).to_vec()) => Self::of_bytes(&bytes),
            _ => Self::of(&loaded::parse(&input::json(input)?)?),
        }
    }

    fn of_bytes(bytes: &Uint8Array) -> Result<Self, Failure> {
        let total = bytes.length();
        let half = Packed::half_of(&bytes.subarray(0, 16).to_vec(), total as usize)?;
        let end = u32::try_from(half).unwrap_or(u32::MAX);
        // What no check looks at is read when it is first asked for: most pages never do.
        let packed = Packed::for_checks(bytes.subarray(0, end).to_vec(), total as usize)?;
        Ok(Self::new(packed, Kept { bytes: bytes.subarray(end, total), is_checked: Cell::new(false) }))
    }

    /// Of a snapshot.
    pub(super) fn of(snapshot: &Snapshot) -> Result<Self, Failure> {
        let bytes = packed::write(snapshot);
        let half = Packed::half_of(bytes.get(..START).unwrap_or_default(), bytes.len())?;
        let (first, history) = bytes.split_at_checked(half).unwrap_or((&bytes, &[]));
        let history = Kept { bytes: Uint8Array::from(history), is_checked: Cell::new(true) };
        Ok(Self::new(Packed::load(first.to_vec(), bytes.len())?, history))
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
}
