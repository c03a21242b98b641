//! SCIM 2.0 (RFC 7643, 7644, 9865), the part that is arithmetic on JSON: one table of attributes, and filters, PATCH, projections and
//! documents that follow from it. Nothing here asks a database, a clock or a network.
//!
//! A document is a JSON object with the names as the schema spells them, without what the server adds (`id`, `meta`, `groups`,
//! `schemas`), without nulls and without empty lists: [`read_user`] makes one of a body, [`patch_user`] of another document.
//! The members of a group are no part of a document, since there may be very many: a PATCH says how they change.

mod announce;
mod attributes;
mod bulk;
mod chosen;
mod document;
mod error;
mod filter;
mod grammar;
mod group;
mod list;
mod matches;
mod operation;
mod patch;
mod path;
mod query;
mod schema;
mod value;

pub use announce::{BULK_OPERATIONS, BULK_PAYLOAD, MAX_RESULTS, resource_types, schemas, service_provider_config};
pub use attributes::Projection;
pub use bulk::{BulkAnswer, BulkMethod, BulkOperation, BulkRequest};
pub use document::{Document, Group, MemberRef, User, read_group, read_user};
pub use error::{ScimError, ScimType};
pub use filter::{Compare, Filter, Operand, Operator};
pub use group::{GroupPatch, MemberChange, patch_group};
pub use list::{List, Paging};
pub use patch::patch_user;
pub use path::Path;
pub use query::{Query, Sort};
pub use schema::{Attribute, ENTERPRISE, Kind, Mutability, Resource, Returned};
