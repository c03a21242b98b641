//! The record of what happened: in pages, or a whole range as a file.

use crate::host::Host;
use crate::model::audit::EventType;
use crate::model::{Action, Email, Timestamp, WorkspaceId};
use crate::store::account;
use crate::store::audit::{self, Filter, Recorded};
use crate::wire::Page;
use crate::wire::audit::{ActorView, CSV_HEADER, EventView, SubjectView, to_csv, to_line};

use super::context::Context;
use super::form::Form;
use super::inside::{self, Inside};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{file, page};

/// Events by filter, the newest first.
pub(super) async fn list<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::AuditView).await?;
    let filter = filter(cx, &inside).await?;
    let reply = match Form::wanted(cx) {
        Form::Page | Form::Packed => one_page(cx, &inside, &filter).await?,
        form @ (Form::Csv | Form::Lines) => whole(cx, &inside, filter, form).await?,
    };
    Ok(reply.header("vary", "accept").version(inside.workspace.version))
}

async fn filter<H: Host>(cx: &Context<'_, H>, inside: &Inside) -> Result<Filter, Problem> {
    let refuse = |name: &str, why: &str| Problem::new(Code::InvalidParameter, format!("`{name}` is {why}"));
    let time = |name: &str| {
        let text = cx.parameter(name);
        let read = |text: String| Timestamp::parse(&text).ok_or_else(|| refuse(name, "an RFC 3339 time"));
        text.map(read).transpose()
    };
    let event_type = |text: String| text.parse::<EventType>().map_err(|()| refuse("type", "one like `member.removed`"));
    Ok(Filter {
        actor: named(cx, inside, "actor").await?,
        event_type: cx.parameter("type").map(event_type).transpose()?,
        subject: named(cx, inside, "subject").await?,
        since: time("since")?,
        until: time("until")?,
    })
}

/// An id that a parameter names: as it is, or as the address of an account, or `me`.
async fn named<H: Host>(cx: &Context<'_, H>, inside: &Inside, name: &str) -> Result<Option<String>, Problem> {
    let Some(text) = cx.parameter(name) else { return Ok(None) };
    if let ("me", Some(own)) = (text.as_str(), inside.holder_id()) {
        return Ok(Some(own.to_owned()));
    }
    let Ok(email) = text.parse::<Email>() else { return Ok(Some(text)) };
    let found = account::find_by_email(cx.db(), &email).await?;
    Ok(Some(found.map_or(text, |account| account.id.to_string())))
}

async fn one_page<H: Host>(cx: &Context<'_, H>, inside: &Inside, filter: &Filter) -> Result<Reply, Problem> {
    let found = audit::list(cx.db(), &inside.workspace.id, filter, &page::read(cx)?).await?;
    let next_cursor = found.rows.last().filter(|_| found.has_more).map(|last| page::cursor(cx, last.id.as_str()));
    Reply::ok(&Page { data: found.rows.into_iter().map(view).collect(), next_cursor })
}

/// The whole range as a file. Its first page is read here, so that what is wrong from the start is a problem document.
async fn whole<H: Host>(cx: &Context<'_, H>, inside: &Inside, filter: Filter, form: Form) -> Result<Reply, Problem> {
    let from_the_newest = Rest { workspace: inside.workspace.id.clone(), filter, form, after: None };
    let (mut first, rest) = from_the_newest.next(cx.host).await?;
    if form == Form::Csv {
        first.splice(..0, CSV_HEADER.bytes());
    }
    let name = format!("{}-audit-events", inside.workspace.slug);
    Ok(Reply::file(form, &name, first, rest.map(file::Rest::Audit)))
}

/// What of a range is still to be read.
///
/// Ids sort by time and are read downwards, each page from below the last id: what is added while a file goes out is newer
/// and comes in no page after the first.
#[derive(Debug)]
pub(super) struct Rest {
    workspace: WorkspaceId,
    filter: Filter,
    form: Form,
    after: Option<String>,
}

impl Rest {
    /// The next page, and what follows it.
    pub(super) async fn next<H: Host>(self, host: &H) -> Result<(Vec<u8>, Option<Self>), Problem> {
        let found = audit::list_chunk(host.db(), &self.workspace, &self.filter, self.after.as_deref()).await?;
        let last = found.rows.last().map(|event| event.id.to_string());
        let mut page = Vec::new();
        for mut event in found.rows {
            let (before, after) = (event.before.take(), event.after.take());
            let to_text = if self.form == Form::Csv { to_csv } else { to_line };
            page.extend_from_slice(to_text(&view(event), before.as_deref(), after.as_deref()).as_bytes());
        }
        Ok((page, found.has_more.then_some(Self { after: last, ..self })))
    }
}

fn view(event: Recorded) -> EventView {
    let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    EventView {
        id: event.id.to_string(),
        kind: event.event_type,
        at: event.at.to_string(),
        actor: ActorView { kind: event.actor_kind, id: event.actor_id, email: event.actor_email },
        via: event.via,
        subject: SubjectView { kind: event.subject_type, id: event.subject_id },
        before: json(event.before),
        after: json(event.after),
        request_id: event.request_id,
    }
}
