//! Who and what an access list has to look at, by index: SQL finds candidates in the order of their ids, the policy
//! decides about each.
//!
//! A candidate comes from one of several sources: a grant's holders, a group's members, a label's resources. Of each
//! source the first rows after the last id are read, at most a page of them, and merged: what is read depends on the
//! page and on how many sources there are, never on how long they are.

use crate::host::{Row, Statement, Value};
use crate::model::{AccountId, GrantExpr, Labels, Member, ResourceKind, Scope, WorkspaceId};

use super::member;
use super::page::Page;
use super::row::{self, Read, StoreError};

/// Reads the distinct sets of labels that grants of the workspace are scoped to: one step in the index for each.
pub fn label_scopes(workspace: &WorkspaceId) -> Statement {
    Statement::new(
        "WITH RECURSIVE found (scope) AS ( \
           SELECT min(scope) FROM grants INDEXED BY grants_by_scope WHERE workspace_id = ?1 AND scope >= '@{' AND scope < '@|' \
           UNION ALL \
           SELECT (SELECT min(g.scope) FROM grants g INDEXED BY grants_by_scope \
                    WHERE g.workspace_id = ?1 AND g.scope > found.scope AND g.scope < '@|') \
             FROM found WHERE found.scope IS NOT NULL) \
         SELECT 'source_admin' AS role, scope FROM found WHERE scope IS NOT NULL",
        [workspace.as_str().into()],
    )
}

/// The sets of labels in the answer to [`label_scopes`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn label_scopes_from_rows(rows: &[Row]) -> Result<Vec<Labels>, StoreError> {
    let exprs = rows.iter().map(row::expr).collect::<Read<Vec<_>>>()?;
    let labels = exprs.iter().filter_map(|expr| match expr.scope() {
        Scope::Labels(labels) => Some(labels.clone()),
        Scope::Workspace | Scope::Resource(_) => None,
    });
    Ok(labels.collect())
}

/// The first ids after the last one, at most a page and one more, of a source that says `id`, as a JSON list.
fn first(source: &str) -> String {
    format!("(SELECT json_group_array(id) FROM ({source} ORDER BY id LIMIT ?4)) AS ids")
}

fn start(page: &Page) -> [Value; 2] {
    [page.after.as_deref().unwrap_or_default().into(), (page.limit + 1).into()]
}

/// Reads one more than a page of the accounts that hold one of these grants, directly or through a group.
pub fn members(workspace: &WorkspaceId, grants: &[GrantExpr], page: &Page) -> Statement {
    const PAIR: &str = "g.workspace_id = ?1 AND g.role = p.role AND g.scope = p.scope";
    // The prefix tells accounts from groups, invites and tokens.
    let direct = first(&format!(
        "SELECT g.holder AS id FROM grants g INDEXED BY grants_by_role \
          WHERE {PAIR} AND g.holder > max(?3, 'acc_') AND g.holder < 'acd'"
    ));
    let by_group = first(
        "SELECT gm.holder AS id FROM group_members gm \
          WHERE gm.workspace_id = ?1 AND gm.group_id = gr.id AND gm.holder > max(?3, 'acc_') AND gm.holder < 'acd'",
    );
    let sql = format!(
        "WITH pairs AS MATERIALIZED (SELECT value ->> 0 AS role, value ->> 1 AS scope FROM json_each(?2)), \
         holding AS MATERIALIZED (SELECT DISTINCT g.holder AS id FROM pairs p CROSS JOIN grants g INDEXED BY grants_by_role \
            ON {PAIR} AND g.holder > 'grp_' AND g.holder < 'grq'), \
         sources AS (SELECT {direct} FROM pairs p UNION ALL SELECT {by_group} FROM holding gr), \
         found AS MATERIALIZED (SELECT DISTINCT i.value AS id FROM sources s CROSS JOIN json_each(s.ids) i ORDER BY id LIMIT ?4) \
         SELECT f.id AS candidate, {columns} FROM found f \
           LEFT JOIN members m ON m.workspace_id = ?1 AND m.account_id = f.id ORDER BY f.id",
        columns = member::COLUMNS,
    );
    let pairs = grants.iter().map(|grant| [grant.role().to_string(), grant.scope().text()]);
    let [after, limit] = start(page);
    Statement::new(sql, [workspace.as_str().into(), row::json(pairs.collect::<Vec<_>>()), after, limit])
}

