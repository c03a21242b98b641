//! Many invites at once: a CSV file or a JSON list in, a report row by row out.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::{Email, Name, digits, lower};
use crate::policy::bulk::{Checked, Column, Outcome, Row};

use super::csv::{self, CsvError, Record};
use super::invite::{Deliver, NewInvite};
use super::issue::{Coded, Issues};
use super::object::Object;
use super::secret::{SecretView, Secretive};

/// How many rows one request may hold.
pub const MOST: usize = 10_000;

/// How many grants, and how many groups, one row may hold.
const MOST_A_CELL: usize = 100;
/// How many things are told that are wrong with one row.
const MOST_ERRORS: usize = 20;

const COLUMNS: [Column; 4] = [Column::Email, Column::Name, Column::Grants, Column::Groups];

/// `{invites: [...], deliver?}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "InviteBulk"))]
#[serde(deny_unknown_fields)]
pub struct BulkBody {
    /// The invites, 1 to 10,000.
    pub invites: Vec<Object<NewInvite>>,
    /// How the links go out.
    #[serde(default)]
    pub deliver: Option<Deliver>,
}

/// What a row says, as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The line of the file, or the place in the list, from 1.
    pub line: usize,
    /// The address.
    pub email: String,
    /// The name.
    pub name: Option<String>,
    /// The grants.
    pub grants: Vec<String>,
    /// The groups, by id or exact name.
    pub groups: Vec<String>,
    /// How many cells it has and how many the header has, where those differ.
    pub ragged: Option<(usize, usize)>,
}

/// Why a file can't be used at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// It isn't CSV in UTF-8.
    Csv(CsvError),
    /// Its header has wrong columns, or no row follows.
    Header(Issues),
    /// It has more rows than one request may hold.
    TooMany,
}

impl From<CsvError> for FileError {
    fn from(error: CsvError) -> Self {
        Self::Csv(error)
    }
}

impl From<Issues> for FileError {
    fn from(issues: Issues) -> Self {
        Self::Header(issues)
    }
}

/// The rows of a CSV file, blank lines left out.
///
/// # Errors
/// When its encoding, its quotes or its header are wrong, or it has too many rows. What is wrong with a row is that row's.
pub fn from_csv(file: &[u8]) -> Result<Vec<Line>, FileError> {
    let mut records = csv::Reader::new(csv::decode(file)?).filter(|one| !one.as_ref().is_ok_and(Record::is_blank));
    let header = records.next().transpose()?;
    let places = places(header.as_ref().map_or(&[][..], |record| record.cells.as_slice()))?;
    let mut lines = Vec::new();
    for record in records {
        if lines.len() == MOST {
            return Err(FileError::TooMany);
        }
        lines.push(line(&record?, &places));
    }
    check_count(lines, "/rows").map_err(FileError::Header)
}

/// The rows of a JSON list.
///
/// # Errors
/// When there is none.
pub fn from_json(invites: Vec<Object<NewInvite>>) -> Result<Vec<Line>, FileError> {
    if invites.len() > MOST {
        return Err(FileError::TooMany);
    }
    let line = |(index, Object(invite)): (usize, Object<NewInvite>)| {
        let NewInvite { email, name, grants, groups } = invite;
        Line { line: index + 1, email, name, grants, groups, ragged: None }
    };
    check_count(invites.into_iter().enumerate().map(line).collect(), "/invites").map_err(FileError::Header)
}

fn check_count(lines: Vec<Line>, path: &str) -> Result<Vec<Line>, Issues> {
    let mut issues = Issues::default();
    if lines.is_empty() {
        issues.add(path, "out_of_range", "one request holds 1 to 10000 invites");
    }
    issues.finish(Some(lines))
}

/// The columns of a header, in its order.
fn places(header: &[Cow<'_, str>]) -> Result<Vec<Column>, Issues> {
    let mut issues = Issues::default();
    let mut places: Vec<Column> = Vec::new();
    // One cell more than there are columns says enough of a header that is none.
    for cell in header.iter().take(COLUMNS.len() + 1) {
        let name = lower(cell.trim());
        match COLUMNS.into_iter().find(|column| column.as_str() == name) {
            Some(column) if places.contains(&column) => {
                issues.add(at(&name), "duplicate_column", ["the header has `", &name, "` twice"].concat());
            }
            Some(column) => places.push(column),
            None => issues.add(at(&clipped(&name)), "unknown_column", unknown(cell)),
        }
    }
    for column in [Column::Email, Column::Grants].into_iter().filter(|column| !places.contains(column)) {
        let name = column.as_str();
        let detail = ["the first line names the columns; `", name, "` is missing"].concat();
        issues.add(at(name), "missing_column", detail);
    }
    issues.finish(Some(places))
}

/// Where a column is.
fn at(name: &str) -> String {
    ["/", name].concat()
}

fn clipped(cell: &str) -> String {
    cell.chars().filter(|c| !c.is_control()).take(80).collect()
}

fn unknown(cell: &str) -> String {
    let clipped = clipped(cell);
    let hint = if cell.contains([';', '\t']) { "; columns are separated by commas" } else { "" };
    ["`", &clipped, "` is no column; there are email, name, grants and groups", hint].concat()
}

fn line(record: &Record<'_>, places: &[Column]) -> Line {
    let cell = |wanted: Column| {
        let index = places.iter().position(|column| *column == wanted);
        index.and_then(|index| record.cells.get(index)).map_or("", |cell| cell.trim())
    };
    let list = |column| {
        let parts = cell(column).split(';').map(str::trim).filter(|part| !part.is_empty());
        parts.take(MOST_A_CELL + 1).map(str::to_owned)
    };
    let ragged = (record.cells.len(), places.len());
    Line {
        line: record.line,
        email: cell(Column::Email).to_owned(),
        name: Some(cell(Column::Name)).filter(|name| !name.is_empty()).map(str::to_owned),
        grants: list(Column::Grants).collect(),
        groups: list(Column::Groups).collect(),
        ragged: (ragged.0 != ragged.1).then_some(ragged),
    }
}

/// One thing that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "RowIssue"))]
pub struct RowError {
    /// The column; `null` when the whole row is wrong.
    pub column: Option<&'static str>,
    /// What, as a stable code.
    pub code: &'static str,
    /// What, in words, and what would be right.
    pub detail: String,
}

impl RowError {
    fn new(column: Column, error: &impl Coded) -> Self {
        Self { column: Some(column.as_str()), code: error.code(), detail: error.in_words() }
    }
}

/// A row as read: for the rules, for the invite and for the report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// What the rules need.
    pub row: Row,
    /// The name.
    pub name: Option<Name>,
    /// What can't be read.
    pub errors: Vec<RowError>,
}

