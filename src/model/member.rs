//! Members: an account inside one workspace; and the two rules that every change of a member's grants keeps.

use std::str::FromStr;

use thiserror::Error;

use super::{AccountId, Email, GrantExpr, Level, Name, Role, Timestamp};

/// How somebody became a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provision {
    /// The first owner, made with the workspace.
    Bootstrap,
    /// By accepting an invite.
    Invite,
    /// By a first SSO login.
    Jit,
    /// By the identity provider.
    Scim,
    /// By a verified e-mail domain.
    Domain,
}

impl Provision {
    const ALL: [Self; 5] = [Self::Bootstrap, Self::Invite, Self::Jit, Self::Scim, Self::Domain];

    /// The way as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bootstrap => "bootstrap",
            Self::Invite => "invite",
            Self::Jit => "jit",
            Self::Scim => "scim",
            Self::Domain => "domain",
        }
    }
}

impl FromStr for Provision {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|way| way.as_str() == text).ok_or(())
    }
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub id: AccountId,
    /// Its verified address.
    pub email: Email,
    /// The person's name.
    pub name: Name,
    /// How they came.
    pub provisioned_by: Provision,
    /// When they came.
    pub joined_at: Timestamp,
    /// When they were last seen in this workspace.
    pub last_active_at: Option<Timestamp>,
    /// True for who may sign in otherwise where the workspace requires SSO.
    pub is_sso_exempt: bool,
}

/// A change that a member's grants don't survive.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MemberError {
    /// No role of workspace level would be left.
    #[error("{}", self.in_words())]
    WorkspaceRoleRequired,
    /// The workspace would be left without an owner.
    #[error("{}", self.in_words())]
    LastOwner,
}

impl MemberError {
    /// The error as its `Display` has it.
    pub const fn in_words(&self) -> &'static str {
        match self {
            Self::WorkspaceRoleRequired => "a member keeps at least one workspace-level role; add `workspace_member`",
            Self::LastOwner => {
                "this would leave the workspace without an owner; make another active member an owner first"
            }
        }
    }
}

/// Checks that these grants hold a role of workspace level, as every member's and every invite's do.
///
/// # Errors
/// When none does.
pub fn check_workspace_role<'a>(grants: impl IntoIterator<Item = &'a GrantExpr>) -> Result<(), MemberError> {
    let has = grants.into_iter().any(|grant| grant.role().level() == Level::Workspace);
    if has { Ok(()) } else { Err(MemberError::WorkspaceRoleRequired) }
}

/// True when these grants make an owner.
pub fn is_owner<'a>(grants: impl IntoIterator<Item = &'a GrantExpr>) -> bool {
    grants.into_iter().any(|grant| grant.role() == Role::WorkspaceOwner)
}

/// Checks that a workspace keeps an owner when one member's ownership changes.
///
/// `others` says whether another active member owns it, directly or through a group.
///
/// # Errors
/// When the member was the only owner and would no longer be one.
pub const fn check_owner_remains(was_owner: bool, stays_owner: bool, others: bool) -> Result<(), MemberError> {
    if was_owner && !stays_owner && !others { Err(MemberError::LastOwner) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_owner_has_to_stay() {
        assert_eq!(check_owner_remains(true, false, false), Err(MemberError::LastOwner));
        for (was, stays, others) in [(true, true, false), (true, false, true), (false, false, false)] {
            assert_eq!(check_owner_remains(was, stays, others), Ok(()));
        }
    }
}
