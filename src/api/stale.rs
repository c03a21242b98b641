//! Stale access: members who aren't seen, tokens that aren't used, invites that nobody looked at; in pages, or whole as a file.

use crate::host::{Db as _, Host};
use crate::model::{Action, StaleKind, Timestamp, Workspace};
use crate::store::access;
use crate::store::stale::{self, Position, Stale};
use crate::wire::Page;
use crate::wire::grant::GrantView;
use crate::wire::stale::{CSV_HEADER, StaleView, to_csv, to_line};

use super::context::Context;
use super::form::Form;
use super::inside::{self, Inside};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{file, page};

/// How many rows of a file are read at once.
const AT_ONCE: i64 = 200;

/// Which rows a report has.
#[derive(Debug)]
struct Report {
    workspace: Workspace,
    kinds: Vec<StaleKind>,
    /// Members and tokens that were last used before this.
    before: Timestamp,
    /// Invites that were last sent before this.
    sent_before: Timestamp,
    now: Timestamp,
}

/// What has access that nobody uses: by kind, the longest stale first.
pub(super) async fn list<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let (kinds, since) = (kinds(cx)?, since(cx)?);
    let mut inside = inside::enter_any(cx).await?;
    require(cx, &mut inside, &kinds)?;
    let workspace = inside.workspace;
    let before = since.unwrap_or_else(|| cx.now.plus_hours(-24 * workspace.settings.stale_after_days));
    // An invite lives for days: one that nobody looked at is told however young it is.
    let sent_before = since.unwrap_or_else(|| cx.now.plus_hours(1));
    let version = workspace.version;
    let report = Report { workspace, kinds, before, sent_before, now: cx.now };
    let reply = match Form::wanted(cx) {
        Form::Page | Form::Packed => one_page(cx, &report).await?,
        form @ (Form::Csv | Form::Lines) => whole(cx, report, form).await?,
    };
    Ok(reply.header("vary", "accept").version(version))
}

/// The kinds that are asked for: all, or those that `kind` lists.
fn kinds<H: Host>(cx: &Context<'_, H>) -> Result<Vec<StaleKind>, Problem> {
    let Some(text) = cx.parameter("kind") else { return Ok(StaleKind::ALL.to_vec()) };
    let refuse = |()| Problem::new(Code::InvalidParameter, "`kind` is member, token or invite, or several with commas");
    let mut kinds = text.split(',').map(str::parse).collect::<Result<Vec<StaleKind>, ()>>().map_err(refuse)?;
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}

fn since<H: Host>(cx: &Context<'_, H>) -> Result<Option<Timestamp>, Problem> {
    let refuse = || Problem::new(Code::InvalidParameter, "`inactive_since` is an RFC 3339 time");
    cx.parameter("inactive_since").map(|text| Timestamp::parse(&text).ok_or_else(refuse)).transpose()
}

/// Members and invites take what their lists take, tokens what theirs does. A report never leaves a kind out unsaid.
fn require<H: Host>(cx: &Context<'_, H>, inside: &mut Inside, kinds: &[StaleKind]) -> Result<(), Problem> {
    for kind in kinds {
        let action = if *kind == StaleKind::Token { Action::TokenManage } else { Action::MemberView };
        inside.require(action).map_err(|refused| match cx.parameter("kind") {
            Some(_) => refused,
            None => {
                let detail = format!("{}; name the kinds that you may see: `kind=member,invite`", refused.detail);
                Problem { detail, ..refused }
            }
        })?;
    }
    Ok(())
}

async fn one_page<H: Host>(cx: &Context<'_, H>, report: &Report) -> Result<Reply, Problem> {
    let page = page::read(cx)?;
    let after = page.after.as_deref().and_then(Position::from_key);
    let (data, next) = report.read(cx.host, after.as_ref(), page.limit).await?;
    Reply::ok(&Page { data, next_cursor: next.map(|next| page::cursor(cx, &next.to_key())) })
}

async fn whole<H: Host>(cx: &Context<'_, H>, report: Report, form: Form) -> Result<Reply, Problem> {
    let name = format!("{}-stale-access", report.workspace.slug);
    let (mut first, rest) = Rest { report, form, after: None }.next(cx.host).await?;
    if form == Form::Csv {
        first.splice(..0, CSV_HEADER.bytes());
    }
    Ok(Reply::file(form, &name, first, rest.map(|rest| file::Rest::Stale(Box::new(rest)))))
}

/// What of a report is still to be read. Who becomes active meanwhile is in it no more; nobody comes twice.
#[derive(Debug)]
pub(super) struct Rest {
    report: Report,
    form: Form,
    after: Option<Position>,
}

impl Rest {
    /// The next page, and what follows it.
    pub(super) async fn next<H: Host>(self, host: &H) -> Result<(Vec<u8>, Option<Self>), Problem> {
        let (rows, next) = self.report.read(host, self.after.as_ref(), AT_ONCE).await?;
        let to_text = if self.form == Form::Csv { to_csv } else { to_line };
        let page = rows.iter().map(to_text).collect::<String>().into_bytes();
        Ok((page, next.map(|next| Self { after: Some(next), ..self })))
    }
}

impl Report {
    /// So many rows from after a place, and the place to go on from. What has ended by itself gives no access and is left out, so
    /// that a page may be short.
    async fn read<H: Host>(
        &self,
        host: &H,
        after: Option<&Position>,
        limit: i64,
    ) -> Result<(Vec<StaleView>, Option<Position>), Problem> {
        let places = self.kinds.iter().filter_map(|kind| match after {
            Some(after) if *kind < after.kind => None,
            Some(after) if *kind == after.kind => Some(after.clone()),
            _ => Some(Position::start(*kind)),
        });
        let places: Vec<Position> = places.collect();
        let statement = |place: &Position| {
            let before = if place.kind == StaleKind::Invite { self.sent_before } else { self.before };
            stale::after(&self.workspace.id, place, before, limit + 1)
        };
        let answers = host.db().batch(&places.iter().map(statement).collect::<Vec<_>>()).await?;
        let mut found = Vec::new();
        for (place, rows) in places.iter().zip(&answers) {
            found.extend(stale::from_rows(place.kind, rows)?);
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| has_more).map(Stale::position);
        found.retain(|row| row.ends_at.is_none_or(|at| at > self.now));
        Ok((self.views(host, found).await?, next))
    }

    async fn views<H: Host>(&self, host: &H, found: Vec<Stale>) -> Result<Vec<StaleView>, Problem> {
        let ids: Vec<&str> = found.iter().map(|row| row.holder.as_str()).collect();
        let rows = host.db().query(&access::held_by(&self.workspace.id, &ids)).await?;
        // In the order of their holders.
        let held = access::held_from_rows(&rows)?;
        let grants = |holder: &str| -> Vec<GrantView> {
            let from = held.partition_point(|held| held.holder.as_str() < holder);
            let own = held.iter().skip(from).take_while(|held| held.holder == holder);
            own.map(|held| GrantView::new(&held.grant, &held.via, &self.workspace)).collect()
        };
        let view = |row: Stale| StaleView {
            kind: row.kind.as_str(),
            grants: grants(&row.holder),
            id: row.id,
            email: row.email,
            name: row.name,
            last_active_at: row.last.map(|at| at.to_string()),
            since: row.since.to_string(),
            actions: row.actions.iter().map(|action| action.as_str()).collect(),
            reason: row.kind.reason(row.last.is_some()),
        };
        Ok(found.into_iter().map(view).collect())
    }
}
