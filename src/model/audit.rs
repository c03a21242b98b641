//! Audit events: who did what to what, when and by which way, with before and after.

use super::{EventId, Timestamp};

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// `member`, `token`, `operator` (the bootstrap token) or `system`.
    pub kind: &'static str,
    /// The account or token; `bootstrap` for the operator.
    pub id: String,
    /// The person's address, where it is a person.
    pub email: Option<String>,
}

/// By which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// The HTTP API with a token.
    Api,
    /// A person's session.
    Console,
    /// An identity provider.
    Scim,
    /// A first SSO login.
    Jit,
    /// Rolecall itself.
    System,
}

impl Channel {
    /// The way as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Console => "console",
            Self::Scim => "scim",
            Self::Jit => "jit",
            Self::System => "system",
        }
    }
}

/// What happened, as `noun.verb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant says itself: the text beside it")]
pub enum EventType {
    WorkspaceCreated,
    WorkspaceUpdated,
    WorkspaceDeleted,
    MemberJoined,
    MemberUpdated,
    MemberRemoved,
    MemberGrantsChanged,
    GroupCreated,
    GroupUpdated,
    GroupDeleted,
    GroupGrantsChanged,
    GroupMembersChanged,
    InviteSent,
    InviteResent,
    InviteUpdated,
    InviteCanceled,
    InviteAccepted,
    ResourceCreated,
    ResourceUpdated,
    ResourceDeleted,
    LabelCreated,
    LabelDeleted,
    TokenCreated,
    TokenDeleted,
}

impl EventType {
    /// The type as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WorkspaceCreated => "workspace.created",
            Self::WorkspaceUpdated => "workspace.updated",
            Self::WorkspaceDeleted => "workspace.deleted",
            Self::MemberJoined => "member.joined",
            Self::MemberUpdated => "member.updated",
            Self::MemberRemoved => "member.removed",
            Self::MemberGrantsChanged => "member.grants_changed",
            Self::GroupCreated => "group.created",
            Self::GroupUpdated => "group.updated",
            Self::GroupDeleted => "group.deleted",
            Self::GroupGrantsChanged => "group.grants_changed",
            Self::GroupMembersChanged => "group.members_changed",
            Self::InviteSent => "invite.sent",
            Self::InviteResent => "invite.resent",
            Self::InviteUpdated => "invite.updated",
            Self::InviteCanceled => "invite.canceled",
            Self::InviteAccepted => "invite.accepted",
            Self::ResourceCreated => "resource.created",
            Self::ResourceUpdated => "resource.updated",
            Self::ResourceDeleted => "resource.deleted",
            Self::LabelCreated => "label.created",
            Self::LabelDeleted => "label.deleted",
            Self::TokenCreated => "token.created",
            Self::TokenDeleted => "token.deleted",
        }
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// What happened.
    pub event_type: EventType,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// By which way.
    pub via: Channel,
    /// The kind of thing that it happened to: `member`, `invite`, …
    pub subject_type: &'static str,
    /// The id of that thing.
    pub subject_id: String,
    /// How it was, as JSON.
    pub before: Option<String>,
    /// How it is, as JSON.
    pub after: Option<String>,
    /// The request that did it.
    pub request_id: String,
}
