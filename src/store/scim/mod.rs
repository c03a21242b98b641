//! SCIM in SQL: tokens, users, groups, and the journal of what the provider asked for.

pub mod group;
pub mod journal;
pub mod token;
pub mod user;
