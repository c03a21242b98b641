//! The binding of a check. It is a crate of its own so that it is compiled for speed: what a binding is made into is otherwise
//! compiled for size, and then takes longer than looking the grants up.

use wasm_bindgen::prelude::wasm_bindgen;

/// The answer about numbers, in the workspace of a slot: 0 and 1, or why there is none.
#[wasm_bindgen]
pub fn can(slot: u32, member: i32, action: i32, place: i32) -> u8 {
    rolecall_lists::answer(slot, member, action, place) as u8
}
