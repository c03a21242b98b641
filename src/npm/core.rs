//! What the classes of the package stand on: a workspace at one version, asked by numbers. `checks.js` dresses it.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::input;
use super::state::State;

/// A workspace at one version.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Core {
    pub(super) state: State,
}

/// The answer about numbers, in the workspace of a slot: 0 and 1, or why there is none.
#[wasm_bindgen]
pub fn can(slot: u32, member: i32, action: i32, place: i32) -> u8 {
    rolecall_lists::answer(slot, member, action, place) as u8
}

#[wasm_bindgen]
impl Core {
    /// Loads the answer of `GET …/snapshot`.
    ///
    /// # Errors
    /// Throws with the code and the place of what can't be read; the others throw for questions that can't be asked.
    pub fn load(snapshot: &JsValue) -> Result<Self, JsValue> {
        Ok(Self { state: State::load(snapshot)? })
    }

    /// The slot that [`can`] finds it by.
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

    /// The compact form.
    pub fn bytes(&self) -> js_sys::Uint8Array {
        self.state.bytes()
    }

    /// The number of a member.
    ///
    /// # Errors
    /// When the key isn't a text.
    pub fn member(&self, member: &JsValue) -> Result<i32, JsValue> {
        Ok(self.state.member_number(member)?)
    }

    /// The number of a resource, a kind or the workspace.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn place(&self, resource: &JsValue) -> Result<i32, JsValue> {
        Ok(self.state.place_number(resource)?)
    }

    /// The answers about lists of numbers, which are equally long.
    #[wasm_bindgen(js_name = canMany)]
    pub fn can_many(&self, members: &[i32], actions: &[i32], places: &[i32]) -> Vec<u8> {
        rolecall_lists::answer_each(self.state.slot.number(), members, actions, places)
    }

    /// Throws what is wrong with a question in texts; nothing when it can be asked.
    ///
    /// # Errors
    /// That is what it is for.
    pub fn refuse(&self, action: &JsValue, resource: &JsValue) -> Result<(), JsValue> {
        input::question(action, resource)?;
        Ok(())
    }
}
