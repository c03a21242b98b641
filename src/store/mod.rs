//! The SQL. Writes are [`Statement`](crate::host::Statement) values that a handler commits in one batch; reads are async functions.
//!
//! The workspace is the first predicate of each statement, columns are listed, and rows go as one JSON text that
//! `json_each` reads, since D1 takes at most 100 values a statement. Additions come before removals in a batch.

pub mod access;
pub mod account;
pub mod activity;
pub mod arrival;
pub mod audit;
pub mod candidate;
pub mod connection;
pub mod domain;
pub mod enforcement;
pub mod expiry;
pub mod grant;
pub mod group;
pub mod guard;
pub mod idempotency;
pub mod invite;
pub mod label;
pub mod link;
pub mod login;
pub mod member;
pub mod outbox;
pub mod page;
pub mod preview;
pub mod reminder;
pub mod resource;
pub mod retention;
mod row;
pub mod scim;
pub mod seat;
pub mod session;
pub mod snapshot;
pub mod stale;
pub mod token;
pub mod trial;
pub mod workspace;

pub use row::StoreError;
