//! Pages: lists in the order of a unique key, read from after the last one seen.

/// Where to start and how many to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The key after which the page starts; `None` for the first page.
    pub after: Option<String>,
    /// How many rows at most.
    pub limit: i64,
}

/// Rows of a page, and whether there are more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paged<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// True when another page follows.
    pub has_more: bool,
}

impl<T> Paged<T> {
    /// Of rows that were read one more than the page holds.
    pub(super) fn cut(mut rows: Vec<T>, page: &Page) -> Self {
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        Self { rows, has_more }
    }
}
