//! Audit events in SQL: only ever added, read the newest first.

use crate::host::{Db, Row, Statement, Value};
use crate::model::audit::{Actor, Channel, Event, EventType};
use crate::model::{EventId, Timestamp, WorkspaceId};

use super::page::{Page, Paged};
use super::row::{self, Read, StoreError};

const INSERT: &str = "INSERT INTO audit_events (workspace_id, id, type, at, actor_kind, actor_id, actor_email, via, subject_type, subject_id, \
       before, after, request_id) \
     SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, \
       value ->> 8, value ->> 9, value ->> 10, value ->> 11 FROM json_each(?2)";

/// Adds an event, unless there were so many of its type since then.
pub fn insert_rarely(workspace: &WorkspaceId, event: &Event, most: i64, since: Timestamp) -> Vec<Statement> {
    let sql = format!(
        "{INSERT} WHERE (SELECT count(*) FROM (SELECT 1 FROM audit_events WHERE workspace_id = ?1 AND type = ?3 AND id >= ?4 LIMIT ?5)) < ?5"
    );
    let add = |mut statement: Statement| {
        statement.sql = sql.clone().into();
        statement.values.extend([event.event_type.as_str().into(), bound(since, 0).into(), most.into()]);
        statement
    };
    insert(workspace, std::slice::from_ref(event)).into_iter().map(add).collect()
}

/// Adds events.
pub fn insert(workspace: &WorkspaceId, events: &[Event]) -> Vec<Statement> {
    let rows = events.iter().map(|event| {
        (
            event.id.as_str(),
            event.event_type.as_str(),
            event.at.as_ms(),
            event.actor.kind,
            &event.actor.id,
            &event.actor.email,
            event.via.as_str(),
            event.subject_type,
            &event.subject_id,
            &event.before,
            &event.after,
            &event.request_id,
        )
    });
    let parts = row::parts(rows).into_iter();
    parts.map(|part| Statement::new(INSERT, [workspace.as_str().into(), part])).collect()
}

/// Adds events that tell what Rolecall did about invites, for each of `rows` (`{workspace, invite, event, after}`) whose invite `i`
/// is as the condition says.
pub(super) fn insert_about_invites(
    event_type: EventType,
    rows: &Value,
    condition: &str,
    now: Timestamp,
    request_id: &str,
) -> Statement {
    let actor = Actor::system();
    let sql = format!(
        "INSERT INTO audit_events (workspace_id, id, type, at, actor_kind, actor_id, via, subject_type, subject_id, after, request_id) \
         SELECT i.workspace_id, r.value ->> 'event', ?2, ?3, ?4, ?5, ?6, 'invite', i.id, r.value ->> 'after', ?7 \
           FROM json_each(?1) r CROSS JOIN invites i ON i.workspace_id = r.value ->> 'workspace' AND i.id = r.value ->> 'invite' \
          WHERE {condition}"
    );
    let values = [event_type.as_str(), actor.kind, &actor.id, Channel::System.as_str(), request_id].map(Value::from);
    let [event_type, kind, id, via, request_id] = values;
    Statement::new(sql, [rows.clone(), event_type, now.as_ms().into(), kind, id, via, request_id])
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

/// The first or the last id that an event of this moment can have.
fn bound(at: Timestamp, fill: u8) -> String {
    EventId::new(Timestamp::from_ms(at.as_ms().max(0)), [fill; 10]).to_string()
}

/// The conditions of a filter and the values that they take. Ids sort by time: a moment is a bound of ids, so that each
/// filter is one range of an index.
fn conditions(workspace: &WorkspaceId, filter: &Filter, before: Option<&str>) -> (String, Vec<Value>) {
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

/// The most rows of one page of a file. 100,000 events take 40 pages, and with the reads before them fewer queries than the 50
/// that Cloudflare gives an invocation on its free plan (1,000 on the paid one).
const MOST_ROWS: i64 = 2_500;
/// The bytes that a page of a file holds at most, and one event more: an event may have two megabytes.
const MOST_BYTES: i64 = 4 * 1024 * 1024;
/// What an event weighs beside its before and after.
const ROW_BYTES: i64 = 400;

/// Reads a page of a file, the newest first, from before this id: as many events as fit, and how many there are to follow.
/// Their sizes are added up first, without reading what they hold.
pub fn chunk(workspace: &WorkspaceId, filter: &Filter, before: Option<&str>) -> Statement {
    let (conditions, mut values) = conditions(workspace, filter, before);
    values.extend([MOST_ROWS, MOST_BYTES].map(Value::from));
    let (rows, bytes, table) = (values.len() - 1, values.len(), table(filter));
    let size = format!("{ROW_BYTES} + coalesce(octet_length(before), 0) + coalesce(octet_length(after), 0)");
    let sql = format!(
        "WITH sizes AS (SELECT id AS event_id, {size} AS size FROM {table} WHERE {conditions} ORDER BY id DESC LIMIT ?{rows} + 1), \
           page AS (SELECT event_id, sum(size) OVER (ORDER BY event_id DESC) - size AS start FROM sizes \
             ORDER BY event_id DESC LIMIT ?{rows}) \
         SELECT {COLUMNS}, (SELECT count(*) FROM sizes) AS found FROM page CROSS JOIN audit_events \
             ON workspace_id = ?1 AND id = event_id WHERE start < ?{bytes}"
    );
    Statement::new(sql, values)
}

/// A page of a file, the newest first, from before this id.
///
/// # Errors
/// When the database fails.
pub async fn list_chunk(
    db: &impl Db,
    workspace: &WorkspaceId,
    filter: &Filter,
    before: Option<&str>,
) -> Result<Paged<Recorded>, StoreError> {
    let rows = db.query(&chunk(workspace, filter, before)).await?;
    let found = rows.first().map_or(Ok(0), |row| row::int(row, "found"))?;
    let mut rows = rows.iter().map(read).collect::<Read<Vec<_>>>()?;
    // They come in this order; asking SQL for it would have it hold all of them once more.
    rows.sort_unstable_by(|one, other| other.id.cmp(&one.id));
    let has_more = usize::try_from(found).unwrap_or(0) > rows.len();
    Ok(Paged { rows, has_more })
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
