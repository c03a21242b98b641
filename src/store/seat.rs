//! Seats in SQL: the counters that triggers keep, less what time has ended and nobody marked yet.

use crate::host::{Row, Statement};
use crate::model::{Timestamp, WorkspaceId};

use super::row::{self, StoreError};

/// The pending invites of a workspace `w` at the time `?2`: the counter, less those that ended and weren't marked yet.
pub(super) const PENDING: &str = "w.pending_count - (SELECT count(*) FROM invites i \
    WHERE i.workspace_id = w.id AND i.status = 'pending' AND i.expires_at <= ?2)";

/// The seats of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seats {
    /// Taken by members.
    pub active: i64,
    /// Reserved by invites that are pending.
    pub pending: i64,
    /// How many there are; `None` for no limit.
    pub limit: Option<i64>,
    /// Of the active, those of members who were not seen for long.
    pub inactive: i64,
}

/// Counts a workspace's seats now. Who was last seen, or else joined, before `stale_before` is inactive.
pub fn count(workspace: &WorkspaceId, now: Timestamp, stale_before: Timestamp) -> Statement {
    let sql = format!(
        "SELECT w.member_count AS active, w.seat_limit, {PENDING} AS pending, \
            (SELECT count(*) FROM members m WHERE m.workspace_id = w.id AND coalesce(m.last_active_at, m.joined_at) < ?3) AS inactive \
           FROM workspaces w WHERE w.id = ?1"
    );
    Statement::new(sql, [workspace.as_str().into(), now.as_ms().into(), stale_before.as_ms().into()])
}

/// The seats in the answer to [`count`].
///
/// # Errors
/// When the workspace is gone.
pub fn from_rows(rows: &[Row]) -> Result<Seats, StoreError> {
    let row = rows.first().ok_or(StoreError::Corrupt("member_count"))?;
    Ok(Seats {
        active: row::int(row, "active")?,
        pending: row::int(row, "pending")?,
        limit: row::opt_int(row, "seat_limit")?,
        inactive: row::int(row, "inactive")?,
    })
}
