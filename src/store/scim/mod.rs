//! SCIM in SQL: tokens, users, groups, and the journal of what the provider asked for.

pub mod group;
pub mod journal;
pub mod token;
pub mod user;

/// How many a look-up that may find many finds at most: one more than a list is looked for among.
pub const MOST: usize = 20_000;

/// The condition that a column begins with a text, which is the second value: no character comes after the last one.
fn starts(column: &str) -> String {
    format!("{column} >= ?2 AND {column} < ?2 || char(1114111)")
}
