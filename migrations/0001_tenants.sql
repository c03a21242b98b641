-- Workspaces, the people's accounts, and who is a member of what. Times are milliseconds since the epoch.

CREATE TABLE workspaces (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  plan TEXT NOT NULL CHECK (plan IN ('free', 'team', 'business')),
  protocols INTEGER NOT NULL DEFAULT 0,
  engage INTEGER NOT NULL DEFAULT 0,
  seat_limit INTEGER,
  invite_ttl_hours INTEGER NOT NULL DEFAULT 168,
  provisioned_grants TEXT NOT NULL DEFAULT '["source_read_only"]',
  require_sso INTEGER NOT NULL DEFAULT 0,
  stale_after_days INTEGER NOT NULL DEFAULT 90,
  version INTEGER NOT NULL DEFAULT 1,
  -- Seats in use, kept by the triggers of 0005: counting rows would cost more the larger a workspace is.
  member_count INTEGER NOT NULL DEFAULT 0,
  pending_count INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX workspaces_by_slug ON workspaces (slug) WHERE deleted_at IS NULL;

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  account_id TEXT NOT NULL REFERENCES accounts (id),
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  provisioned_by TEXT NOT NULL CHECK (provisioned_by IN ('bootstrap', 'invite', 'jit', 'scim', 'domain')),
  invite_id TEXT,
  joined_at INTEGER NOT NULL,
  last_active_at INTEGER,
  PRIMARY KEY (workspace_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX members_by_email ON members (workspace_id, email);
CREATE INDEX members_by_name ON members (workspace_id, name_key);
CREATE INDEX members_by_joined ON members (workspace_id, joined_at, account_id);
CREATE INDEX members_by_activity ON members (workspace_id, last_active_at, account_id);
CREATE INDEX members_by_account ON members (account_id, workspace_id);
