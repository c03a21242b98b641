//! A loaded workspace as a snapshot: of JSON, whole or in parts.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use crate::packed::{self, History, Packed, PackedError, START, Slicer};
use crate::policy::Snapshot;
use crate::wire::loaded;

use super::super::error::Failure;
use super::super::state::{Kept, State};
use super::input;

impl History for Kept {
    fn read(&self, at: usize, length: usize) -> Vec<u8> {
        let [from, to] = [at, at.saturating_add(length)].map(|end| u32::try_from(end).unwrap_or(u32::MAX));
        self.bytes.subarray(from, to).to_vec()
    }
}

impl State {
    /// Of JSON: as bytes, text or object.
    pub(in crate::npm) fn of_json(input: &JsValue) -> Result<Self, Failure> {
        Self::of(&loaded::parse(&input::json(input)?)?)
    }

    /// Of a snapshot.
    pub(super) fn of(snapshot: &Snapshot) -> Result<Self, Failure> {
        let bytes = packed::write(snapshot);
        let half = Packed::half_of(bytes.get(..START).unwrap_or_default(), bytes.len())?;
        let (first, history) = bytes.split_at_checked(half).unwrap_or((&bytes, &[]));
        Ok(Self::new(Packed::load(first.to_vec(), bytes.len())?, Uint8Array::from(history), true))
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
