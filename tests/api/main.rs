//! The whole API in process: the real migrations and the real SQL on SQLite.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod activity;
mod audit;
mod caller;
mod check;
mod convention;
mod directory;
mod event;
mod gate;
mod group;
mod invite;
mod matching;
mod member;
mod offer;
mod owner;
mod page;
mod race;
mod resource;
mod right;
mod seat;
mod secret;
mod snapshot;
mod support;
mod token;
mod workspace;
