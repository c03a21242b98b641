//! Answers that are kept under a caller's key, in SQL, so that a request that is sent again is answered and not done again.

use crate::host::{Db, Statement, Value};
use crate::model::{Timestamp, WorkspaceId};

use super::row::{self, StoreError};

/// How long an answer is kept, in hours.
const KEPT_HOURS: i64 = 24;

/// How many bytes of a body stand in one row: D1 takes values and rows of at most 2 MB.
const PIECE: usize = 1_000_000;

/// A caller's key, and what the request asks under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who calls, by id.
    pub caller: String,
    /// The key that they chose.
    pub key: String,
    /// A hash of the request.
    pub request: String,
}

/// An answer as it is kept, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// A hash of the request that it answers.
    pub request: String,
    /// Its status.
    pub status: u16,
    /// The version of the workspace that it tells; `None` for the one that the batch has made by then.
    pub version: Option<i64>,
    /// The tag of its body.
    pub etag: Option<String>,
    /// Where what it made is.
    pub location: Option<String>,
    /// Its body.
    pub body: String,
}

fn kept_since(now: Timestamp) -> Value {
    now.plus_hours(-KEPT_HOURS).as_ms().into()
}

/// The answer that is kept under a key. What is over counts as gone, whether or not it was deleted.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl Db, claim: &Claim, now: Timestamp) -> Result<Option<Kept>, StoreError> {
    let sql = "SELECT request, status, version, etag, location, body FROM idempotency_keys \
        WHERE caller = ?1 AND key = ?2 AND created_at > ?3 ORDER BY part";
    let values = [claim.caller.as_str().into(), claim.key.as_str().into(), kept_since(now)];
    let rows = db.query(&Statement::new(sql, values)).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let pieces = rows.iter().map(|row| row::text(row, "body")).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(Kept {
        request: row::text(first, "request")?.to_owned(),
        status: u16::try_from(row::int(first, "status")?).map_err(|_| StoreError::Corrupt("status"))?,
        version: Some(row::int(first, "version")?),
        etag: row::opt_text(first, "etag")?.map(str::to_owned),
        location: row::opt_text(first, "location")?.map(str::to_owned),
        body: pieces.concat(),
    }))
}

/// Keeps an answer, or aborts the batch when another one is kept under the key.
pub fn insert(claim: &Claim, kept: &Kept, workspace: &WorkspaceId, now: Timestamp) -> Vec<Statement> {
    let key = || [claim.caller.as_str().into(), claim.key.as_str().into()];
    let over = "DELETE FROM idempotency_keys WHERE caller = ?1 AND key = ?2 AND created_at <= ?3";
    let sql = "INSERT INTO idempotency_keys (caller, key, part, request, status, version, etag, location, body, created_at) \
        SELECT ?1, ?2, ?3, ?4, ?5, coalesce(?6, (SELECT version FROM workspaces WHERE id = ?7)), ?8, ?9, ?10, ?11";
    let mut statements = vec![Statement::new(over, key().into_iter().chain([kept_since(now)]))];
    for (part, piece) in (0_i64..).zip(pieces(&kept.body, PIECE)) {
        let rest = [
            part.into(),
            kept.request.as_str().into(),
            i64::from(kept.status).into(),
            kept.version.into(),
            workspace.as_str().into(),
            kept.etag.as_deref().into(),
            kept.location.as_deref().into(),
            piece.into(),
            now.as_ms().into(),
        ];
        statements.push(Statement::new(sql, key().into_iter().chain(rest)));
    }
    statements
}

/// A text in pieces of at most so many bytes, cut between characters; one piece for none.
fn pieces(text: &str, most: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((piece, more)) = rest.split_at_checked(rest.floor_char_boundary(most)).filter(|_| rest.len() > most)
    {
        pieces.push(piece);
        rest = more;
    }
    pieces.push(rest);
    pieces
}

/// Deletes the answers that were kept long enough, of everyone.
pub fn delete_over(now: Timestamp) -> Statement {
    Statement::new("DELETE FROM idempotency_keys WHERE created_at <= ?1", [kept_since(now)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_cut_between_characters_and_make_the_text() {
        for (text, cut) in [
            ("", vec![""]),
            ("abcd", vec!["abcd"]),
            ("abcde", vec!["abcd", "e"]),
            ("abcdefgh", vec!["abcd", "efgh"]),
            ("abcéfgh", vec!["abc", "éfg", "h"]),
            ("🦀🦀", vec!["🦀", "🦀"]),
            ("a🦀b", vec!["a", "🦀", "b"]),
        ] {
            assert_eq!(pieces(text, 4), cut);
        }
    }
}
