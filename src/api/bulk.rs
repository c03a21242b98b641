//! Many invites in one request: a CSV file or a JSON list in, one batch, and a report of each row.

use std::collections::BTreeSet;

use http::StatusCode;

use crate::host::{Db as _, Host, Row as Found, Statement};
use crate::model::{Action, Email, GrantExpr, GroupId, Name, Scope};
use crate::policy::bulk::{Checked, Outcome, Row, Taken, check};
use crate::policy::{GroupAccess, Seats, Snapshot};
use crate::store::{access, group, invite as invites, member, preview, resource};
use crate::wire::bulk::{BulkBody, BulkView, FileError, Line, Read, from_csv, from_json};
use crate::wire::invite::{Deliver, Offered};
use crate::wire::issue::Issue;

use super::commit::Change;
use super::context::Context;
use super::grant::{add_resources, named};
use super::inside::{self, Inside};
use super::invite::{self, Made};
use super::problem::{Code, Problem};
use super::reply::Reply;
use super::{body, idempotency};

/// How long a file may be: 10,000 rows fit.
const MOST_BYTES: usize = 10 * 1024 * 1024;
/// How long a JSON list may be: 10,000 invites fit, and what it is in memory fits beside them.
const MOST_JSON: usize = 4 * 1024 * 1024;
/// How many things one read names: each of at most some hundred bytes, so that a value stays under D1's 2 MB.
const PART: usize = 2_000;
/// How many bytes a name has at most.
const LONGEST_KEY: usize = 800;

/// What a request asks for.
struct Asked {
    lines: Vec<Line>,
    deliver: Deliver,
    /// True when one bad row refuses all.
    aborts: bool,
    /// Where rows stand in the request, for the places of errors.
    place: &'static str,
}

/// Invites up to 10,000 addresses by the rules of a single invite; what is wrong with a row is said of that row.
pub(super) async fn invite<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberInvite).await?;
    let Asked { lines, deliver, aborts, place } = read(cx)?;
    let mut read: Vec<Read> = lines.iter().map(Line::read).collect();
    let rows: Vec<Row> = read.iter_mut().map(|one| std::mem::take(&mut one.row)).collect();
    let mut change = Change::by(&inside).making(cx)?;
    let snapshot = load(cx, &inside, &rows).await?;
    let taken = taken(cx, &inside, &rows).await?;
    let checked = check(&snapshot, Some(&inside.held), &taken, &rows);

    let mut view = BulkView::new(lines, &read, &checked);
    if aborts && view.summary.invalid > 0 {
        return Err(refused(view, place));
    }
    if cx.is_dry_run {
        return Ok(Reply::ok(&view)?.version(inside.workspace.version));
    }
    if view.summary.invited == 0 {
        return idempotency::unchanged(cx, &inside.workspace, Reply::ok(&view)?).await;
    }
    let names = read.into_iter().map(|one| one.name);
    let made = make(cx, &inside, &snapshot, rows.into_iter().zip(names).zip(checked));
    invite::add(cx, &inside, &mut change, &made, deliver)?;
    let invited = view.rows.iter_mut().filter(|row| row.outcome == Outcome::Invited.as_str());
    for (row, one) in invited.zip(&made) {
        row.accept_url = invite::link(cx, &one.secret, deliver);
    }
    drop(made);
    change.answer(cx, Reply::secretive(StatusCode::OK, view)?).await.map_err(again_when_full)
}

fn read<H: Host>(cx: &Context<'_, H>) -> Result<Asked, Problem> {
    let wrong = |detail| Problem::new(Code::InvalidParameter, detail);
    let aborts = match cx.parameter("on_error").as_deref() {
        None | Some("skip") => false,
        Some("abort") => true,
        Some(_) => return Err(wrong("`on_error` is skip or abort")),
    };
    let deliver = match cx.parameter("deliver").as_deref() {
        None => None,
        Some("email") => Some(Deliver::Email),
        Some("link") => Some(Deliver::Link),
        Some(_) => return Err(wrong("`deliver` is email or link")),
    };
    if body::media_type(cx.request) == "text/csv" {
        body::check_size(cx.request, MOST_BYTES)?;
        let lines = from_csv(cx.request.body())?;
        return Ok(Asked { lines, deliver: deliver.unwrap_or_default(), aborts, place: "rows" });
    }
    let body: BulkBody = body::json_up_to(cx.request, MOST_JSON, "text/csv` or `application/json")?;
    let deliver = body.deliver.or(deliver).unwrap_or_default();
    Ok(Asked { lines: from_json(body.invites)?, deliver, aborts, place: "invites" })
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Csv(error) => Self::new(Code::InvalidCsv, error.to_string()),
            FileError::Header(issues) => issues.into(),
            FileError::TooMany => {
                Self::new(Code::PayloadTooLarge, "one request holds at most 10,000 invites; send the others in another")
            }
        }
    }
}

/// The rows of a read that asks for many things, in as many statements as their number needs.
async fn in_parts<T, H: Host>(
    cx: &Context<'_, H>,
    things: &[T],
    statement: impl Fn(&[T]) -> Statement,
) -> Result<Vec<Found>, Problem> {
    let statements: Vec<Statement> = things.chunks(PART).map(statement).collect();
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    Ok(cx.db().batch(&statements).await?.into_iter().flatten().collect())
}

