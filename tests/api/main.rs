//! The whole API in process: the real migrations and the real SQL on SQLite.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod caller;
mod group;
mod invite;
mod member;
mod offer;
mod resource;
mod support;
mod token;
mod workspace;
