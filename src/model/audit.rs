//! Audit events: who did what to what, when and by which way, with before and after.

use std::str::FromStr;

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

impl Actor {
    /// The operator of the deployment.
    pub fn operator() -> Self {
        Self { kind: "operator", id: "bootstrap".to_owned(), email: None }
    }
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

macro_rules! event_types {
    ($($name:ident = $text:literal,)*) => {
        /// What happened, as `noun.verb`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each variant says itself: the text beside it")]
        pub enum EventType { $($name),* }

        impl EventType {
            /// All types.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The type as it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

event_types! {
    WorkspaceCreated = "workspace.created",
    WorkspaceUpdated = "workspace.updated",
    WorkspaceDeleted = "workspace.deleted",
    MemberJoined = "member.joined",
    MemberUpdated = "member.updated",
    MemberRemoved = "member.removed",
    MemberGrantsChanged = "member.grants_changed",
    GroupCreated = "group.created",
    GroupUpdated = "group.updated",
    GroupDeleted = "group.deleted",
    GroupGrantsChanged = "group.grants_changed",
    GroupMembersChanged = "group.members_changed",
    InviteSent = "invite.sent",
    InviteResent = "invite.resent",
    InviteUpdated = "invite.updated",
    InviteCanceled = "invite.canceled",
    InviteAccepted = "invite.accepted",
    InviteExpired = "invite.expired",
    InviteReminded = "invite.reminded",
    InviteSuperseded = "invite.superseded",
    ResourceCreated = "resource.created",
    ResourceUpdated = "resource.updated",
    ResourceDeleted = "resource.deleted",
    LabelCreated = "label.created",
    LabelDeleted = "label.deleted",
    TokenCreated = "token.created",
    TokenDeleted = "token.deleted",
    ConnectionCreated = "sso.connection_created",
    ConnectionUpdated = "sso.connection_updated",
    ConnectionDeleted = "sso.connection_deleted",
    DomainAdded = "domain.added",
    DomainUpdated = "domain.updated",
    DomainVerified = "domain.verified",
    DomainDeleted = "domain.deleted",
    JoinRequested = "join.requested",
    JoinApproved = "join.approved",
    JoinDenied = "join.denied",
    SsoSignedIn = "sso.signed_in",
    SsoRefused = "sso.refused",
    SsoBypassed = "sso.bypassed",
    ScimTokenCreated = "scim.token_created",
    ScimTokenDeleted = "scim.token_deleted",
    ScimRefused = "scim.refused",
}

impl FromStr for EventType {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|one| one.as_str() == text).ok_or(())
    }
}

impl Actor {
    /// Rolecall itself, when time does what nobody asked for.
    pub fn system() -> Self {
        Self { kind: "system", id: "system".to_owned(), email: None }
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
