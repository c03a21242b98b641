//! When tokens and members were last seen, written at most once an hour each, and when an invite was first looked at: outside of any
//! change.

use crate::host::Statement;
use crate::model::{AccountId, InviteId, Timestamp, TokenId, WorkspaceId};

/// Notes that a token was used now, unless it was noted since `due`.
pub fn touch_token(workspace: &WorkspaceId, id: &TokenId, now: Timestamp, due: Timestamp) -> Statement {
    Statement::new(
        "UPDATE tokens SET last_used_at = ?3 WHERE workspace_id = ?1 AND id = ?2 AND coalesce(last_used_at, 0) <= ?4",
        [workspace.as_str().into(), id.as_str().into(), now.as_ms().into(), due.as_ms().into()],
    )
}

/// Notes that a member was seen now, unless it was noted since `due`.
pub fn touch_member(workspace: &WorkspaceId, id: &AccountId, now: Timestamp, due: Timestamp) -> Statement {
    Statement::new(
        "UPDATE members SET last_active_at = ?3 WHERE workspace_id = ?1 AND account_id = ?2 AND coalesce(last_active_at, 0) <= ?4",
        [workspace.as_str().into(), id.as_str().into(), now.as_ms().into(), due.as_ms().into()],
    )
}

/// Notes that an invite's offer was looked at now, unless it was before.
pub fn open_invite(workspace: &WorkspaceId, id: &InviteId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE invites SET opened_at = ?3 WHERE workspace_id = ?1 AND id = ?2 AND opened_at IS NULL",
        [workspace.as_str().into(), id.as_str().into(), now.as_ms().into()],
    )
}

/// Notes that a person was seen now as a member of each of their workspaces, unless it was noted since `due`.
pub fn touch_memberships(account: &AccountId, now: Timestamp, due: Timestamp) -> Statement {
    Statement::new(
        "UPDATE members SET last_active_at = ?2 WHERE account_id = ?1 AND coalesce(last_active_at, 0) <= ?3",
        [account.as_str().into(), now.as_ms().into(), due.as_ms().into()],
    )
}
