//! Connections to identity providers in SQL, and the groups that they manage.

use crate::host::{Db, Row, Statement, Value};
use crate::model::{Connection, ConnectionId, Group, GroupId, Name, Timestamp, WorkspaceId};

use super::row::{self, Read, StoreError};

pub(super) const COLUMNS: &str = "c.workspace_id, c.id, c.protocol, c.name, c.active, c.issuer, c.client_id, c.sealed_secret, \
    c.entity_id, c.sso_url, c.certificates, c.idp_initiated, c.group_claim, c.sync, c.revision, c.created_at, c.last_login_at";

/// A group that a connection manages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// The connection's id.
    pub connection: ConnectionId,
    /// The group.
    pub id: GroupId,
    /// Its name here.
    pub name: Name,
    /// What the provider calls it.
    pub claim: String,
}

pub(super) fn read(row: &Row) -> Read<Connection> {
    Ok(Connection {
        id: row::parsed(row, "id")?,
        workspace: row::parsed(row, "workspace_id")?,
        protocol: row::text(row, "protocol")?.parse().map_err(|()| StoreError::Corrupt("protocol"))?,
        name: row::parsed(row, "name")?,
        is_active: row::int(row, "active")? == 1,
        issuer: row::opt_text(row, "issuer")?.map(str::to_owned),
        client_id: row::opt_text(row, "client_id")?.map(str::to_owned),
        sealed_secret: row::opt_text(row, "sealed_secret")?.map(str::to_owned),
        entity_id: row::opt_text(row, "entity_id")?.map(str::to_owned),
        sso_url: row::opt_text(row, "sso_url")?.map(str::to_owned),
        certificates: row::list(row, "certificates")?,
        may_provider_begin: row::int(row, "idp_initiated")? == 1,
        group_claim: row::text(row, "group_claim")?.to_owned(),
        sync: row::text(row, "sync")?.parse().map_err(|()| StoreError::Corrupt("sync"))?,
        revision: row::int(row, "revision")?,
        created_at: row::time(row, "created_at")?,
        last_login_at: row::opt_time(row, "last_login_at")?,
    })
}

/// Reads a connection by its id alone, whosesoever it is: a login names no workspace.
pub fn by_id(id: &ConnectionId) -> Statement {
    let sql = format!("SELECT {COLUMNS} FROM sso_connections c WHERE c.id = ?1");
    Statement::new(sql, [id.as_str().into()])
}

/// The connections in an answer.
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_rows(rows: &[Row]) -> Result<Vec<Connection>, StoreError> {
    rows.iter().map(read).collect()
}

/// All connections of a workspace, in the order of their names: there are few.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl Db, workspace: &WorkspaceId) -> Result<Vec<Connection>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM sso_connections c WHERE c.workspace_id = ?1 ORDER BY c.name");
    from_rows(&db.query(&Statement::new(sql, [workspace.as_str().into()])).await?)
}

/// Reads the groups that connections manage, in the order of their names.
pub fn mapped(workspace: &WorkspaceId, connections: &[&str]) -> Statement {
    let sql = "SELECT g.id, g.name, g.managed_by, g.claim FROM json_each(?2) c \
         CROSS JOIN groups g INDEXED BY groups_by_claim ON g.workspace_id = ?1 AND g.managed_by = c.value ORDER BY g.name";
    Statement::new(sql, [workspace.as_str().into(), row::json_list(connections)])
}

/// The groups in the answer to [`mapped`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn mapped_from_rows(rows: &[Row]) -> Result<Vec<Mapped>, StoreError> {
    let read = |row| {
        Ok(Mapped {
            connection: row::parsed(row, "managed_by")?,
            id: row::parsed(row, "id")?,
            name: row::parsed(row, "name")?,
            claim: row::text(row, "claim")?.to_owned(),
        })
    };
    rows.iter().map(read).collect()
}

fn values(connection: &Connection) -> Vec<Value> {
    let text = |value: &Option<String>| Value::from(value.clone());
    vec![
        connection.workspace.as_str().into(),
        connection.id.as_str().into(),
        connection.name.as_str().into(),
        i64::from(connection.is_active).into(),
        text(&connection.issuer),
        text(&connection.client_id),
        text(&connection.sealed_secret),
        text(&connection.entity_id),
        text(&connection.sso_url),
        row::json_list(&connection.certificates),
        connection.group_claim.as_str().into(),
        connection.sync.as_str().into(),
        i64::from(connection.may_provider_begin).into(),
    ]
}

/// Adds a connection.
pub fn insert(connection: &Connection) -> Statement {
    let mut values = values(connection);
    values.extend([connection.protocol.as_str().into(), connection.created_at.as_ms().into()]);
    Statement::new(
        "INSERT INTO sso_connections (workspace_id, id, name, active, issuer, client_id, sealed_secret, entity_id, sso_url, \
           certificates, group_claim, sync, idp_initiated, protocol, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        values,
    )
}

