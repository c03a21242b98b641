//! Each JSON shape that leaves or enters the process: `snake_case`, RFC 3339 times in UTC, ids with a prefix.
//!
//! Requests refuse unknown members and are turned into model types here, with a JSON Pointer to each thing that is wrong.

pub mod access;
pub mod audit;
pub mod authzen;
pub mod bulk;
pub mod change;
pub mod check;
pub mod connection;
pub mod csv;
pub mod dns;
pub mod domain;
pub mod grant;
pub mod group;
pub mod invite;
pub mod issue;
pub mod json;
pub mod label;
pub mod loaded;
pub mod me;
pub mod member;
pub mod object;
pub mod preview;
pub mod resource;
pub mod role;
pub mod saml;
mod scan;
pub mod scim;
pub mod search;
pub mod seat;
pub mod secret;
pub mod session;
pub mod snapshot;
pub mod stale;
pub mod token;
pub mod trial;
pub mod workspace;
pub mod written;

use serde::{Deserialize, Deserializer, Serialize};

/// A page of a list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "{T}Page"))]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// Where the next page starts; `null` on the last one.
    pub next_cursor: Option<String>,
}

/// Tells a member that is there as `null` from one that is not there.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
