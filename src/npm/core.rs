//! What the classes of the package stand on: a workspace at one version, asked by numbers. `checks.js` dresses it, makes sure
//! that texts are texts, and throws.

use wasm_bindgen::prelude::wasm_bindgen;

use super::error::kept;
use super::input;
use super::state::State;

/// A workspace at one version.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Core {
    pub(super) state: State,
}

#[wasm_bindgen]
impl Core {
    /// Loads the first half of the compact bytes of `GET …/snapshot`, of so many in both; nothing where they can't be read.
    #[cfg(not(feature = "npm"))]
    pub fn load(half: Vec<u8>, total: usize) -> Option<Self> {
        kept(State::load(half, total)).map(|state| Self { state })
    }

    /// The slot that [`rolecall_can::can`] finds it by.
    #[wasm_bindgen(getter)]
    pub fn slot(&self) -> u32 {
        self.state.slot.number()
    }

    /// True when both hold the same.
    pub fn equals(&self, other: &Self) -> bool {
        self.state.packed.as_bytes() == other.state.packed.as_bytes()
    }

    /// The version that the snapshot was read at.
    #[wasm_bindgen(getter)]
    #[expect(clippy::cast_precision_loss, reason = "loading refuses versions that a number can't hold")]
    pub fn version(&self) -> f64 {
        self.state.packed.version() as f64
    }

    /// How many members and resources there are.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> u32 {
        let state = &self.state;
        state.packed.members().saturating_add(state.packed.resources())
    }

    /// The number of a member, by account id or address in lower case.
    pub fn member(&self, key: &str) -> i32 {
        self.state.member_number(key)
    }

    /// The number of a resource, a kind or the workspace; nothing for a text that is none of them.
    #[expect(clippy::needless_pass_by_value, reason = "a binding hands an optional text over")]
    pub fn place(&self, resource: Option<String>) -> Option<i32> {
        kept(self.state.place_number(resource.as_deref()))
    }

    /// The answers about lists of numbers, which are equally long.
    #[wasm_bindgen(js_name = canMany)]
    pub fn can_many(&self, members: &[i32], actions: &[i32], places: &[i32]) -> Vec<u8> {
        rolecall_lists::answer_each(self.state.slot.number(), members, actions, places)
    }
}

/// Whether an action can be asked of that resource, or of the workspace.
#[wasm_bindgen(js_name = isQuestion)]
#[expect(clippy::needless_pass_by_value, reason = "a binding hands an optional text over")]
pub fn is_question(action: &str, resource: Option<String>) -> bool {
    kept(input::question(action, resource.as_deref())).is_some()
}
