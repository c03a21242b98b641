//! The commit: one atomic batch that holds the change, its audit events, the mail it owes and the new version.

use serde::Serialize;

use crate::host::{Db as _, Host, Statement};
use crate::model::audit::{Actor, Channel, Event, EventType};
use crate::model::{EventId, WorkspaceId};
use crate::policy;
use crate::store::{audit, workspace};

use super::context::Context;
use super::inside::Inside;
use super::preview;
use super::problem::Problem;

/// A change on its way into one batch.
#[derive(Debug)]
pub(super) struct Change {
    workspace: WorkspaceId,
    actor: Actor,
    channel: Channel,
    statements: Vec<Statement>,
    events: Vec<Event>,
    effects: Vec<policy::Change>,
}

impl Change {
    /// A change by a caller, guarded by the authority that allowed it.
    pub(super) fn by(inside: &Inside) -> Self {
        let mut change = Self::new(&inside.workspace.id, inside.actor(), inside.channel());
        change.statements = inside.guards();
        change
    }

    /// A change by somebody who is no caller inside the workspace: an invitee, the operator.
    pub(super) fn new(workspace: &WorkspaceId, actor: Actor, channel: Channel) -> Self {
        Self {
            workspace: workspace.clone(),
            actor,
            channel,
            statements: Vec::new(),
            events: Vec::new(),
            effects: Vec::new(),
        }
    }

    /// Adds statements. Within a batch, what adds comes before what removes.
    pub(super) fn write(&mut self, statements: impl IntoIterator<Item = Statement>) {
        self.statements.extend(statements);
    }

    /// Says what it means for who may do what: a dry run tells the outcome of that.
    pub(super) fn means(&mut self, effects: impl IntoIterator<Item = policy::Change>) {
        self.effects.extend(effects);
    }

    /// Adds the event that tells of it: before and after are what a reader needs, never a secret.
    #[expect(clippy::needless_pass_by_value, reason = "named arguments: each call makes the value for this alone")]
    pub(super) fn record<H: Host, T: Serialize>(&mut self, cx: &Context<'_, H>, what: Happened<'_, T>) {
        let Happened { event_type, subject, before, after } = what;
        let json = |value: Option<&T>| value.and_then(|value| serde_json::to_string(value).ok());
        self.events.push(Event {
            id: cx.id(EventId::new),
            event_type,
            at: cx.now,
            actor: self.actor.clone(),
            via: self.channel,
            subject_type: subject.0,
            subject_id: subject.1.to_owned(),
            before: json(before),
            after: json(after),
            request_id: cx.request_id.to_owned(),
        });
    }

    /// Commits all of it or nothing, and answers the workspace's new version.
    ///
    /// # Errors
    /// When a rule refuses it, or something that it rested on has changed.
    pub(super) async fn commit<H: Host>(self, cx: &Context<'_, H>) -> Result<i64, Problem> {
        if cx.is_dry_run {
            let would = preview::of(cx, &self.workspace, None, &self.effects).await?;
            return Err(Problem::would(would));
        }
        let mut batch = self.statements;
        batch.push(audit::insert(&self.workspace, &self.events));
        batch.push(workspace::raise_version(&self.workspace));
        let answers = cx.db().batch(&batch).await?;
        Ok(workspace::version_from_rows(answers.last().map_or(&[][..], Vec::as_slice))?)
    }
}

/// What happened to what.
#[derive(Debug)]
pub(super) struct Happened<'a, T> {
    /// The type of event.
    pub(super) event_type: EventType,
    /// The kind and the id of the thing.
    pub(super) subject: (&'static str, &'a str),
    /// How it was.
    pub(super) before: Option<&'a T>,
    /// How it is.
    pub(super) after: Option<&'a T>,
}
