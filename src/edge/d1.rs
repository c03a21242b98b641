//! The database on D1.

use std::cell;

use serde::de::Visitor;
use wasm_bindgen::JsValue;
use worker::{D1Database, D1PreparedStatement, D1Result};

use crate::host::{Db, DbError, Row, Statement, Value};

use super::clock;

/// A D1 binding, with what a request has asked of it so far.
pub(super) struct D1 {
    database: D1Database,
    spent: cell::Cell<Spent>,
}

/// What a request cost the database, as D1 counts it.
#[derive(Clone, Copy, Default)]
pub(super) struct Spent {
    /// Milliseconds of waiting.
    pub(super) duration: i64,
    /// Statements that ran.
    pub(super) queries: usize,
    /// Rows that they read, whether they answered them or not.
    pub(super) rows_read: usize,
    /// Rows that they wrote.
    pub(super) rows_written: usize,
}

impl D1 {
    /// Of the Worker's binding.
    pub(super) fn new(database: D1Database) -> Self {
        Self { database, spent: cell::Cell::default() }
    }

    /// What was asked of it so far.
    pub(super) const fn spent(&self) -> Spent {
        self.spent.get()
    }

    fn count(&self, answers: &[D1Result], duration: i64) {
        let mut spent = self.spent.get();
        spent.duration += duration;
        spent.queries += answers.len();
        for meta in answers.iter().filter_map(|answer| answer.meta().ok().flatten()) {
            spent.rows_read += meta.rows_read.unwrap_or_default();
            spent.rows_written += meta.rows_written.unwrap_or_default();
        }
        self.spent.set(spent);
    }

    fn prepare(&self, statement: &Statement) -> Result<D1PreparedStatement, DbError> {
        let values: Vec<JsValue> = statement.values.iter().map(to_js).collect();
        self.database.prepare(statement.sql.as_ref()).bind(&values).map_err(|error| failed(&error))
    }
}

impl Db for D1 {
    async fn batch(&self, statements: &[Statement]) -> Result<Vec<Vec<Row>>, DbError> {
        let prepared = statements.iter().map(|statement| self.prepare(statement)).collect::<Result<Vec<_>, _>>()?;
        let from = clock::now();
        let answers = self.database.batch(prepared).await;
        let duration = clock::now().as_ms() - from.as_ms();
        self.count(answers.as_deref().unwrap_or_default(), duration);
        let answers = answers.map_err(|error| failed(&error))?;
        answers.iter().map(rows).collect()
    }
}

fn failed(error: &worker::Error) -> DbError {
    DbError::from_message(&error.to_string())
}

#[expect(clippy::cast_precision_loss, reason = "integers here have at most 53 bits")]
fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Int(number) => JsValue::from_f64(*number as f64),
        Value::Text(text) => JsValue::from_str(text),
    }
}

/// The rows of an answer, as one JSON text: JavaScript writes it and we read it in a fraction of the time that it takes to hand
/// each cell over the border.
fn rows(answer: &D1Result) -> Result<Vec<Row>, DbError> {
    let found: Vec<Handle> = answer.results().map_err(|error| failed(&error))?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let list: js_sys::Array = found.into_iter().map(|handle| handle.0).collect();
    let unreadable = |why: String| DbError::Failed(format!("an answer of D1 can't be read: {why}"));
    let text = js_sys::JSON::stringify(&list).map_err(|error| unreadable(format!("{error:?}")))?;
    let rows: Vec<Cells> = serde_json::from_str(&String::from(text)).map_err(|error| unreadable(error.to_string()))?;
    Ok(rows.into_iter().map(|cells| cells.0).collect())
}

/// A row where it is, in JavaScript.
#[derive(serde::Deserialize)]
struct Handle(#[serde(with = "serde_wasm_bindgen::preserve")] JsValue);

/// A row as it comes from JavaScript: an object.
struct Cells(Row);

impl<'de> serde::Deserialize<'de> for Cells {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(CellsVisitor)
    }
}

struct CellsVisitor;

impl<'de> Visitor<'de> for CellsVisitor {
    type Value = Cells;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Cells, A::Error> {
        let mut cells = Vec::new();
        while let Some((name, cell)) = map.next_entry::<String, Cell>()? {
            cells.push((name, cell.0));
        }
        Ok(Cells(cells.into_iter().collect()))
    }
}

/// A value of a row as it comes from JavaScript.
struct Cell(Value);

impl<'de> serde::Deserialize<'de> for Cell {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl Visitor<'_> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a whole number, a text or null")
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell(Value::Int(number)))
    }

    #[expect(clippy::cast_possible_wrap, reason = "integers here have at most 53 bits")]
    fn visit_u64<E>(self, number: u64) -> Result<Cell, E> {
        Ok(Cell(Value::Int(number as i64)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
        Ok(Cell(Value::Text(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell(Value::Null))
    }
}
