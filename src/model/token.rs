//! Tokens: API credentials. A personal token acts as its member; a workspace token is a principal of its own.

use super::{AccountId, ActionSet, Name, Timestamp, TokenId};

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub name: Name,
    /// The member whose hand it is; `None` for a token of the workspace.
    pub account: Option<AccountId>,
    /// Single actions that it may take beside its grants.
    pub actions: ActionSet,
    /// Who made it: an account or a token.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}
