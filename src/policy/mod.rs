//! Who may do what: pure functions over values that can't fail. Denial is an answer with its reasons.
//!
//! Grants combine as a union: a member's own and those of all their groups, no deny, the more powerful wins.

pub mod bulk;
pub mod catalog;
mod change;
mod decide;
mod delegation;
mod effective;
mod missing;
mod preview;
mod reach;
mod rules;
mod snapshot;

pub use change::{Change, Joiner, Party, Refusal, apply};
pub use decide::{Because, Decision, Dormant, Unknown, decide, evaluate};
pub use delegation::exceeding;
pub use effective::effective;
pub use preview::{Access, Person, Preview, compare, holdings, preview};
pub use reach::{Reach, granting, reach};
pub use rules::{has_owner, try_apply};
pub use snapshot::{
    GroupAccess, Held, HeldGrant, InviteAccess, MemberAccess, Question, ResourceFacts, Seats, Snapshot,
};