impl Line {
    /// Reads the row, and notes what can't be read. Of a ragged row nothing is: its cells may be anything.
    pub fn read(&self) -> Read {
        let mut read = Read::default();
        if let Some((has, wants)) = self.ragged {
            let (has, wants) = (digits(has as u64), digits(wants as u64));
            let detail = [&has, " cells where the header has ", &wants, "; quote a cell that holds a comma"].concat();
            read.errors.push(RowError { column: None, code: "ragged_row", detail });
            read.row.has_unread_grants = true;
        } else {
            read.fill(self);
        }
        read.row.is_broken = !read.errors.is_empty();
        read
    }
}

impl Read {
    fn fill(&mut self, line: &Line) {
        match line.email.parse::<Email>() {
            Ok(email) => self.row.email = Some(email),
            Err(error) => self.errors.push(RowError::new(Column::Email, &error)),
        }
        match line.name.as_deref().map(str::parse::<Name>).transpose() {
            Ok(name) => self.name = name,
            Err(error) => self.errors.push(RowError::new(Column::Name, &error)),
        }
        for (column, list) in [(Column::Grants, &line.grants), (Column::Groups, &line.groups)] {
            if list.len() > MOST_A_CELL {
                let detail = ["one row holds at most 100 ", column.as_str()].concat();
                self.errors.push(RowError { column: Some(column.as_str()), code: "out_of_range", detail });
                self.row.has_unread_grants = true;
                return;
            }
        }
        for text in &line.grants {
            match text.parse() {
                Ok(grant) => self.row.grants.push(grant),
                Err(error) => {
                    let error: crate::model::GrantError = error;
                    self.errors.push(RowError::new(Column::Grants, &error));
                    self.row.has_unread_grants = true;
                }
            }
        }
        self.row.groups.clone_from(&line.groups);
    }
}

/// How many rows came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "BulkSummary"))]
#[expect(missing_docs, reason = "the words of the contract")]
pub struct SummaryView {
    pub invited: usize,
    pub already_member: usize,
    pub already_invited: usize,
    pub duplicate: usize,
    pub invalid: usize,
    pub total: usize,
}

impl SummaryView {
    const fn count(&mut self, outcome: Outcome) {
        self.total += 1;
        match outcome {
            Outcome::Invited => self.invited += 1,
            Outcome::AlreadyMember => self.already_member += 1,
            Outcome::AlreadyInvited => self.already_invited += 1,
            Outcome::Duplicate => self.duplicate += 1,
            Outcome::Invalid => self.invalid += 1,
        }
    }
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "BulkRow"))]
pub struct RowView {
    /// The line of the file that it starts on, or its place in the list, from 1.
    pub line: usize,
    /// The address, as the row gives it.
    pub email: String,
    /// What became of it.
    pub outcome: &'static str,
    /// What is wrong with it.
    pub errors: Vec<RowError>,
    /// The link, in the answer that made it alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept_url: Option<SecretView>,
    /// True when the link was shown before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret_shown: bool,
}

/// The report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "BulkReport"))]
pub struct BulkView {
    /// How many rows came to what.
    pub summary: SummaryView,
    /// Each row.
    pub rows: Vec<RowView>,
}

impl Secretive for BulkView {
    fn withhold(&mut self) {
        for row in &mut self.rows {
            row.secret_shown = SecretView::withhold(&mut row.accept_url);
        }
    }
}

impl BulkView {
    /// Of rows, what was read of them and what the rules said of them.
    pub fn new(lines: Vec<Line>, read: &[Read], checked: &[Checked]) -> Self {
        let mut view = Self::default();
        for ((line, read), Checked { outcome, refusals, .. }) in lines.into_iter().zip(read).zip(checked) {
            view.summary.count(*outcome);
            let refused = refusals.iter().map(|(column, refusal)| RowError {
                column: Some(column.as_str()),
                code: refusal.code(),
                detail: refusal.in_words(),
            });
            let errors = read.errors.iter().cloned().chain(refused).take(MOST_ERRORS).collect();
            let row = RowView {
                line: line.line,
                email: line.email,
                outcome: outcome.as_str(),
                errors,
                accept_url: None,
                secret_shown: false,
            };
            view.rows.push(row);
        }
        view
    }
}
