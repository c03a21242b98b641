-- What is granted to whom, the groups that share grants, and the registry of resources and labels.

-- `holder` is the id of a member's account, a group, an invite or a token: its prefix tells which.
-- `scope` is '' for the workspace, else what follows the role in a grant expression: '@source/abc', '@{environment:prod}'.
CREATE TABLE grants (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  holder TEXT NOT NULL,
  id TEXT NOT NULL,
  role TEXT NOT NULL,
  scope TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (workspace_id, holder, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX grants_once ON grants (workspace_id, holder, role, scope);
CREATE INDEX grants_by_role ON grants (workspace_id, role, scope, holder);
CREATE INDEX grants_by_scope ON grants (workspace_id, scope, holder);

CREATE TABLE groups (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  managed_by TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX groups_by_name ON groups (workspace_id, name);

-- `holder` is an account or an invite: an invitee belongs to groups before they are a member.
CREATE TABLE group_members (
  workspace_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  holder TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, group_id, holder),
  FOREIGN KEY (workspace_id, group_id) REFERENCES groups (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_by_holder ON group_members (workspace_id, holder, group_id);

CREATE TABLE resources (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  labels TEXT NOT NULL DEFAULT '{}',
  parent TEXT,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX resources_by_parent ON resources (workspace_id, parent) WHERE parent IS NOT NULL;
CREATE INDEX resources_by_creator ON resources (workspace_id, created_by);

CREATE TABLE labels (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  description TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, key, value)
) STRICT, WITHOUT ROWID;

-- Which resources carry a label: the column `resources.labels` turned round, for look-ups by label.
CREATE TABLE resource_labels (
  workspace_id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (workspace_id, key, value, kind, id),
  FOREIGN KEY (workspace_id, kind, id) REFERENCES resources (workspace_id, kind, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX resource_labels_one_value ON resource_labels (workspace_id, kind, id, key);
