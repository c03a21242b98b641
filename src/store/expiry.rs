//! Invites that expired and of which nothing tells yet.

use crate::host::{Db, Row, Statement, Value};
use crate::model::audit::EventType;
use crate::model::{Email, EventId, InviteId, Timestamp, WorkspaceId};

use super::audit;
use super::row::{self, Read, StoreError};

/// How many invites one run tells of.
const MOST: i64 = 500;
const IS_UNTOLD: &str = "i.status = 'expired' AND i.expiry_told = 0";

/// An invite of which Rolecall tells something by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The invite.
    pub id: InviteId,
    /// The address that it is bound to.
    pub email: Email,
    /// When its last link stops working.
    pub expires_at: Timestamp,
}

impl Told {
    /// Of the columns `workspace_id`, `id`, `email` and `expires_at`.
    pub(super) fn read(row: &Row) -> Read<Self> {
        Ok(Self {
            workspace: row::parsed(row, "workspace_id")?,
            id: row::parsed(row, "id")?,
            email: row::parsed(row, "email")?,
            expires_at: row::time(row, "expires_at")?,
        })
    }

    /// The row of the event of this id, for [`audit::insert_about_invites`].
    pub(super) fn event(&self, event: &EventId) -> serde_json::Value {
        serde_json::json!({
            "workspace": self.workspace.as_str(),
            "invite": self.id.as_str(),
            "event": event.as_str(),
            "after": { "email": self.email.as_str(), "expires_at": self.expires_at.to_string() },
        })
    }
}

/// Reads expired invites of which nothing tells yet.
pub fn untold() -> Statement {
    let sql = format!(
        "SELECT i.workspace_id, i.id, i.email, i.expires_at FROM invites i INDEXED BY invites_untold WHERE {IS_UNTOLD} LIMIT ?1"
    );
    Statement::new(sql, [MOST.into()])
}

/// Expired invites of which nothing tells yet, so many that one batch can tell of them.
///
/// # Errors
/// When the database fails.
pub async fn list_untold(db: &impl Db) -> Result<Vec<Told>, StoreError> {
    db.query(&untold()).await?.iter().map(Told::read).collect()
}

/// Tells of expired invites by these events; of one that was renewed or told of since, nothing.
pub fn tell(invites: &[(Told, EventId)], now: Timestamp, request_id: &str) -> [Statement; 2] {
    let rows: Value = row::json(invites.iter().map(|(told, event)| told.event(event)).collect());
    let mark = format!(
        "UPDATE invites AS i SET expiry_told = 1 FROM json_each(?1) r \
          WHERE i.workspace_id = r.value ->> 'workspace' AND i.id = r.value ->> 'invite' AND {IS_UNTOLD}"
    );
    let events = audit::insert_about_invites(EventType::InviteExpired, &rows, IS_UNTOLD, now, request_id);
    [events, Statement::new(mark, [rows])]
}
