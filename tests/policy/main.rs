//! The core alone: cases as data, an independent naive model, properties.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod agree;
mod bulk;
mod cases;
mod delegation;
mod grammar;
mod naive;
mod packed;
mod preview;
mod properties;
mod tables;
mod tokens;
mod world;