/// The accounts in the answer to [`members`], each as the member that it is, if it is one.
///
/// # Errors
/// When a stored value is corrupt.
pub fn members_from_rows(rows: &[Row]) -> Result<Vec<(AccountId, Option<Member>)>, StoreError> {
    let read = |row| {
        let is_member = row::opt_text(row, "account_id")?.is_some();
        Ok((row::parsed(row, "candidate")?, is_member.then(|| member::read(row)).transpose()?))
    };
    rows.iter().map(read).collect()
}

/// Reads one more than a page of the ids of all resources of a kind.
pub fn every_resource(workspace: &WorkspaceId, kind: ResourceKind, page: &Page) -> Statement {
    let sql = "SELECT id FROM resources WHERE workspace_id = ?1 AND kind = ?2 AND id > ?3 ORDER BY id LIMIT ?4";
    let [after, limit] = start(page);
    Statement::new(sql, [workspace.as_str().into(), kind.as_str().into(), after, limit])
}

/// Reads one more than a page of the ids of the resources of a kind that one of these scopes names, themselves or by
/// their parent.
pub fn resources(workspace: &WorkspaceId, kind: ResourceKind, scopes: &[Scope], page: &Page) -> Statement {
    let named = first(
        "SELECT r.id AS id FROM json_each(?5) n CROSS JOIN resources r \
             ON r.workspace_id = ?1 AND r.kind = ?2 AND r.id = n.value WHERE r.id > ?3",
    );
    let labelled = first(&format!("{} AND rl.id > ?3", labelled("?2")));
    let child = first(
        "SELECT r.id AS id FROM resources r INDEXED BY resources_by_parent \
          WHERE r.workspace_id = ?1 AND r.parent = p.name AND r.kind = ?2 AND r.id > ?3",
    );
    let parents = labelled_parents();
    let sql = format!(
        "WITH labels AS MATERIALIZED (SELECT value ->> 0 AS key, value ->> 1 AS value, value ->> 2 AS whole FROM json_each(?7)), \
         parents AS MATERIALIZED (SELECT value AS name FROM json_each(?6) UNION {parents}), \
         sources AS (SELECT {named} UNION ALL SELECT {labelled} FROM labels l UNION ALL SELECT {child} FROM parents p) \
         SELECT DISTINCT i.value AS id FROM sources s CROSS JOIN json_each(s.ids) i ORDER BY id LIMIT ?4"
    );
    let [after, limit] = start(page);
    let [names, parents, labels] = lists(kind, scopes);
    Statement::new(sql, [workspace.as_str().into(), kind.as_str().into(), after, limit, names, parents, labels])
}

/// What carries all labels of the set `l`, by the index of its first label.
fn labelled(kind: &str) -> String {
    format!(
        "SELECT rl.id AS id FROM resource_labels rl \
          WHERE rl.workspace_id = ?1 AND rl.key = l.key AND rl.value = l.value AND rl.kind = {kind} \
            AND NOT EXISTS (SELECT 1 FROM json_each(l.whole) w WHERE NOT EXISTS (SELECT 1 FROM resource_labels o \
              WHERE o.workspace_id = ?1 AND o.key = w.key AND o.value = w.value AND o.kind = rl.kind AND o.id = rl.id))"
    )
}

/// The sources that carry one of the sets of labels; only a destination has a parent.
fn labelled_parents() -> String {
    let matching =
        labelled("'source'").replacen("FROM resource_labels rl", "FROM labels l CROSS JOIN resource_labels rl", 1);
    format!("SELECT 'source/' || id FROM ({matching}) WHERE ?2 = 'destination'")
}

/// What the scopes name: ids of this kind, parents of this kind, and sets of labels with their first label in front.
fn lists(kind: ResourceKind, scopes: &[Scope]) -> [Value; 3] {
    let (mut names, mut parents, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    for scope in scopes {
        match scope {
            Scope::Resource(resource) if resource.kind() == kind => names.push(resource.id().to_owned()),
            Scope::Resource(resource) if kind == ResourceKind::Destination => parents.push(resource.to_string()),
            Scope::Labels(set) => {
                labels.extend(set.iter().next().map(|(key, value)| [key.to_owned(), value.to_owned(), set_of(set)]))
            }
            Scope::Workspace | Scope::Resource(_) => {}
        }
    }
    [row::json(names), row::json(parents), row::json(labels)]
}

fn set_of(labels: &Labels) -> String {
    match row::json_labels(labels) {
        Value::Text(text) => text,
        Value::Null | Value::Int(_) => String::new(),
    }
}

/// The ids in the answer to [`every_resource`] or [`resources`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn ids_from_rows(rows: &[Row]) -> Result<Vec<String>, StoreError> {
    rows.iter().map(|row| row::text(row, "id").map(str::to_owned)).collect()
}
