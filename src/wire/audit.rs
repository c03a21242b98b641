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

impl EventView {
    /// The event as one line of CSV (RFC 4180), with `before` and `after` as JSON.
    pub fn to_csv(&self) -> String {
        let json = |value: &Value| if value.is_null() { String::new() } else { value.to_string() };
        let (before, after) = (json(&self.before), json(&self.after));
        let email = self.actor.email.as_deref().unwrap_or_default();
        let cells = [
            self.id.as_str(),
            &self.kind,
            &self.at,
            &self.actor.kind,
            &self.actor.id,
            email,
            &self.via,
            &self.subject.kind,
            &self.subject.id,
            &before,
            &after,
            &self.request_id,
        ];
        csv::line(cells)
    }

    /// The event as one line of JSON.
    pub fn to_line(&self) -> String {
        format!("{}\n", serde_json::to_string(self).unwrap_or_default())
    }
}
