//! The whole API in process: the real migrations and the real SQL on SQLite.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod access;
mod activity;
mod agree;
mod arrival;
mod attack;
mod audit;
mod authzen;
mod brake;
mod bulk;
mod caller;
mod check;
mod connection;
mod convention;
mod delivery;
mod differential;
mod directory;
mod domain;
mod enforcement;
mod event;
mod expiry;
mod export;
mod gate;
mod group;
mod idempotency;
mod invite;
mod join;
mod matching;
mod member;
mod offer;
mod openapi;
mod owner;
mod page;
mod preview;
mod race;
mod reminder;
mod resource;
mod retention;
mod right;
#[cfg(feature = "saml")]
mod saml;
mod scim;
mod search;
mod seat;
mod secret;
mod session;
mod snapshot;
mod stale;
mod support;
mod token;
mod workspace;
#[path = "../policy/world.rs"]
#[allow(dead_code, reason = "the tests of the policy use the rest")]
mod world;
