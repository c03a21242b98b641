//! Stale access in SQL: members, tokens and invites by when they were last used, the longest ago first, each from an index of its own.

use crate::host::{Row, Statement};
use crate::model::{Action, ActionSet, StaleKind, Timestamp, WorkspaceId};

use super::row::{self, Read, StoreError};

/// Something that is stale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// What it is.
    pub kind: StaleKind,
    /// Its id.
    pub id: String,
    /// Whose grants it acts with: a personal token with its member's.
    pub holder: String,
    /// The address: of the member, of a personal token's member, of the invitee.
    pub email: Option<String>,
    /// The name of the person or token.
    pub name: Option<String>,
    /// When it was last used.
    pub last: Option<Timestamp>,
    /// Since when it is stale: since its last use, or else since it is there.
    pub since: Timestamp,
    /// The single actions of a token.
    pub actions: ActionSet,
    /// When its access ends by itself.
    pub ends_at: Option<Timestamp>,
}

impl Stale {
    /// Its place in the report.
    pub fn position(&self) -> Position {
        Position { kind: self.kind, since: self.since.as_ms(), id: self.id.clone() }
    }
}

/// A place in the report, after which the next page starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Of this kind.
    pub kind: StaleKind,
    since: i64,
    id: String,
}

impl Position {
    /// Before everything of a kind.
    pub const fn start(kind: StaleKind) -> Self {
        Self { kind, since: -1, id: String::new() }
    }

    /// As the key of a cursor.
    pub fn to_key(&self) -> String {
        format!("{}:{}:{}", self.kind.as_str(), self.since, self.id)
    }

    /// Of the key of a cursor; `None` for what is none.
    pub fn from_key(key: &str) -> Option<Self> {
        let (kind, rest) = key.split_once(':')?;
        let (since, id) = rest.split_once(':')?;
        Some(Self { kind: kind.parse().ok()?, since: since.parse().ok()?, id: id.to_owned() })
    }
}

/// Reads so many of a kind that were last used before a moment, from after a place.
pub fn after(workspace: &WorkspaceId, place: &Position, before: Timestamp, limit: i64) -> Statement {
    let (columns, table, since, id) = match place.kind {
        StaleKind::Member => (
            "m.account_id AS id, m.account_id AS holder, m.email, m.name, m.last_active_at AS last, '[]' AS actions, NULL AS ends_at",
            "members m INDEXED BY members_by_seen WHERE m.workspace_id = ?1",
            "coalesce(m.last_active_at, m.joined_at)",
            "m.account_id",
        ),
        StaleKind::Token => (
            "t.id, coalesce(t.account_id, t.id) AS holder, m.email, t.name, t.last_used_at AS last, t.actions, t.expires_at AS ends_at",
            "tokens t INDEXED BY tokens_by_use LEFT JOIN members m ON m.workspace_id = t.workspace_id \
               AND m.account_id = t.account_id WHERE t.workspace_id = ?1",
            "coalesce(t.last_used_at, t.created_at)",
            "t.id",
        ),
        StaleKind::Invite => (
            "i.id, i.id AS holder, i.email, i.name, NULL AS last, '[]' AS actions, i.expires_at AS ends_at",
            "invites i INDEXED BY invites_unopened WHERE i.workspace_id = ?1 AND i.status = 'pending' AND i.opened_at IS NULL",
            "i.sent_at",
            "i.id",
        ),
    };
    // Two ranges of the index, merged: of a pair with an expression in it SQLite would use the end alone. Many may have come at
    // one moment.
    let select = format!("SELECT {columns}, {since} AS since FROM {table} AND {since} < ?2");
    let sql = format!(
        "SELECT * FROM ({select} AND {since} = ?3 AND {id} > ?4 ORDER BY {id} LIMIT ?5) \
         UNION ALL {select} AND {since} > ?3 ORDER BY since, id LIMIT ?5"
    );
    let values =
        [workspace.as_str().into(), before.as_ms().into(), place.since.into(), place.id.as_str().into(), limit.into()];
    Statement::new(sql, values)
}

/// What is in the answer to [`after`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_rows(kind: StaleKind, rows: &[Row]) -> Result<Vec<Stale>, StoreError> {
    rows.iter().map(|row| read(kind, row)).collect()
}

fn read(kind: StaleKind, row: &Row) -> Read<Stale> {
    let actions: Vec<Action> = row::list(row, "actions")?;
    Ok(Stale {
        kind,
        id: row::text(row, "id")?.to_owned(),
        holder: row::text(row, "holder")?.to_owned(),
        email: row::opt_text(row, "email")?.map(str::to_owned),
        name: row::opt_text(row, "name")?.map(str::to_owned),
        last: row::opt_time(row, "last")?,
        since: row::time(row, "since")?,
        actions: ActionSet::of(&actions),
        ends_at: row::opt_time(row, "ends_at")?,
    })
}
