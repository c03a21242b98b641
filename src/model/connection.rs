//! Connections to identity providers: who vouches for a workspace's people, and what follows from what it says of them.

use std::str::FromStr;

use super::{ConnectionId, Name, Timestamp, WorkspaceId};

/// What a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// OpenID Connect.
    Oidc,
    /// SAML 2.0.
    Saml,
}

impl Protocol {
    /// The protocol as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Saml => "saml",
        }
    }
}

impl FromStr for Protocol {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Oidc, Self::Saml].into_iter().find(|one| one.as_str() == text).ok_or(())
    }
}

/// When the groups that a provider names are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sync {
    /// At each login: who left a group there leaves it here.
    EachLogin,
    /// At the first login alone: from then on they are as they are.
    FirstLogin,
}

impl Sync {
    /// The choice as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EachLogin => "each_login",
            Self::FirstLogin => "first_login",
        }
    }
}

impl FromStr for Sync {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::EachLogin, Self::FirstLogin].into_iter().find(|one| one.as_str() == text).ok_or(())
    }
}

/// A connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Whose people it signs in.
    pub workspace: WorkspaceId,
    /// What the provider speaks.
    pub protocol: Protocol,
    /// What administrators call it.
    pub name: Name,
    /// False while nobody may sign in by it.
    pub is_active: bool,
    /// OIDC: the provider, by the address that its documents and tokens name.
    pub issuer: Option<String>,
    /// OIDC: who we are there.
    pub client_id: Option<String>,
    /// OIDC: our secret there, sealed; `None` for a public client.
    pub sealed_secret: Option<String>,
    /// SAML: the provider's entity id.
    pub entity_id: Option<String>,
    /// SAML: where a login starts.
    pub sso_url: Option<String>,
    /// SAML: the provider's certificates, in base64.
    pub certificates: Vec<String>,
    /// SAML: whether a login may begin at the provider. Nothing then tells that whoever comes is who began.
    pub may_provider_begin: bool,
    /// The claim or attribute that lists a person's groups.
    pub group_claim: String,
    /// When mapped groups are applied.
    pub sync: Sync,
    /// Counts the changes.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody last signed in by it.
    pub last_login_at: Option<Timestamp>,
}

impl Connection {
    /// What a mapped group is called here: readable, and long enough for a suffix to fit.
    pub fn group_name(&self, claim: &str, nth: usize) -> String {
        let clip = |text: &str, most| text.chars().take(most).collect::<String>();
        let suffix = if nth > 1 { format!(" {nth}") } else { String::new() };
        format!("{} ({}){suffix}", clip(claim.trim(), 120), clip(self.name.as_str(), 60))
    }
}
