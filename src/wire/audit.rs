//! Audit events as JSON and as lines of a file.

use serde::Serialize;
use serde_json::Value;

use super::csv;

/// Who acted.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Actor"))]
pub struct ActorView {
    /// `member`, `token`, `operator` or `system`.
    pub kind: String,
    /// The account or token; `bootstrap` for the operator.
    pub id: String,
    /// The address, where it is a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// To what it was done.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Subject"))]
pub struct SubjectView {
    /// The kind of thing: `member`, `invite`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id.
    pub id: String,
}

/// An event in an answer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuditEvent"))]
pub struct EventView {
    /// Its id.
    pub id: String,
    /// What happened, as `noun.verb`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When.
    pub at: String,
    /// Who did it.
    pub actor: ActorView,
    /// By which way: `api`, `console`, `scim`, `jit` or `system`.
    pub via: String,
    /// To what.
    pub subject: SubjectView,
    /// How it was.
    pub before: Value,
    /// How it is.
    pub after: Value,
    /// The request that did it.
    pub request_id: String,
}

/// The first line of a CSV file of events.
pub const CSV_HEADER: &str =
    "id,type,at,actor_kind,actor_id,actor_email,via,subject_type,subject_id,before,after,request_id\r\n";

/// An event as one line of CSV (RFC 4180), with before and after as JSON: the texts as they were written down, so that a long
/// file isn't read and written anew.
pub fn to_csv(event: &EventView, before: Option<&str>, after: Option<&str>) -> String {
    csv::line([
        event.id.as_str(),
        &event.kind,
        &event.at,
        &event.actor.kind,
        &event.actor.id,
        event.actor.email.as_deref().unwrap_or_default(),
        &event.via,
        &event.subject.kind,
        &event.subject.id,
        before.unwrap_or_default(),
        after.unwrap_or_default(),
        &event.request_id,
    ])
}

/// An event as one line of JSON, with before and after as [`to_csv`] takes them.
pub fn to_line(event: &EventView, before: Option<&str>, after: Option<&str>) -> String {
    let EventView { id, kind, at, actor, via, subject, request_id, .. } = event;
    let head = Head { id, kind, at, actor, via, subject, request_id };
    let head = serde_json::to_string(&head).unwrap_or_default();
    let head = head.strip_suffix('}').unwrap_or_default();
    format!("{head},\"before\":{},\"after\":{}}}\n", before.unwrap_or("null"), after.unwrap_or("null"))
}

/// What of an event is short.
#[derive(Serialize)]
struct Head<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    at: &'a str,
    actor: &'a ActorView,
    via: &'a str,
    subject: &'a SubjectView,
    request_id: &'a str,
}
