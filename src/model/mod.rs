//! The nouns and what makes them valid: a value of these types has been checked once and is trusted after.
//!
//! Nothing here reads a clock, a database or a byte of JSON: transitions take `now`, and shapes that leave the
//! process live in [`crate::wire`].

mod action;
mod base32;
mod connection;
mod delivery;
mod domain;
mod grant;
mod group;
mod id;
mod invite;
mod label;
mod letters;
mod link;
mod member;
mod resource;
mod role;
mod secret;
mod stale;
mod table;
mod text;
mod time;
mod token;
mod workspace;

pub mod audit;

pub use action::{Action, ActionSet, Target, TargetError, Verb};
pub use connection::{Connection, Protocol, Sync};
pub use delivery::{Delivery, DeliveryStatus, MOST_TRIES, next_try};
pub use domain::{AutoJoin, Domain, DomainError, DomainName, JoinRequest};
pub use grant::{Grant, GrantError, GrantExpr, Scope, Via};
pub use group::Group;
pub use id::{
    AccountId, ConnectionId, DomainId, EventId, GrantId, GroupId, Holder, IdError, InviteId, JoinRequestId, LinkId,
    MailId, SessionId, TestId, TokenId, WorkspaceId,
};
pub use invite::{AcceptError, Invite, InviteStatus};
pub use label::{LabelError, Labels};
pub use letters::lower;
pub use link::{LINK_MINUTES, LINKS_AN_HOUR, Link, LinkError};
pub use member::{Member, MemberError, Provision, check_owner_remains, check_workspace_role, is_owner};
pub use resource::{Resource, ResourceError, ResourceKind, ResourceRef};
pub use role::{Level, Need, Role, ScopeKind};
pub use secret::{Secret, SecretHash, SecretKind};
pub use stale::StaleKind;
pub use table::{Set, Table, distinct, sort_rows};
pub use text::{Email, Name, Slug, TextError, digits};
pub use time::Timestamp;
pub use token::Token;
pub use workspace::{AddOn, AddOns, Plan, Settings, Workspace};
