//! Audit events in SQL: only ever added.

use crate::host::Statement;
use crate::model::WorkspaceId;
use crate::model::audit::Event;

/// Adds events.
pub fn insert(workspace: &WorkspaceId, events: &[Event]) -> Statement {
    let rows: Vec<serde_json::Value> = events
        .iter()
        .map(|event| {
            serde_json::json!([
                event.id.as_str(),
                event.event_type.as_str(),
                event.at.as_ms(),
                event.actor.kind,
                event.actor.id,
                event.actor.email,
                event.via.as_str(),
                event.subject_type,
                event.subject_id,
                event.before,
                event.after,
                event.request_id,
            ])
        })
        .collect();
    Statement::new(
        "INSERT INTO audit_events (workspace_id, id, type, at, actor_kind, actor_id, actor_email, via, subject_type, subject_id, \
           before, after, request_id) \
         SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, \
           value ->> 8, value ->> 9, value ->> 10, value ->> 11 FROM json_each(?2)",
        [workspace.as_str().into(), serde_json::Value::from(rows).to_string().into()],
    )
}
