//! The database seam on SQLite in memory, with the real migrations.

use std::cell::{Cell, RefCell};

use rolecall::host::{Db, DbError, Row, Statement, Value};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

#[derive(Debug)]
pub(crate) struct Sqlite(Connection, RefCell<Option<(Moment, String)>>, Cell<usize>, RefCell<Vec<String>>, Cell<usize>);

/// When something happens meanwhile: before the batch with a statement like this.
#[derive(Debug)]
enum Moment {
    /// A write to this table.
    Write(String),
    /// A statement with these words.
    Words(String),
}

impl Moment {
    fn is_now(&self, sql: &str) -> bool {
        match self {
            Self::Write(table) => {
                ["INSERT INTO", "UPDATE"].iter().any(|verb| sql.starts_with(&format!("{verb} {table} ")))
            }
            Self::Words(words) => sql.contains(words),
        }
    }
}

impl Sqlite {
    pub(crate) fn new() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
        let mut files: Vec<_> = std::fs::read_dir("migrations").unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "sql")) {
            connection.execute_batch(&std::fs::read_to_string(file).unwrap()).unwrap();
        }
        Self(connection, RefCell::default(), Cell::default(), RefCell::default(), Cell::default())
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.0.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Runs this SQL between the reads of the next request and its commit, once.
    pub(crate) fn meanwhile(&self, sql: &str) {
        // Each commit writes its event; no read does.
        self.meanwhile_writing("audit_events", sql);
    }

    /// Runs this SQL before the next batch that names this table in a write, once.
    pub(crate) fn meanwhile_writing(&self, table: &str, sql: &str) {
        *self.1.borrow_mut() = Some((Moment::Write(table.to_owned()), sql.to_owned()));
    }

    /// Runs this SQL before the next batch with a statement that has these words, once.
    pub(crate) fn meanwhile_asking(&self, words: &str, sql: &str) {
        *self.1.borrow_mut() = Some((Moment::Words(words.to_owned()), sql.to_owned()));
    }

    /// How many statements have run.
    pub(crate) fn statements(&self) -> usize {
        self.2.get()
    }

    /// How many batches have run.
    pub(crate) fn batches(&self) -> usize {
        self.4.get()
    }

    /// The statements of the last batch that wrote an event.
    pub(crate) fn last_commit(&self) -> Vec<String> {
        self.3.borrow().clone()
    }

    /// The rows of a statement, as they are.
    pub(crate) fn rows(&self, sql: &'static str) -> Vec<Row> {
        self.run(&Statement::new(sql, [])).unwrap()
    }

    /// The query plan of a statement, line by line.
    pub(crate) fn plan(&self, statement: &Statement) -> String {
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql).into();
        let rows = self.run(&Statement { sql, values: statement.values.clone() }).unwrap();
        rows.iter().map(|row| format!("{:?}\n", row.get("detail").unwrap())).collect()
    }

    /// True while what was to happen meanwhile has not.
    pub(crate) fn waits(&self) -> bool {
        self.1.borrow().is_some()
    }

    /// Runs SQL as it is; the refusal as text.
    pub(crate) fn execute(&self, sql: &str) -> Result<(), String> {
        self.0.execute_batch(sql).map_err(|error| error.to_string())
    }

    /// All rows of all tables as text, but for the columns that note who was seen when.
    pub(crate) fn dump(&self) -> String {
        let mut tables = self.0.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
        let names: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let rows = |name: &String| {
            let mut statement = self.0.prepare(&format!("SELECT * FROM {name}")).unwrap();
            // Who was seen when is noted beside every request, whatever comes of it.
            let columns = statement.column_names().into_iter().enumerate();
            let columns =
                columns.filter(|(_, column)| !["last_used_at", "last_active_at", "opened_at"].contains(column));
            let columns: Vec<usize> = columns.map(|(index, _)| index).collect();
            let read = |row: &rusqlite::Row<'_>| {
                // As text and not as bytes, so that a test can look for one.
                Ok(columns.iter().map(|index| format!("{:?}", value(row.get_ref(*index).unwrap()))).collect())
            };
            let rows: Vec<Vec<String>> = statement.query_map([], read).unwrap().map(Result::unwrap).collect();
            format!("{name}: {rows:?}\n")
        };
        names.iter().map(rows).collect()
    }

    fn run(&self, statement: &Statement) -> rusqlite::Result<Vec<Row>> {
        let mut prepared = self.0.prepare(&statement.sql)?;
        let names: Vec<String> = prepared.column_names().into_iter().map(str::to_owned).collect();
        let values = statement.values.iter().map(|value| match value {
            Value::Null => rusqlite::types::Value::Null,
            Value::Int(number) => (*number).into(),
            Value::Text(text) => text.clone().into(),
        });
        let mut rows = prepared.query(rusqlite::params_from_iter(values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let cell = |(index, name): (usize, &String)| Ok((name.clone(), value(row.get_ref(index)?)));
            found.push(names.iter().enumerate().map(cell).collect::<rusqlite::Result<Row>>()?);
        }
        Ok(found)
    }
}

fn value(cell: ValueRef<'_>) -> Value {
    match cell {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8(text.to_vec()).unwrap()),
        ValueRef::Real(_) | ValueRef::Blob(_) => panic!("no column holds fractions or bytes"),
    }
}

/// What D1 takes: https://developers.cloudflare.com/d1/platform/limits/
fn check_limits(statement: &Statement) {
    assert!(statement.values.len() <= 100, "D1 takes 100 values a statement");
    assert!(statement.sql.len() <= 100_000, "D1 takes statements of 100 KB");
    let is_short = |value: &Value| !matches!(value, Value::Text(text) if text.len() > 2_000_000);
    assert!(statement.values.iter().all(is_short), "D1 takes values of 2 MB: {}", statement.sql);
}

impl Db for Sqlite {
    async fn batch(&self, statements: &[Statement]) -> Result<Vec<Vec<Row>>, DbError> {
        statements.iter().for_each(check_limits);
        self.2.set(self.2.get() + statements.len());
        self.4.set(self.4.get() + 1);
        let commit = Moment::Write("audit_events".to_owned());
        if statements.iter().any(|statement| commit.is_now(&statement.sql)) {
            *self.3.borrow_mut() = statements.iter().map(|statement| statement.sql.to_string()).collect();
        }
        let is_now = |(moment, _): &(Moment, String)| statements.iter().any(|statement| moment.is_now(&statement.sql));
        let is_now = self.1.borrow().as_ref().is_some_and(is_now);
        if let Some((_, sql)) = is_now.then(|| self.1.take()).flatten() {
            self.0.execute_batch(&sql).unwrap();
        }
        let transaction = self.0.unchecked_transaction().unwrap();
        let answers: rusqlite::Result<Vec<Vec<Row>>> = statements.iter().map(|statement| self.run(statement)).collect();
        let answers = answers.map_err(|error| DbError::from_message(&error.to_string()))?;
        transaction.commit().map_err(|error| DbError::from_message(&error.to_string()))?;
        Ok(answers)
    }
}
