-- What opens the API: tokens and sessions, stored as hashes; and the two records that each write adds to.

CREATE TABLE tokens (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  id TEXT NOT NULL,
  -- The member whose personal token it is; NULL for a token of the workspace.
  account_id TEXT,
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  actions TEXT NOT NULL DEFAULT '[]',
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_account ON tokens (workspace_id, account_id) WHERE account_id IS NOT NULL;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  secret_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_due ON sessions (expires_at);
CREATE INDEX sessions_by_account ON sessions (account_id);

CREATE TABLE audit_events (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_email TEXT,
  via TEXT NOT NULL,
  subject_type TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  before TEXT,
  after TEXT,
  request_id TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_events_by_subject ON audit_events (workspace_id, subject_id, id);
CREATE INDEX audit_events_by_actor ON audit_events (workspace_id, actor_id, id);
CREATE INDEX audit_events_by_type ON audit_events (workspace_id, type, id);

-- Mail that is owed. `sealed` is the whole mail, encrypted: it holds a secret that the database must not show.
CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  to_email TEXT NOT NULL,
  subject TEXT NOT NULL,
  sealed TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_by_subject ON outbox (workspace_id, subject_id);