/// The slice of the workspace that the rows touch: the groups that they name with what those give, the resources and
/// labels that any of these grants name, and the seats.
async fn load<H: Host>(cx: &Context<'_, H>, inside: &Inside, rows: &[Row]) -> Result<Snapshot, Problem> {
    let id = &inside.workspace.id;
    let mut snapshot = Snapshot::new(inside.workspace.clone());
    let around = preview::around_from_rows(&cx.db().query(&preview::around(id, &[], cx.now)).await?)?;
    snapshot.seats = Seats { active: around.active, pending: around.pending };
    load_groups(cx, &mut snapshot, rows).await?;

    let given = snapshot.groups.values().flat_map(|group| &group.grants).map(|grant| &grant.expr);
    let exprs: BTreeSet<&GrantExpr> = rows.iter().flat_map(|row| &row.grants).chain(given).collect();
    let resources = named(exprs.iter().copied());
    let labels: BTreeSet<String> = exprs.iter().copied().flat_map(labels).collect();
    let labels: Vec<String> = labels.into_iter().collect();
    drop(exprs);
    let found = in_parts(cx, &resources, |part| access::resources(id, part)).await?;
    add_resources(&mut snapshot, access::resources_from_rows(&found)?);
    let found = in_parts(cx, &labels, |part| resource::known_labels(id, part)).await?;
    let known = resource::labels_from_rows(&found)?;
    let known = known.iter().filter_map(|label| label.split_once(':'));
    snapshot.labels.extend(known.map(|(key, value)| (key.to_owned(), value.to_owned())));
    Ok(snapshot)
}

fn labels(expr: &GrantExpr) -> Vec<String> {
    match expr.scope() {
        Scope::Labels(labels) => labels.iter().map(|(key, value)| format!("{key}:{value}")).collect(),
        Scope::Workspace | Scope::Resource(_) => Vec::new(),
    }
}

async fn load_groups<H: Host>(cx: &Context<'_, H>, snapshot: &mut Snapshot, rows: &[Row]) -> Result<(), Problem> {
    let id = snapshot.workspace.id.clone();
    // What is no name is no group's: it needn't be looked for, however long it is.
    let keys =
        rows.iter().flat_map(|row| &row.groups).filter(|key| key.len() <= LONGEST_KEY && key.parse::<Name>().is_ok());
    let keys: Vec<&String> = keys.collect::<BTreeSet<_>>().into_iter().collect();
    let groups = group::names_from_rows(&in_parts(cx, &keys, |part| group::by_keys(&id, part)).await?)?;
    let ids: Vec<&str> = groups.iter().map(|(id, _)| id.as_str()).collect();
    let held = access::held_from_rows(&in_parts(cx, &ids, |part| access::held_by(&id, part)).await?)?;
    for (group, name) in groups {
        snapshot.groups.insert(group, GroupAccess { name, grants: Vec::new() });
    }
    for held in held {
        let group = held.holder.parse::<GroupId>().ok().and_then(|id| snapshot.groups.get_mut(&id));
        group.into_iter().for_each(|group| group.grants.push(held.grant.clone()));
    }
    Ok(())
}

/// Which of the rows' addresses need no invite.
async fn taken<H: Host>(cx: &Context<'_, H>, inside: &Inside, rows: &[Row]) -> Result<Taken, Problem> {
    let id = &inside.workspace.id;
    let emails: Vec<&Email> = rows.iter().filter_map(|row| row.email.as_ref()).collect();
    let members = in_parts(cx, &emails, |part| member::emails_present(id, part)).await?;
    let invited = in_parts(cx, &emails, |part| invites::emails_live(id, part, cx.now)).await?;
    let emails = |found: &[Found]| Ok::<_, Problem>(member::emails_from_rows(found)?.into_iter().collect());
    Ok(Taken { members: emails(&members)?, invited: emails(&invited)? })
}

/// The invites of the rows that get one, in their order.
fn make<H: Host>(
    cx: &Context<'_, H>,
    inside: &Inside,
    snapshot: &Snapshot,
    rows: impl Iterator<Item = ((Row, Option<Name>), Checked)>,
) -> Vec<Made> {
    let group = |id: GroupId| snapshot.groups.get(&id).map(|group| (id, group.name.clone()));
    let made = rows.filter(|(_, checked)| checked.outcome == Outcome::Invited).filter_map(|((row, name), checked)| {
        let offered = Offered { email: row.email?, name, grants: row.grants, groups: Vec::new() };
        let groups = checked.groups.into_iter().filter_map(group).collect();
        Some(invite::make_one(cx, inside, offered, groups))
    });
    made.collect()
}

/// All rows refused because of some.
fn refused(view: BulkView, place: &str) -> Problem {
    let errors = view.rows.iter().enumerate().filter(|(_, row)| row.outcome == Outcome::Invalid.as_str());
    let issues = errors.flat_map(|(index, row)| {
        row.errors.iter().map(move |error| {
            let column = error.column.map_or_else(String::new, |column| format!("/{column}"));
            Issue { path: format!("/{place}/{index}{column}"), code: error.code, detail: error.detail.clone() }
        })
    });
    let issues = issues.collect();
    let (invalid, total) = (view.summary.invalid, view.summary.total);
    let detail = format!(
        "{invalid} of {total} rows are invalid and nothing was written; correct them, or send `on_error=skip` to invite the others"
    );
    Problem { issues, report: Some(Box::new(view)), ..Problem::new(Code::ValidationFailed, detail) }
}

/// Seats that others took since they were counted: the rows are told anew which of them still fit.
fn again_when_full(problem: Problem) -> Problem {
    let is_stale = problem.is_stale || problem.code == Code::SeatLimitReached;
    Problem { is_stale, ..problem }
}
