//! The record of what happened: in pages, or a whole range as a file.

use crate::host::Host;
use crate::model::audit::EventType;
use crate::model::{Action, Email, Timestamp};
use crate::store::audit::{self, Filter, Recorded};
use crate::store::{account, page::Page as Wanted};
use crate::wire::Page;
use crate::wire::audit::{ActorView, CSV_HEADER, EventView, SubjectView};

use super::context::Context;
use super::inside::{self, Inside};
use super::page;
use super::problem::{Code, Problem};
use super::reply::Reply;

/// The most events that one file holds.
const MOST: i64 = 100_000;
/// The most bytes that one file holds, of the 128 MB that a Worker has for everything.
const MOST_BYTES: usize = 40 * 1024 * 1024;
/// How many events one read takes.
const AT_ONCE: i64 = 1_000;

/// How the events are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A page of JSON.
    Page,
    /// The whole range as CSV.
    Csv,
    /// The whole range as a line of JSON each.
    Lines,
}

/// Events by filter, the newest first.
pub(super) async fn list<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::AuditView).await?;
    let filter = filter(cx, &inside).await?;
    let reply = match form(cx.header("accept").unwrap_or_default()) {
        Form::Page => one_page(cx, &inside, &filter).await?,
        Form::Csv => whole(cx, &inside, &filter, Form::Csv).await?,
        Form::Lines => whole(cx, &inside, &filter, Form::Lines).await?,
    };
    Ok(reply.header("vary", "accept").version(inside.workspace.version))
}

/// The form that `Accept` wants most: the first of the highest quality. What we don't have is answered as JSON.
fn form(accept: &str) -> Form {
    let read = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let form = match parts.next()?.to_ascii_lowercase().as_str() {
            "text/csv" => Form::Csv,
            "application/x-ndjson" => Form::Lines,
            "application/json" | "application/*" | "*/*" => Form::Page,
            _ => return None,
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=").map(thousandths)).unwrap_or(1_000);
        (quality > 0).then_some((form, quality))
    };
    let best = accept.split(',').filter_map(read).reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map_or(Form::Page, |(form, _)| form)
}

/// A quality like `0.5` in thousandths: it has at most three digits after the point (RFC 9110). Reading it as a fraction
/// would bring the tables of another number format along.
fn thousandths(quality: &str) -> u32 {
    let (whole, part) = quality.split_once('.').unwrap_or((quality, ""));
    let digits = format!("{part:0<3}").parse().map_or(0, |digits: u32| digits.min(999));
    whole.parse::<u32>().map_or(0, |whole| whole.min(1) * 1_000) + digits
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

/// The whole range in one answer, read page by page. What is added meanwhile is newer than the first page.
async fn whole<H: Host>(cx: &Context<'_, H>, inside: &Inside, filter: &Filter, form: Form) -> Result<Reply, Problem> {
    let id = &inside.workspace.id;
    let too_large = || {
        let detail = format!("one file holds at most {MOST} events; narrow the range with `since` and `until`");
        Problem::new(Code::InvalidParameter, detail)
    };
    if audit::is_more_than(cx.db(), id, filter, MOST).await? {
        return Err(too_large());
    }
    let mut body = if form == Form::Csv { CSV_HEADER.to_owned() } else { String::new() };
    let mut wanted = Wanted { after: None, limit: AT_ONCE };
    loop {
        let found = audit::list(cx.db(), id, filter, &wanted).await?;
        let has_more = found.has_more;
        for event in found.rows {
            wanted.after = Some(event.id.to_string());
            let event = view(event);
            body.push_str(&if form == Form::Csv { event.to_csv() } else { event.to_line() });
        }
        if body.len() > MOST_BYTES {
            return Err(too_large());
        }
        if !has_more {
            break;
        }
    }
    let (content_type, ending) =
        if form == Form::Csv { ("text/csv; charset=utf-8", "csv") } else { ("application/x-ndjson", "ndjson") };
    Ok(Reply::file(content_type, &format!("{}-audit-events.{ending}", inside.workspace.slug), body))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_the_one_that_is_wanted_most() {
        for (accept, wanted) in [
            ("", Form::Page),
            ("*/*", Form::Page),
            ("text/html", Form::Page),
            ("text/csv", Form::Csv),
            ("Text/CSV; charset=utf-8", Form::Csv),
            ("application/x-ndjson, application/json;q=0.5", Form::Lines),
            ("application/json;q=0.5, text/csv;q=0.9, */*;q=0.1", Form::Csv),
            ("text/csv;q=0", Form::Page),
            ("text/csv;q=1.4294967295, application/x-ndjson;q=high", Form::Csv),
        ] {
            assert_eq!(form(accept), wanted, "{accept}");
        }
    }
}
