//! Domains, and who asks to join by one, in SQL.

use crate::host::{Db, Row, Statement};
use crate::model::{
    AccountId, Domain, DomainId, DomainName, JoinRequest, JoinRequestId, Timestamp, Workspace, WorkspaceId,
};

use super::page::{Page, Paged};
use super::row::{self, Read, StoreError};
use super::workspace;

const COLUMNS: &str = "d.id, d.workspace_id, d.domain, d.token, d.verified_at, d.auto_join, d.revision, d.created_at";

fn read(row: &Row) -> Read<Domain> {
    Ok(Domain {
        id: row::parsed(row, "id")?,
        workspace: row::parsed(row, "workspace_id")?,
        name: DomainName::stored(row::text(row, "domain")?),
        token: row::text(row, "token")?.to_owned(),
        verified_at: row::opt_time(row, "verified_at")?,
        auto_join: row::parsed(row, "auto_join")?,
        revision: row::int(row, "revision")?,
        created_at: row::time(row, "created_at")?,
    })
}

/// A page of a workspace's domains, the first added first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl Db, workspace: &WorkspaceId, page: &Page) -> Result<Paged<Domain>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM domains d WHERE d.workspace_id = ?1 AND d.id > ?2 ORDER BY d.id LIMIT ?3");
    let values = [workspace.as_str().into(), page.after.as_deref().unwrap_or("").into(), (page.limit + 1).into()];
    let rows = db.query(&Statement::new(sql, values)).await?;
    Ok(Paged::cut(rows.iter().map(read).collect::<Read<_>>()?, page))
}

/// The domain of a workspace with this id or name.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl Db, workspace: &WorkspaceId, key: &str) -> Result<Option<Domain>, StoreError> {
    let column = if key.parse::<DomainId>().is_ok() { "id" } else { "domain" };
    let sql = format!("SELECT {COLUMNS} FROM domains d WHERE d.workspace_id = ?1 AND d.{column} = ?2");
    let rows = db.query(&Statement::new(sql, [workspace.as_str().into(), key.into()])).await?;
    rows.first().map(read).transpose()
}

/// Reads the domain of this name that a workspace has proved to be its own.
pub fn by_verified_name(name: &str) -> Statement {
    let sql = format!(
        "SELECT {COLUMNS} FROM domains d INDEXED BY domains_one_workspace WHERE d.domain = ?1 AND d.verified_at IS NOT NULL"
    );
    Statement::new(sql, [name.into()])
}

/// The domain in an answer.
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_rows(rows: &[Row]) -> Result<Option<Domain>, StoreError> {
    rows.first().map(read).transpose()
}

/// Adds a domain.
pub fn insert(domain: &Domain) -> Statement {
    Statement::new(
        "INSERT INTO domains (workspace_id, id, domain, token, auto_join, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [
            domain.workspace.as_str().into(),
            domain.id.as_str().into(),
            domain.name.as_str().into(),
            domain.token.as_str().into(),
            domain.auto_join.as_str().into(),
            domain.created_at.as_ms().into(),
        ],
    )
}

/// Aborts unless the domain is as it was read.
pub fn guard(domain: &Domain) -> Statement {
    let values = [domain.workspace.as_str().into(), domain.id.as_str().into(), domain.revision.into()];
    let sql = "INSERT INTO guards (name) SELECT 'state' WHERE NOT EXISTS \
        (SELECT 1 FROM domains WHERE workspace_id = ?1 AND id = ?2 AND revision = ?3)";
    Statement::new(sql, values)
}

/// Changes what may change of a domain.
pub fn update(domain: &Domain) -> Statement {
    Statement::new(
        "UPDATE domains SET verified_at = ?3, auto_join = ?4, revision = revision + 1 WHERE workspace_id = ?1 AND id = ?2",
        [
            domain.workspace.as_str().into(),
            domain.id.as_str().into(),
            domain.verified_at.map(Timestamp::as_ms).into(),
            domain.auto_join.as_str().into(),
        ],
    )
}

/// Deletes a domain, and what people asked for by it.
pub fn delete(domain: &Domain) -> [Statement; 2] {
    let of = |sql: &'static str| Statement::new(sql, [domain.workspace.as_str().into(), domain.id.as_str().into()]);
    [
        of("DELETE FROM join_requests WHERE workspace_id = ?1 AND domain_id = ?2 AND status = 'pending'"),
        of("DELETE FROM domains WHERE workspace_id = ?1 AND id = ?2"),
    ]
}

