//! Lists: which page is asked for, and the shape of the answer (RFC 7644 section 3.4.2, RFC 9865).

use serde_json::{Value, json};

use super::announce::MAX_RESULTS;
use super::error::{ScimError, ScimType};

const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paging {
    /// By number.
    Index {
        /// The first one, from 1.
        start: u32,
        /// How many at most; 0 asks for the total alone.
        count: u32,
    },
    /// By cursor.
    Cursor {
        /// Where the last page ended; `None` for the first page.
        cursor: Option<String>,
        /// How many at most.
        count: u32,
    },
}

impl Paging {
    /// Of the three parameters: what is below the least is the least, and what is above the most the most (RFC 7644 table 6). An
    /// empty cursor asks for the first page of a list by cursor.
    ///
    /// # Errors
    /// For what is no whole number, and for a cursor together with `startIndex`.
    pub fn parse(start: Option<&str>, count: Option<&str>, cursor: Option<&str>) -> Result<Self, ScimError> {
        let count = match count.map(|count| number(count, "count", 0)).transpose()? {
            Some(count) => count.min(MAX_RESULTS),
            None => MAX_RESULTS,
        };
        let start = start.map(|start| number(start, "startIndex", 1)).transpose()?;
        match (start, cursor) {
            (Some(_), Some(_)) => {
                Err(ScimError::value("a page is asked for by `startIndex` or by `cursor`, not by both"))
            }
            (None, Some(cursor)) => {
                Ok(Self::Cursor { cursor: Some(cursor.to_owned()).filter(|cursor| !cursor.is_empty()), count })
            }
            (start, None) => Ok(Self::Index { start: start.unwrap_or(1), count }),
        }
    }

    /// How many it has at most.
    pub const fn count(&self) -> u32 {
        match self {
            Self::Index { count, .. } | Self::Cursor { count, .. } => *count,
        }
    }

    /// That a cursor is none of ours.
    pub fn invalid_cursor() -> ScimError {
        ScimError::of(ScimType::InvalidCursor, "`cursor` is not one that a list of this kind answered")
    }
}

/// A whole number, at least `least`.
fn number(text: &str, name: &str, least: u32) -> Result<u32, ScimError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ScimError::value(format!("`{name}` is a whole number")));
    }
    let is_below = digits.len() < text.len();
    Ok(if is_below { least } else { digits.parse().unwrap_or(u32::MAX).max(least) })
}

/// A page of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// How many there are in all.
    pub total: u64,
    /// What is on this page.
    pub resources: Vec<Value>,
    /// For a page by number: of the first one on it.
    pub start: Option<u32>,
    /// For a page by cursor: where the next one starts; `None` on the last.
    pub next_cursor: Option<String>,
}

impl List {
    /// All of a list that has one page.
    pub fn whole(resources: Vec<Value>) -> Self {
        Self { total: resources.len() as u64, resources, start: Some(1), next_cursor: None }
    }

    /// As a body.
    pub fn json(self) -> Value {
        let mut body = json!({"schemas": [LIST], "totalResults": self.total, "itemsPerPage": self.resources.len()});
        if let Some(body) = body.as_object_mut() {
            let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
            if let Some(start) = self.start {
                put("startIndex", start.into());
            }
            if let Some(cursor) = self.next_cursor {
                put("nextCursor", cursor.into());
            }
            put("Resources", self.resources.into());
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_brought_within_what_there_is() {
        for (start, count, page) in [
            (None, None, (1, MAX_RESULTS)),
            (Some("0"), Some("10"), (1, 10)),
            (Some("-7"), Some("-1"), (1, 0)),
            (Some("3"), Some("0"), (3, 0)),
            (Some("99999999999999999999"), Some("99999999999999999999"), (u32::MAX, MAX_RESULTS)),
        ] {
            let (start_index, page_count) = page;
            let paging = Paging::Index { start: start_index, count: page_count };
            assert_eq!(Paging::parse(start, count, None), Ok(paging), "{start:?} {count:?}");
        }
    }

    #[test]
    fn a_page_is_asked_for_by_number_or_by_cursor() {
        let by = |cursor: Option<&str>| Ok(Paging::Cursor { cursor: cursor.map(str::to_owned), count: 5 });
        assert_eq!(Paging::parse(None, Some("5"), Some("")), by(None));
        assert_eq!(Paging::parse(None, Some("5"), Some("x")), by(Some("x")));
        for (start, count, cursor) in
            [(Some("1"), None, Some("x")), (Some("one"), None, None), (None, Some("1.5"), None), (Some(""), None, None)]
        {
            let error = Paging::parse(start, count, cursor).unwrap_err();
            assert_eq!((error.status, error.scim_type), (400, Some(ScimType::InvalidValue)));
        }
    }

    #[test]
    fn a_list_says_by_what_it_is_paged() {
        let list =
            List { total: 3, resources: vec![json!({"id": "1"})], start: None, next_cursor: Some("c".to_owned()) };
        assert_eq!(
            list.json(),
            json!({"schemas": [LIST], "totalResults": 3, "itemsPerPage": 1, "nextCursor": "c", "Resources": [{"id": "1"}]})
        );
        let whole = List::whole(Vec::new()).json();
        assert_eq!(
            whole,
            json!({"schemas": [LIST], "totalResults": 0, "itemsPerPage": 0, "startIndex": 1, "Resources": []})
        );
    }
}
