//! The commit: one atomic batch that holds the change, its audit events, the mail it owes and the new version.

use serde::Serialize;

use crate::host::{Db as _, Host, Statement};
use crate::model::audit::{Actor, Channel, Event, EventType};
use crate::model::{EventId, WorkspaceId};
use crate::policy;
use crate::store::{audit, guard, workspace};

use super::context::Context;
use super::idempotency;
use super::inside::Inside;
use super::matching;
use super::preview;
use super::problem::Problem;
use super::reply::{self, Reply};

/// How many events of one type that anybody can cause a workspace hears of within an hour.
const MOST_AN_HOUR: i64 = 100;

/// A change on its way into one batch.
#[derive(Debug)]
pub(super) struct Change {
    workspace: WorkspaceId,
    actor: Actor,
    channel: Channel,
    statements: Vec<Statement>,
    /// What keeps the answer under an `Idempotency-Key`.
    kept: Vec<Statement>,
    events: Vec<Event>,
    effects: Vec<policy::Change>,
    /// The version that the change was decided at; `None` where no workspace was entered.
    version: Option<i64>,
    /// True once `If-Match` was compared with what the change is of.
    is_matched: bool,
}

impl Change {
    /// A change by a caller, guarded by the authority that allowed it.
    pub(super) fn by(inside: &Inside) -> Self {
        let mut change = Self::new(&inside.workspace.id, inside.actor(), inside.channel());
        change.statements = inside.guards();
        change.version = Some(inside.workspace.version);
        change
    }

    /// A change by somebody who is no caller inside the workspace: an invitee, the operator.
    pub(super) fn new(workspace: &WorkspaceId, actor: Actor, channel: Channel) -> Self {
        Self {
            workspace: workspace.clone(),
            actor,
            channel,
            statements: Vec::new(),
            kept: Vec::new(),
            events: Vec::new(),
            effects: Vec::new(),
            version: None,
            is_matched: false,
        }
    }

    /// The same change, of a thing that a read shows like this: what `If-Match` may name by its tag.
    ///
    /// # Errors
    /// 412 when `If-Match` names another state.
    pub(super) fn matching<H: Host, T: Serialize>(self, cx: &Context<'_, H>, view: &T) -> Result<Self, Problem> {
        let body = serde_json::to_vec(view).map_err(|error| Problem::internal(error.to_string()))?;
        self.matched(cx, Some(&reply::etag(&body)))
    }

    /// The same change, of a thing that isn't there yet: `If-Match` may name the workspace's version alone.
    ///
    /// # Errors
    /// 412 when `If-Match` names something else.
    pub(super) fn making<H: Host>(self, cx: &Context<'_, H>) -> Result<Self, Problem> {
        self.matched(cx, None)
    }

    fn matched<H: Host>(self, cx: &Context<'_, H>, tag: Option<&str>) -> Result<Self, Problem> {
        if let Some(version) = self.version {
            matching::check(cx, version, tag)?;
        }
        Ok(Self { is_matched: true, ..self })
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
    /// When a rule refuses it, or something that it rested on has changed. A handler that didn't say what `If-Match` may
    /// name by a tag gets the version compared.
    pub(super) async fn commit<H: Host>(self, cx: &Context<'_, H>) -> Result<i64, Problem> {
        let change = if self.is_matched { self } else { self.making(cx)? };
        if cx.is_dry_run {
            let would = preview::of(cx, &change.workspace, None, &change.effects).await?;
            return Err(Problem::would(would));
        }
        change.write_all(cx).await
    }

    /// Commits, and gives this answer with the new version; the same request under the same `Idempotency-Key` gets it again.
    ///
    /// # Errors
    /// As [`Change::commit`].
    pub(super) async fn answer<H: Host>(mut self, cx: &Context<'_, H>, reply: Reply) -> Result<Reply, Problem> {
        self.kept = idempotency::keep(cx, &self.workspace, &reply, None)?;
        let version = self.commit(cx).await?;
        Ok(reply.version(version))
    }

    /// Commits what changes nobody's access, so that the version stays.
    ///
    /// # Errors
    /// When something that it rested on has changed.
    pub(super) async fn note<H: Host>(self, cx: &Context<'_, H>) -> Result<(), Problem> {
        let mut batch = self.statements;
        batch.extend(audit::insert(&self.workspace, &self.events));
        cx.db().batch(&batch).await?;
        Ok(())
    }

    /// As [`Change::note`], of what anybody can cause: of such events a workspace hears of so many an hour, so that nobody buries
    /// the rest of its record.
    ///
    /// # Errors
    /// As [`Change::note`].
    pub(super) async fn note_rarely<H: Host>(self, cx: &Context<'_, H>) -> Result<(), Problem> {
        let mut batch = self.statements;
        let since = cx.now.plus_hours(-1);
        batch.extend(
            self.events.iter().flat_map(|event| audit::insert_rarely(&self.workspace, event, MOST_AN_HOUR, since)),
        );
        cx.db().batch(&batch).await?;
        Ok(())
    }

    async fn write_all<H: Host>(self, cx: &Context<'_, H>) -> Result<i64, Problem> {
        let mut batch = Vec::new();
        // What was compared is still so at commit; else it is compared anew.
        batch.extend(self.version.filter(|_| matching::is_sent(cx)).map(|at| guard::version(&self.workspace, at)));
        batch.extend(self.statements);
        batch.extend(audit::insert(&self.workspace, &self.events));
        // Of ten thousand invites these are megabytes.
        drop(self.events);
        let raise = batch.len();
        batch.push(workspace::raise_version(&self.workspace));
        batch.extend(self.kept);
        let answers = cx.db().batch(&batch).await?;
        Ok(workspace::version_from_rows(answers.get(raise).map_or(&[][..], Vec::as_slice))?)
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