/// The workspace that has proved a domain, if the account isn't a member and may join or ask to, with how: `join`, `request`, or
/// what became of a request, `requested` or `denied`.
///
/// # Errors
/// When the database fails.
pub async fn joinable(db: &impl Db, name: &str, account: &AccountId) -> Result<Vec<(Workspace, String)>, StoreError> {
    let sql = format!(
        "SELECT {columns}, CASE WHEN d.auto_join = 'join' THEN 'join' WHEN r.status = 'pending' THEN 'requested'              WHEN r.status = 'denied' THEN 'denied' ELSE 'request' END AS how            FROM domains d INDEXED BY domains_one_workspace            CROSS JOIN workspaces w ON w.id = d.workspace_id AND w.deleted_at IS NULL            LEFT JOIN join_requests r ON r.workspace_id = d.workspace_id AND r.account_id = ?2          WHERE d.domain = ?1 AND d.verified_at IS NOT NULL AND d.auto_join <> 'off'            AND NOT EXISTS (SELECT 1 FROM members m WHERE m.workspace_id = d.workspace_id AND m.account_id = ?2)",
        columns = workspace::columns_of("w")
    );
    let rows = db.query(&Statement::new(sql, [name.into(), account.as_str().into()])).await?;
    rows.iter().map(|row| Ok((workspace::read(row)?, row::text(row, "how")?.to_owned()))).collect()
}

const REQUEST: &str = "SELECT r.id, r.account_id, a.email, a.name, r.domain_id, r.status, r.created_at, r.decided_at, r.decided_by \
    FROM join_requests r CROSS JOIN accounts a ON a.id = r.account_id WHERE r.workspace_id = ?1";

fn read_request(row: &Row) -> Read<JoinRequest> {
    Ok(JoinRequest {
        id: row::parsed(row, "id")?,
        account: row::parsed(row, "account_id")?,
        email: row::parsed(row, "email")?,
        name: row::parsed(row, "name")?,
        domain: row::parsed(row, "domain_id")?,
        status: row::text(row, "status")?.to_owned(),
        created_at: row::time(row, "created_at")?,
        decided_at: row::opt_time(row, "decided_at")?,
        decided_by: row::opt_text(row, "decided_by")?.map(str::to_owned),
    })
}

/// A page of requests to join of one status, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_requests(
    db: &impl Db,
    workspace: &WorkspaceId,
    status: &str,
    page: &Page,
) -> Result<Paged<JoinRequest>, StoreError> {
    let sql = format!("{REQUEST} AND r.status = ?4 AND r.id > ?2 ORDER BY r.id LIMIT ?3");
    let after = page.after.as_deref().unwrap_or("");
    let values = [workspace.as_str().into(), after.into(), (page.limit + 1).into(), status.into()];
    let rows = db.query(&Statement::new(sql, values)).await?;
    Ok(Paged::cut(rows.iter().map(read_request).collect::<Read<_>>()?, page))
}

/// The request with this id.
///
/// # Errors
/// When the database fails.
pub async fn find_request(
    db: &impl Db,
    workspace: &WorkspaceId,
    id: &JoinRequestId,
) -> Result<Option<JoinRequest>, StoreError> {
    let values = [workspace.as_str().into(), id.as_str().into()];
    let rows = db.query(&Statement::new(format!("{REQUEST} AND r.id = ?2"), values)).await?;
    rows.first().map(read_request).transpose()
}

/// The request of this person.
///
/// # Errors
/// When the database fails.
pub async fn find_request_of(
    db: &impl Db,
    workspace: &WorkspaceId,
    account: &AccountId,
) -> Result<Option<JoinRequest>, StoreError> {
    let values = [workspace.as_str().into(), account.as_str().into()];
    let rows = db.query(&Statement::new(format!("{REQUEST} AND r.account_id = ?2"), values)).await?;
    rows.first().map(read_request).transpose()
}

/// Adds a request.
pub fn insert_request(workspace: &WorkspaceId, request: &JoinRequest) -> Statement {
    Statement::new(
        "INSERT INTO join_requests (workspace_id, id, account_id, domain_id, status, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [
            workspace.as_str().into(),
            request.id.as_str().into(),
            request.account.as_str().into(),
            request.domain.as_str().into(),
            request.status.as_str().into(),
            request.created_at.as_ms().into(),
        ],
    )
}

/// Decides a request, which aborts unless it is still pending.
pub fn decide(workspace: &WorkspaceId, request: &JoinRequest) -> [Statement; 2] {
    let guard = "INSERT INTO guards (name) SELECT 'state' WHERE NOT EXISTS \
        (SELECT 1 FROM join_requests WHERE workspace_id = ?1 AND id = ?2 AND status = 'pending')";
    let update =
        "UPDATE join_requests SET status = ?3, decided_at = ?4, decided_by = ?5 WHERE workspace_id = ?1 AND id = ?2";
    let key = || [workspace.as_str().into(), request.id.as_str().into()];
    let mut values = key().to_vec();
    values.push(request.status.as_str().into());
    values.push(request.decided_at.map(Timestamp::as_ms).into());
    values.push(request.decided_by.as_deref().into());
    [Statement::new(guard, key()), Statement::new(update, values)]
}

/// Takes a person's request off the list: they are a member by now, or were one.
pub fn delete_request_of(workspace: &WorkspaceId, account: &AccountId) -> Statement {
    let sql = "DELETE FROM join_requests WHERE workspace_id = ?1 AND account_id = ?2";
    Statement::new(sql, [workspace.as_str().into(), account.as_str().into()])
}
