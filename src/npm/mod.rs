//! The npm package: the same decisions for a browser, Node or another Worker.
//!
//! `rolecall/decide` is built of this folder without `full`: what loads the compact bytes and checks. `full` adds reasons,
//! lists, previews, JSON and files. Errors are `Error` objects with the `code` that the API uses. `entries/` makes the classes
//! that the package shows of [`Core`], `types.ts` holds their types.

mod core;
mod error;
#[cfg(feature = "npm")]
pub mod full;
mod input;
mod state;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::model::Action;

pub use core::{Core, is_question};
pub use error::fault;
pub use rolecall_can::can;

/// Takes and gives back memory in constant time, in a fifth of the code of the usual one.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// The name of every action, in one text: a list would take more code than all names together.
#[wasm_bindgen]
pub fn actions() -> String {
    let mut names = String::new();
    for action in Action::ALL {
        names.push_str(action.as_str());
        names.push(' ');
    }
    names
}
