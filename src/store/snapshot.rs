//! All that decisions need of a workspace, or of one member in it: a constant number of reads, one transaction.

use std::collections::BTreeMap;

use crate::host::{Row, Statement, Value};
use crate::model::{AccountId, Email, Grant, GroupId, InviteId, Member, Name, Timestamp, Workspace, WorkspaceId};

use super::access::{self, GroupName, ResourceRow};
use super::row::{self, Read, StoreError};
use super::seat::{self, Seats};
use super::{member, workspace};

/// What the reads found.
#[derive(Debug, Clone)]
pub struct Contents {
    /// The workspace at the version of all the rest; `None` when it is gone.
    pub workspace: Option<Workspace>,
    /// The registry.
    pub resources: Vec<ResourceRow>,
    /// The labels that the workspace knows.
    pub labels: Vec<(String, String)>,
    /// The groups by name.
    pub groups: Vec<GroupName>,
    /// The members by address.
    pub members: Vec<Member>,
    /// The pending invites by address.
    pub invites: Vec<(InviteId, Email)>,
    /// The seats.
    pub seats: Seats,
    /// Grants by holder, in the order in which they were given.
    pub grants: BTreeMap<String, Vec<Grant>>,
    /// Groups by who is in them, by name.
    pub joined: BTreeMap<String, Vec<GroupId>>,
}

const RESOURCES: &str = "SELECT kind || '/' || id AS reference, labels, parent FROM resources WHERE workspace_id = ?1";
const LABELS: &str = "SELECT key, value FROM labels WHERE workspace_id = ?1 ORDER BY key, value";
const GROUPS: &str = "SELECT id, name FROM groups WHERE workspace_id = ?1 ORDER BY name";
const MEMBERS: &str = "SELECT account_id, email, name, provisioned_by, joined_at, last_active_at, sso_exempt FROM members \
    WHERE workspace_id = ?1 ORDER BY email";
const GRANTS: &str = "SELECT holder, id, role, scope, created_at, created_by FROM grants \
    WHERE workspace_id = ?1 AND holder NOT LIKE 'tok%' AND holder NOT LIKE 'dom%' ORDER BY holder, created_at, id";
const JOINED: &str = "SELECT gm.holder, gm.group_id FROM group_members gm \
    JOIN groups gr ON gr.workspace_id = gm.workspace_id AND gr.id = gm.group_id WHERE gm.workspace_id = ?1 ORDER BY gr.name";

const GROUPS_OF_ONE: &str = "SELECT gr.id, gr.name FROM group_members gm \
    CROSS JOIN groups gr ON gr.workspace_id = ?1 AND gr.id = gm.group_id \
    WHERE gm.workspace_id = ?1 AND gm.holder = ?2 ORDER BY gr.name";
const ONE_MEMBER: &str = "SELECT account_id, email, name, provisioned_by, joined_at, last_active_at, sso_exempt FROM members \
    WHERE workspace_id = ?1 AND account_id = ?2";
const GRANTS_OF_ONE: &str = "SELECT holder, id, role, scope, created_at, created_by FROM grants \
    WHERE workspace_id = ?1 AND holder IN (SELECT ?2 UNION ALL \
      SELECT group_id FROM group_members WHERE workspace_id = ?1 AND holder = ?2) ORDER BY holder, created_at, id";
const JOINED_BY_ONE: &str = "SELECT gm.holder, gm.group_id FROM group_members gm \
    CROSS JOIN groups gr ON gr.workspace_id = ?1 AND gr.id = gm.group_id \
    WHERE gm.workspace_id = ?1 AND gm.holder = ?2 ORDER BY gr.name";

const INVITES: &str = "SELECT id, email FROM invites \
    WHERE workspace_id = ?1 AND status = 'pending' AND expires_at > ?2 ORDER BY email";
const NO_INVITES: &str = "SELECT id, email FROM invites WHERE false";

/// The reads, for one member or for all. Who was last seen before `stale_before` holds an inactive seat.
pub fn reads(id: &WorkspaceId, one: Option<&AccountId>, (now, stale_before): (Timestamp, Timestamp)) -> Vec<Statement> {
    let whole = |sql: &'static str| Statement::new(sql, [id.as_str().into()]);
    let narrowed = |all: &'static str, of_one: &'static str| match one {
        Some(account) => Statement::new(of_one, [Value::from(id.as_str()), account.as_str().into()]),
        None => whole(all),
    };
    vec![
        workspace::by_reference(id.as_str()),
        whole(RESOURCES),
        whole(LABELS),
        narrowed(GROUPS, GROUPS_OF_ONE),
        narrowed(MEMBERS, ONE_MEMBER),
        narrowed(GRANTS, GRANTS_OF_ONE),
        narrowed(JOINED, JOINED_BY_ONE),
        match one {
            Some(_) => Statement::new(NO_INVITES, []),
            None => Statement::new(INVITES, [id.as_str().into(), now.as_ms().into()]),
        },
        seat::count(id, now, stale_before),
    ]
}

/// What the answers to [`reads`] hold.
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_answers(answers: &[Vec<Row>]) -> Result<Contents, StoreError> {
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let label = |row| Ok((row::text(row, "key")?.to_owned(), row::text(row, "value")?.to_owned()));
    let group = |row| Ok((row::parsed::<GroupId>(row, "id")?, row::parsed::<Name>(row, "name")?));
    let invite = |row| Ok((row::parsed(row, "id")?, row::parsed(row, "email")?));
    Ok(Contents {
        workspace: workspace::from_rows(rows(0))?,
        resources: access::resources_from_rows(rows(1))?,
        labels: rows(2).iter().map(label).collect::<Read<_>>()?,
        groups: rows(3).iter().map(group).collect::<Read<_>>()?,
        members: member::from_rows(rows(4))?,
        grants: by_holder(rows(5), row::grant)?,
        joined: by_holder(rows(6), |row| row::parsed(row, "group_id"))?,
        invites: rows(7).iter().map(invite).collect::<Read<_>>()?,
        seats: seat::from_rows(rows(8))?,
    })
}

fn by_holder<T>(rows: &[Row], read: impl Fn(&Row) -> Read<T>) -> Read<BTreeMap<String, Vec<T>>> {
    let mut found: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for row in rows {
        found.entry(row::text(row, "holder")?.to_owned()).or_default().push(read(row)?);
    }
    Ok(found)
}
