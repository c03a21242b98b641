//! The one way by which audit events are deleted: a batch that names the horizon which the trigger lets through.

use crate::host::{Db, Statement};
use crate::model::Timestamp;

use super::row::{self, StoreError};

/// How many events one batch deletes at most: each is a row in the table and one in each of its indexes.
const MOST: i64 = 5_000;

/// Counts what [`delete`] would delete.
fn count(horizon: Timestamp) -> Statement {
    let sql = "SELECT count(*) AS older FROM (SELECT 1 FROM audit_events INDEXED BY audit_events_by_age \
        WHERE at < ?1 ORDER BY at LIMIT ?2)";
    Statement::new(sql, [horizon.as_ms().into(), MOST.into()])
}

/// Deletes the oldest events from before a moment. The horizon comes and goes within the batch, so that no other ever sees it.
pub fn delete(horizon: Timestamp) -> [Statement; 3] {
    let delete = "DELETE FROM audit_events WHERE (workspace_id, id) IN (SELECT workspace_id, id FROM audit_events \
        INDEXED BY audit_events_by_age WHERE at < ?1 ORDER BY at LIMIT ?2)";
    [
        Statement::new("INSERT INTO audit_retention (horizon) VALUES (?1)", [horizon.as_ms().into()]),
        Statement::new(delete, [horizon.as_ms().into(), MOST.into()]),
        Statement::new("DELETE FROM audit_retention", []),
    ]
}

/// Deletes the oldest events from before a moment, as many as one batch may, and answers how many there were.
///
/// # Errors
/// When the database fails.
pub async fn delete_older(db: &impl Db, horizon: Timestamp) -> Result<i64, StoreError> {
    let older = |rows: &[crate::host::Row]| rows.first().map_or(Ok(0), |row| row::int(row, "older"));
    if older(&db.query(&count(horizon)).await?)? == 0 {
        return Ok(0);
    }
    let mut batch = vec![count(horizon)];
    batch.extend(delete(horizon));
    let answers = db.batch(&batch).await?;
    older(answers.first().map_or(&[][..], Vec::as_slice))
}
