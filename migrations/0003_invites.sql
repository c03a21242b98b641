-- Invites. What one offers are the rows of `grants` and `group_members` that its id holds, until it is closed; then
-- `offer` keeps them as JSON for the record.

CREATE TABLE invites (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  id TEXT NOT NULL,
  email TEXT NOT NULL,
  name TEXT,
  status TEXT NOT NULL CHECK (status IN ('pending', 'accepted', 'canceled', 'expired', 'superseded')),
  secret_hash TEXT NOT NULL UNIQUE,
  offer TEXT,
  invited_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  sent_count INTEGER NOT NULL DEFAULT 1,
  expires_at INTEGER NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  closed_at INTEGER,
  accepted_by TEXT,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
-- At most one live invite for a workspace and address.
CREATE UNIQUE INDEX invites_one_live ON invites (workspace_id, email) WHERE status = 'pending';
CREATE INDEX invites_by_status ON invites (workspace_id, status, id);
CREATE INDEX invites_by_expiry ON invites (workspace_id, expires_at) WHERE status = 'pending';
CREATE INDEX invites_due ON invites (expires_at) WHERE status = 'pending';
CREATE INDEX invites_by_email ON invites (workspace_id, email);
