//! Logins under way at identity providers, in SQL.

use crate::host::{Row, Statement};
use crate::model::{Connection, ConnectionId, SecretHash, TestId, Timestamp, Workspace, WorkspaceId};

use super::row::{self, StoreError};
use super::{connection, workspace};

/// How long a test's result can be read, in hours.
const KEPT_HOURS: i64 = 24;

/// A login under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Whose connection.
    pub workspace: WorkspaceId,
    /// The connection.
    pub connection: ConnectionId,
    /// The test that it is, where it is one.
    pub test: Option<TestId>,
    /// Where the person goes afterwards: a path of ours.
    pub return_to: String,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// A login that an answer came for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The login.
    pub login: Login,
    /// True when the answer came to the browser that began it.
    pub is_same_browser: bool,
    /// True when another answer came before.
    pub was_used: bool,
    /// The connection, unless it was deleted since.
    pub connection: Option<Connection>,
    /// The workspace, unless it was closed since.
    pub workspace: Option<Workspace>,
}

/// Begins a login.
pub fn insert(login: &Login, state: &SecretHash, browser: &SecretHash, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO sso_logins (state_hash, browser_hash, workspace_id, connection_id, test_id, return_to, created_at, expires_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        [
            state.as_str().into(),
            browser.as_str().into(),
            login.workspace.as_str().into(),
            login.connection.as_str().into(),
            login.test.as_ref().map(TestId::as_str).into(),
            login.return_to.as_str().into(),
            now.as_ms().into(),
            login.expires_at.as_ms().into(),
        ],
    )
}

/// Reads a login and uses it up, if the answer came to the browser that began it: of two answers one finds it unused.
pub fn take(state: &SecretHash, browser: Option<&SecretHash>, now: Timestamp) -> [Statement; 4] {
    let browser = || browser.map_or("", SecretHash::as_str);
    let connection = format!(
        "SELECT {} FROM sso_logins l JOIN sso_connections c ON c.workspace_id = l.workspace_id AND c.id = l.connection_id \
          WHERE l.state_hash = ?1",
        connection::COLUMNS
    );
    let of = |sql: String| Statement::new(sql, [state.as_str().into()]);
    [
        Statement::new(
            "SELECT workspace_id, connection_id, test_id, return_to, expires_at, used_at, browser_hash = ?2 AS is_same_browser \
               FROM sso_logins WHERE state_hash = ?1",
            [state.as_str().into(), browser().into()],
        ),
        Statement::new(
            "UPDATE sso_logins SET used_at = ?3 WHERE state_hash = ?1 AND browser_hash = ?2 AND used_at IS NULL",
            [state.as_str().into(), browser().into(), now.as_ms().into()],
        ),
        of(connection),
        of(workspace::where_is("id = (SELECT workspace_id FROM sso_logins WHERE state_hash = ?1)")),
    ]
}

/// The login in the answers to [`take`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn taken_from_rows(answers: &[Vec<Row>]) -> Result<Option<Taken>, StoreError> {
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let Some(row) = rows(0).first() else { return Ok(None) };
    let login = Login {
        workspace: row::parsed(row, "workspace_id")?,
        connection: row::parsed(row, "connection_id")?,
        test: row::opt_parsed(row, "test_id")?,
        return_to: row::text(row, "return_to")?.to_owned(),
        expires_at: row::time(row, "expires_at")?,
    };
    Ok(Some(Taken {
        login,
        is_same_browser: row::int(row, "is_same_browser")? == 1,
        was_used: row::opt_int(row, "used_at")?.is_some(),
        connection: connection::from_rows(rows(2))?.pop(),
        workspace: workspace::from_rows(rows(3))?,
    }))
}

/// Notes that a SAML assertion was taken; aborts for one that was taken before.
pub fn take_assertion(connection: &ConnectionId, id: &str, until: Timestamp) -> Statement {
    let sql = "INSERT INTO saml_assertions (connection_id, id, expires_at) VALUES (?1, ?2, ?3)";
    Statement::new(sql, [connection.as_str().into(), id.into(), until.as_ms().into()])
}

/// Deletes the logins that are over, which tell so for an hour, and the assertions that nobody would take any more.
pub fn delete_over(now: Timestamp) -> [Statement; 3] {
    let logins = now.plus_hours(-1).as_ms();
    let tests = now.plus_hours(-KEPT_HOURS).as_ms();
    [
        Statement::new("DELETE FROM sso_logins WHERE expires_at <= ?1", [logins.into()]),
        Statement::new("DELETE FROM sso_tests WHERE expires_at <= ?1", [tests.into()]),
        Statement::new("DELETE FROM saml_assertions WHERE expires_at <= ?1", [now.as_ms().into()]),
    ]
}
