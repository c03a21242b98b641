//! The registry of resources in SQL, with the labels that they carry.

use crate::host::{Db, Row, Statement, Value};
use crate::model::{Labels, Resource, ResourceKind, ResourceRef, Timestamp, WorkspaceId};

use super::page::{Page, Paged};
use super::row::{self, Read, StoreError};

const COLUMNS: &str = "kind || '/' || id AS reference, name, labels, parent, created_by, created_at";

fn read(row: &Row) -> Read<Resource> {
    Ok(Resource {
        reference: row::parsed(row, "reference")?,
        name: row::parsed(row, "name")?,
        labels: row::labels(row, "labels")?,
        parent: row::opt_parsed(row, "parent")?,
        created_by: row::text(row, "created_by")?.to_owned(),
        created_at: row::time(row, "created_at")?,
    })
}

/// The resource of this name.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: &impl Db,
    workspace: &WorkspaceId,
    reference: &ResourceRef,
) -> Result<Option<Resource>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM resources WHERE workspace_id = ?1 AND kind = ?2 AND id = ?3");
    let rows = db.query(&Statement::new(sql, keys(workspace, reference))).await?;
    rows.first().map(read).transpose()
}

fn keys(workspace: &WorkspaceId, reference: &ResourceRef) -> [Value; 3] {
    [workspace.as_str().into(), reference.kind().as_str().into(), reference.id().into()]
}

/// A page of resources of a kind, or of all kinds, by name of the registry.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl Db,
    workspace: &WorkspaceId,
    kind: Option<ResourceKind>,
    page: &Page,
) -> Result<Paged<Resource>, StoreError> {
    let (after_kind, after_id) = page.after.as_deref().and_then(|key| key.split_once('/')).unwrap_or(("", ""));
    let only = if kind.is_some() { "AND kind = ?5" } else { "" };
    let sql = format!(
        "SELECT {COLUMNS} FROM resources WHERE workspace_id = ?1 AND (kind, id) > (?2, ?3) {only} ORDER BY kind, id LIMIT ?4"
    );
    let mut values: Vec<Value> =
        vec![workspace.as_str().into(), after_kind.into(), after_id.into(), (page.limit + 1).into()];
    values.extend(kind.map(|kind| kind.as_str().into()));
    let rows = db.query(&Statement::new(sql, values)).await?;
    Ok(Paged::cut(rows.iter().map(read).collect::<Read<Vec<_>>>()?, page))
}

/// The destinations of a source.
///
/// # Errors
/// When the database fails.
pub async fn children(
    db: &impl Db,
    workspace: &WorkspaceId,
    parent: &ResourceRef,
) -> Result<Vec<ResourceRef>, StoreError> {
    let sql = "SELECT kind || '/' || id AS reference FROM resources WHERE workspace_id = ?1 AND parent = ?2";
    let rows = db.query(&Statement::new(sql, [workspace.as_str().into(), parent.to_string().into()])).await?;
    rows.iter().map(|row| row::parsed(row, "reference")).collect()
}

/// Aborts when a source has a destination beside the known ones.
pub fn guard_children(workspace: &WorkspaceId, parent: &ResourceRef, known: &[ResourceRef]) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'state' WHERE EXISTS (SELECT 1 FROM resources WHERE workspace_id = ?1 AND parent = ?2 \
           AND kind || '/' || id NOT IN (SELECT value FROM json_each(?3)))",
        [workspace.as_str().into(), parent.to_string().into(), row::json_list(known)],
    )
}

/// Registers a resource, or changes its name, labels and parent.
pub fn upsert(workspace: &WorkspaceId, resource: &Resource, now: Timestamp) -> Vec<Statement> {
    let [id, kind, key] = keys(workspace, &resource.reference);
    let put = Statement::new(
        "INSERT INTO resources (workspace_id, kind, id, name, labels, parent, created_by, created_at, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) \
         ON CONFLICT (workspace_id, kind, id) DO UPDATE SET name = ?4, labels = ?5, parent = ?6, updated_at = ?8",
        [
            id,
            kind,
            key,
            resource.name.as_str().into(),
            row::json_labels(&resource.labels),
            resource.parent.as_ref().map(ToString::to_string).into(),
            resource.created_by.as_str().into(),
            now.as_ms().into(),
        ],
    );
    let mut statements = vec![put];
    statements.extend(set_labels(workspace, &resource.reference, &resource.labels, now));
    statements
}

/// Makes the look-up by label and the list of known labels agree with what a resource carries.
fn set_labels(workspace: &WorkspaceId, reference: &ResourceRef, labels: &Labels, now: Timestamp) -> Vec<Statement> {
    let [id, kind, key] = keys(workspace, reference);
    let clear = "DELETE FROM resource_labels WHERE workspace_id = ?1 AND kind = ?2 AND id = ?3";
    let carry = "INSERT INTO resource_labels (workspace_id, key, value, kind, id) SELECT ?1, key, value, ?2, ?3 FROM json_each(?4)";
    let know = "INSERT INTO labels (workspace_id, key, value, created_at) SELECT ?1, key, value, ?3 FROM json_each(?2) WHERE true \
        ON CONFLICT DO NOTHING";
    let json = row::json_labels(labels);
    vec![
        Statement::new(clear, [id.clone(), kind.clone(), key.clone()]),
        Statement::new(carry, [id.clone(), kind, key, json.clone()]),
        Statement::new(know, [id, json, now.as_ms().into()]),
    ]
}

/// Deletes resources.
pub fn delete(workspace: &WorkspaceId, references: &[ResourceRef]) -> Vec<Statement> {
    let sql = |table: &str| {
        format!(
            "DELETE FROM {table} WHERE workspace_id = ?1 AND (kind, id) IN (SELECT substr(value, 1, instr(value, '/') - 1), \
            substr(value, instr(value, '/') + 1) FROM json_each(?2))"
        )
    };
    let values = || [workspace.as_str().into(), row::json_list(references)];
    vec![Statement::new(sql("resource_labels"), values()), Statement::new(sql("resources"), values())]
}

/// Reads which of these labels the workspace knows, as `key:value`.
pub fn known_labels(workspace: &WorkspaceId, labels: &[String]) -> Statement {
    Statement::new(
        "SELECT l.value AS label FROM json_each(?2) l CROSS JOIN labels k ON k.workspace_id = ?1 \
            AND k.key = substr(l.value, 1, instr(l.value, ':') - 1) AND k.value = substr(l.value, instr(l.value, ':') + 1)",
        [workspace.as_str().into(), row::json_list(labels)],
    )
}

/// The labels in the answer to [`known_labels`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn labels_from_rows(rows: &[Row]) -> Result<Vec<String>, StoreError> {
    rows.iter().map(|row| row::text(row, "label").map(str::to_owned)).collect()
}