/// Changes a connection, each column of it.
pub fn update(connection: &Connection) -> Statement {
    Statement::new(
        "UPDATE sso_connections SET name = ?3, active = ?4, issuer = ?5, client_id = ?6, sealed_secret = ?7, entity_id = ?8, \
           sso_url = ?9, certificates = ?10, group_claim = ?11, sync = ?12, idp_initiated = ?13, revision = revision + 1 \
         WHERE workspace_id = ?1 AND id = ?2",
        values(connection),
    )
}

/// Deletes a connection with whom it knows and what is under way by it. Its groups are deleted as any group is; the sessions
/// that it opened end.
pub fn delete(workspace: &WorkspaceId, id: &ConnectionId) -> Vec<Statement> {
    let of = |sql: &'static str| Statement::new(sql, [workspace.as_str().into(), id.as_str().into()]);
    vec![
        of("DELETE FROM sso_connections WHERE workspace_id = ?1 AND id = ?2"),
        of("DELETE FROM sso_logins WHERE workspace_id = ?1 AND connection_id = ?2"),
        of("DELETE FROM sso_tests WHERE workspace_id = ?1 AND connection_id = ?2"),
        forget_identities(workspace, id),
        Statement::new("DELETE FROM sessions WHERE connection_id = ?1", [id.as_str().into()]),
    ]
}

/// Forgets whom a provider meant by its subjects: those of another provider, or for another client, are other people.
pub fn forget_identities(workspace: &WorkspaceId, id: &ConnectionId) -> Statement {
    let sql = "DELETE FROM identities WHERE workspace_id = ?1 AND connection_id = ?2";
    Statement::new(sql, [workspace.as_str().into(), id.as_str().into()])
}

/// Adds groups that a connection manages: pairs of a group and what the provider calls it.
pub fn insert_groups<'a>(
    workspace: &WorkspaceId,
    connection: &ConnectionId,
    groups: impl IntoIterator<Item = (&'a Group, &'a str)>,
) -> Vec<Statement> {
    let sql = "INSERT INTO groups (workspace_id, id, name, managed_by, claim, created_at) \
         SELECT ?1, value ->> 0, value ->> 1, ?3, value ->> 2, value ->> 3 FROM json_each(?2)";
    let rows = groups.into_iter().map(|(group, claim)| {
        let (id, name) = (group.id.as_str(), group.name.as_str());
        (id, name, claim, group.created_at.as_ms())
    });
    let parts = row::parts(rows).into_iter();
    parts.map(|part| Statement::new(sql, [workspace.as_str().into(), part, connection.as_str().into()])).collect()
}

/// Aborts unless the connection is as it was read.
pub fn guard(connection: &Connection) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'state' WHERE NOT EXISTS \
         (SELECT 1 FROM sso_connections WHERE workspace_id = ?1 AND id = ?2 AND revision = ?3)",
        [connection.workspace.as_str().into(), connection.id.as_str().into(), connection.revision.into()],
    )
}

/// Aborts when nobody could sign in where everybody has to by SSO. Comes after the change that it guards.
pub fn guard_one_remains(workspace: &WorkspaceId) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'state' FROM workspaces WHERE id = ?1 AND require_sso = 1 AND plan = 'business' \
           AND NOT EXISTS (SELECT 1 FROM sso_connections WHERE workspace_id = ?1 AND active = 1)",
        [workspace.as_str().into()],
    )
}

/// Notes that somebody signed in.
pub fn touch(connection: &Connection, now: Timestamp) -> Statement {
    let sql = "UPDATE sso_connections SET last_login_at = ?3 WHERE workspace_id = ?1 AND id = ?2";
    let (workspace, id) = (connection.workspace.as_str(), connection.id.as_str());
    Statement::new(sql, [workspace.into(), id.into(), now.as_ms().into()])
}

/// Reads the connection by which people sign in who have an address at this domain: of several that are active the one that
/// was used last.
pub fn of_domain(name: &str) -> Statement {
    let sql = format!(
        "SELECT {COLUMNS} FROM domains d INDEXED BY domains_one_workspace \
           CROSS JOIN workspaces w ON w.id = d.workspace_id AND w.deleted_at IS NULL AND w.plan = 'business' \
           CROSS JOIN sso_connections c ON c.workspace_id = d.workspace_id AND c.active = 1 \
         WHERE d.domain = ?1 AND d.verified_at IS NOT NULL ORDER BY c.last_login_at DESC, c.id LIMIT 1"
    );
    Statement::new(sql, [name.into()])
}
