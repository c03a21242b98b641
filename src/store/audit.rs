//! Audit events in SQL: only ever added, read the newest first.

use crate::host::{Db, Row, Statement, Value};
use crate::model::audit::{Event, EventType};
use crate::model::{EventId, Timestamp, WorkspaceId};

use super::page::{Page, Paged};
use super::row::{self, Read, StoreError};

/// Adds events.
pub fn insert(workspace: &WorkspaceId, events: &[Event]) -> Vec<Statement> {
    let row = |event: &Event| {
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
    };
    let sql = "INSERT INTO audit_events (workspace_id, id, type, at, actor_kind, actor_id, actor_email, via, subject_type, subject_id, \
           before, after, request_id) \
         SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, \
           value ->> 8, value ->> 9, value ->> 10, value ->> 11 FROM json_each(?2)";
    let parts = row::parts(events.iter().map(row)).into_iter();
    parts.map(|part| Statement::new(sql, [workspace.as_str().into(), part])).collect()
}

/// An event as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its id, which sorts by time.
    pub id: EventId,
    /// What happened.
    pub event_type: String,
    /// When.
    pub at: Timestamp,
    /// The kind of who did it.
    pub actor_kind: String,
    /// Who did it.
    pub actor_id: String,
    /// Their address.
    pub actor_email: Option<String>,
    /// By which way.
    pub via: String,
    /// The kind of thing.
    pub subject_type: String,
    /// The thing.
    pub subject_id: String,
    /// How it was, as JSON.
    pub before: Option<String>,
    /// How it is, as JSON.
    pub after: Option<String>,
    /// The request.
    pub request_id: String,
}

/// Which events a list holds; an empty filter holds all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Done by this account or token.
    pub actor: Option<String>,
    /// Of this type.
    pub event_type: Option<EventType>,
    /// Done to this.
    pub subject: Option<String>,
    /// At this moment or later.
    pub since: Option<Timestamp>,
    /// At this moment or earlier.
    pub until: Option<Timestamp>,
}

const COLUMNS: &str =
    "id, type, at, actor_kind, actor_id, actor_email, via, subject_type, subject_id, before, after, request_id";

/// The conditions of a filter and the values that they take. Ids sort by time: a moment is a bound of ids, so that each
/// filter is one range of an index.
fn conditions(workspace: &WorkspaceId, filter: &Filter, before: Option<&str>) -> (String, Vec<Value>) {
    let bound = |at: Timestamp, fill: u8| EventId::new(Timestamp::from_ms(at.as_ms().max(0)), [fill; 10]).to_string();
    let parts = [
        ("actor_id = ?", filter.actor.clone()),
        ("type = ?", filter.event_type.map(|one| one.as_str().to_owned())),
        ("subject_id = ?", filter.subject.clone()),
        ("id >= ?", filter.since.map(|at| bound(at, 0))),
        ("id <= ?", filter.until.map(|at| bound(at, u8::MAX))),
        ("id < ?", before.map(str::to_owned)),
    ];
    let (mut sql, mut values) = ("workspace_id = ?1".to_owned(), vec![workspace.as_str().into()]);
    for (condition, value) in parts {
        let Some(value) = value else { continue };
        values.push(value.into());
        sql.push_str(&format!(" AND {condition}{}", values.len()));
    }
    (sql, values)
}

/// The table, with the index of the most telling filter: without statistics SQLite would rather walk all events.
const fn table(filter: &Filter) -> &'static str {
    match filter {
        Filter { subject: Some(_), .. } => "audit_events INDEXED BY audit_events_by_subject",
        Filter { actor: Some(_), .. } => "audit_events INDEXED BY audit_events_by_actor",
        Filter { event_type: Some(_), .. } => "audit_events INDEXED BY audit_events_by_type",
        Filter { .. } => "audit_events",
    }
}

/// Reads a page of events, the newest first, from before this id.
pub fn page(workspace: &WorkspaceId, filter: &Filter, page: &Page) -> Statement {
    let (sql, mut values) = conditions(workspace, filter, page.after.as_deref());
    values.push((page.limit + 1).into());
    let table = table(filter);
    let sql = format!("SELECT {COLUMNS} FROM {table} WHERE {sql} ORDER BY id DESC LIMIT ?{}", values.len());
    Statement::new(sql, values)
}

/// A page of events, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl Db,
    workspace: &WorkspaceId,
    filter: &Filter,
    wanted: &Page,
) -> Result<Paged<Recorded>, StoreError> {
    let rows = db.query(&page(workspace, filter, wanted)).await?;
    Ok(Paged::cut(rows.iter().map(read).collect::<Read<Vec<_>>>()?, wanted))
}

/// True when a filter holds more events than this.
///
/// # Errors
/// When the database fails.
pub async fn is_more_than(
    db: &impl Db,
    workspace: &WorkspaceId,
    filter: &Filter,
    most: i64,
) -> Result<bool, StoreError> {
    let (sql, mut values) = conditions(workspace, filter, None);
    values.push(most.into());
    let (table, offset) = (table(filter), values.len());
    let sql = format!("SELECT 1 AS found FROM {table} WHERE {sql} ORDER BY id DESC LIMIT 1 OFFSET ?{offset}");
    Ok(!db.query(&Statement::new(sql, values)).await?.is_empty())
}

fn read(row: &Row) -> Read<Recorded> {
    let text = |column| row::text(row, column).map(str::to_owned);
    let opt_text = |column| row::opt_text(row, column).map(|text| text.map(str::to_owned));
    Ok(Recorded {
        id: row::parsed(row, "id")?,
        event_type: text("type")?,
        at: row::time(row, "at")?,
        actor_kind: text("actor_kind")?,
        actor_id: text("actor_id")?,
        actor_email: opt_text("actor_email")?,
        via: text("via")?,
        subject_type: text("subject_type")?,
        subject_id: text("subject_id")?,
        before: opt_text("before")?,
        after: opt_text("after")?,
        request_id: text("request_id")?,
    })
}
