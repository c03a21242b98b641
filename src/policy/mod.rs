//! Who may do what: pure functions over values that can't fail. Denial is an answer with its reasons.
//!
//! Grants combine as a union: a member's own and those of all their groups, no deny, the more powerful wins.

pub mod catalog;
mod decide;
mod delegation;
mod missing;
mod reach;
mod snapshot;

pub use decide::{Because, Decision, Dormant, Unknown, decide, evaluate};
pub use delegation::exceeding;
pub use reach::{Reach, granting, reach};
pub use snapshot::{GroupAccess, Held, HeldGrant, MemberAccess, Question, ResourceFacts, Snapshot};
