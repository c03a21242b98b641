//! Reading a row into model types: the one place that can say that stored data is corrupt.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Serialize;

use crate::host::{DbError, Row, Value};
use crate::model::{Grant, GrantExpr, Labels, Timestamp, Via};

/// Why a read or a write failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// The database refused or failed.
    Db(DbError),
    /// A stored value that can't be read: the column.
    Corrupt(&'static str),
}

impl From<DbError> for StoreError {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

pub(super) type Read<T> = Result<T, StoreError>;

/// The column as text.
pub(super) fn text<'a>(row: &'a Row, column: &'static str) -> Read<&'a str> {
    opt_text(row, column)?.ok_or(StoreError::Corrupt(column))
}

/// The column as text, where it may be NULL.
pub(super) fn opt_text<'a>(row: &'a Row, column: &'static str) -> Read<Option<&'a str>> {
    match row.get(column) {
        Some(Value::Text(text)) => Ok(Some(text)),
        Some(Value::Null) => Ok(None),
        Some(Value::Int(_)) | None => Err(StoreError::Corrupt(column)),
    }
}

/// The column as an integer.
pub(super) fn int(row: &Row, column: &'static str) -> Read<i64> {
    opt_int(row, column)?.ok_or(StoreError::Corrupt(column))
}

/// The column as an integer, where it may be NULL.
pub(super) fn opt_int(row: &Row, column: &'static str) -> Read<Option<i64>> {
    match row.get(column) {
        Some(Value::Int(number)) => Ok(Some(*number)),
        Some(Value::Null) => Ok(None),
        Some(Value::Text(_)) | None => Err(StoreError::Corrupt(column)),
    }
}

/// The column as an instant.
pub(super) fn time(row: &Row, column: &'static str) -> Read<Timestamp> {
    int(row, column).map(Timestamp::from_ms)
}

/// The column as an instant, where it may be NULL.
pub(super) fn opt_time(row: &Row, column: &'static str) -> Read<Option<Timestamp>> {
    Ok(opt_int(row, column)?.map(Timestamp::from_ms))
}

/// The column as a value that parses from text.
pub(super) fn parsed<T: FromStr>(row: &Row, column: &'static str) -> Read<T> {
    text(row, column)?.parse().map_err(|_| StoreError::Corrupt(column))
}

/// The column as a value that parses from text, where it may be NULL.
pub(super) fn opt_parsed<T: FromStr>(row: &Row, column: &'static str) -> Read<Option<T>> {
    opt_text(row, column)?.map(|text| text.parse().map_err(|_| StoreError::Corrupt(column))).transpose()
}

/// The column as a JSON list of values that parse from text.
pub(super) fn list<T: FromStr>(row: &Row, column: &'static str) -> Read<Vec<T>> {
    let texts: Vec<String> = serde_json::from_str(text(row, column)?).map_err(|_| StoreError::Corrupt(column))?;
    texts.iter().map(|text| text.parse().map_err(|_| StoreError::Corrupt(column))).collect()
}

/// The columns `role` and `scope` as a grant expression.
pub(super) fn expr(row: &Row) -> Read<GrantExpr> {
    format!("{}{}", text(row, "role")?, text(row, "scope")?).parse().map_err(|_| StoreError::Corrupt("scope"))
}

/// The columns of a grant.
pub(super) fn grant(row: &Row) -> Read<Grant> {
    Ok(Grant {
        id: parsed(row, "id")?,
        expr: expr(row)?,
        created_at: time(row, "created_at")?,
        created_by: text(row, "created_by")?.to_owned(),
    })
}

/// The columns `group_id` and `group_name`: the way that a grant came, direct when both are NULL.
pub(super) fn via(row: &Row) -> Read<Via> {
    match opt_parsed(row, "group_id")? {
        Some(id) => Ok(Via::Group { id, name: parsed(row, "group_name")? }),
        None => Ok(Via::Direct),
    }
}

/// The column as a JSON object of labels.
pub(super) fn labels(row: &Row, column: &'static str) -> Read<Labels> {
    let pairs: BTreeMap<String, String> =
        serde_json::from_str(text(row, column)?).map_err(|_| StoreError::Corrupt(column))?;
    Labels::new(pairs).map_err(|_| StoreError::Corrupt(column))
}

/// Strings as one JSON text, for `json_each`.
pub(super) fn json_list<T: ToString>(items: impl IntoIterator<Item = T>) -> Value {
    let texts: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    Value::Text(serde_json::Value::from(texts).to_string())
}

/// Any list as one JSON text, for `json_each`.
pub(super) fn json<T: Into<serde_json::Value>>(items: Vec<T>) -> Value {
    Value::Text(serde_json::Value::from(items).to_string())
}

/// How many bytes of rows go into one value: D1 takes no value of more than 2,000,000.
const MOST_BYTES: usize = 1_800_000;

/// Rows as JSON texts for `json_each`, each a tuple of its cells: as few as hold them, none when there are none.
pub(super) fn parts<T: Serialize>(rows: impl IntoIterator<Item = T>) -> Vec<Value> {
    let mut parts: Vec<String> = Vec::new();
    for row in rows {
        // Of texts and numbers: it can't fail.
        let row = serde_json::to_string(&row).unwrap_or_default();
        match parts.last_mut().filter(|part| part.len() + row.len() < MOST_BYTES) {
            Some(part) => {
                part.push(',');
                part.push_str(&row);
            }
            None => parts.push(format!("[{row}")),
        }
    }
    parts.into_iter().map(|part| Value::Text(part + "]")).collect()
}

/// Labels as one JSON text.
pub(super) fn json_labels(labels: &Labels) -> Value {
    let pairs: BTreeMap<&str, &str> = labels.iter().collect();
    Value::Text(serde_json::json!(pairs).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_into_values_that_d1_takes() {
        let row = |index: usize| serde_json::json!([index, "x".repeat(1_000)]);
        let parts = parts((0..4_000).map(row));
        assert_eq!(parts.len(), 3);
        let mut all = Vec::new();
        for part in parts {
            let Value::Text(text) = part else { panic!("{part:?}") };
            assert!(text.len() <= MOST_BYTES);
            all.extend(serde_json::from_str::<Vec<serde_json::Value>>(&text).unwrap());
        }
        assert_eq!(all, (0..4_000).map(row).collect::<Vec<_>>());
        assert_eq!(super::parts::<u8>([]), []);
    }
}
