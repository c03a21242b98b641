//! Guards: statements that abort their batch when what a decision relied on no longer holds at commit.

use crate::host::Statement;
use crate::model::{Grant, Holder, InviteId, Via, WorkspaceId};

/// Aborts unless the workspace still has this version.
pub fn version(workspace: &WorkspaceId, version: i64) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'version' WHERE NOT EXISTS (SELECT 1 FROM workspaces WHERE id = ?1 AND version = ?2)",
        [workspace.as_str().into(), version.into()],
    )
}

/// Aborts unless the caller still holds the grant that allowed the request, by the way it did.
pub fn authority(workspace: &WorkspaceId, holder: &Holder, grant: &Grant, via: &Via) -> Statement {
    const DIRECT: &str = "INSERT INTO guards (name) SELECT 'authority' WHERE NOT EXISTS \
        (SELECT 1 FROM grants WHERE workspace_id = ?1 AND holder = ?2 AND id = ?3)";
    const BY_GROUP: &str = "INSERT INTO guards (name) SELECT 'authority' WHERE NOT EXISTS \
        (SELECT 1 FROM grants g JOIN group_members gm ON gm.workspace_id = g.workspace_id AND gm.group_id = g.holder \
          WHERE g.workspace_id = ?1 AND gm.holder = ?2 AND g.id = ?3 AND g.holder = ?4)";
    let mut values = vec![workspace.as_str().into(), holder.as_str().into(), grant.id.as_str().into()];
    match via {
        Via::Direct => Statement::new(DIRECT, values),
        Via::Group { id, .. } => {
            values.push(id.as_str().into());
            Statement::new(BY_GROUP, values)
        }
    }
}

/// Aborts unless the token still exists.
pub fn token(workspace: &WorkspaceId, token: &str) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'authority' WHERE NOT EXISTS (SELECT 1 FROM tokens WHERE workspace_id = ?1 AND id = ?2)",
        [workspace.as_str().into(), token.into()],
    )
}

/// Aborts unless the invite is as it was read: same revision, still not closed.
pub fn invite(workspace: &WorkspaceId, invite: &InviteId, revision: i64) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'state' WHERE NOT EXISTS (SELECT 1 FROM invites \
          WHERE workspace_id = ?1 AND id = ?2 AND revision = ?3 AND status IN ('pending', 'expired'))",
        [workspace.as_str().into(), invite.as_str().into(), revision.into()],
    )
}

/// Aborts unless the account is a member.
pub fn member(workspace: &WorkspaceId, account: &str) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'state' WHERE NOT EXISTS (SELECT 1 FROM members WHERE workspace_id = ?1 AND account_id = ?2)",
        [workspace.as_str().into(), account.into()],
    )
}

/// Aborts unless the resource is registered.
pub fn resource(workspace: &WorkspaceId, reference: &crate::model::ResourceRef) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'state' WHERE NOT EXISTS \
           (SELECT 1 FROM resources WHERE workspace_id = ?1 AND kind = ?2 AND id = ?3)",
        [workspace.as_str().into(), reference.kind().as_str().into(), reference.id().into()],
    )
}
