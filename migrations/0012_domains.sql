-- Who asks to join by a verified domain, and what SAML needs beside what OIDC does.

-- One row for a workspace and person: who was refused doesn't ask again.
CREATE TABLE join_requests (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  id TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  domain_id TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'denied')),
  created_at INTEGER NOT NULL,
  decided_at INTEGER,
  decided_by TEXT,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX join_requests_by_account ON join_requests (workspace_id, account_id);
CREATE INDEX join_requests_by_status ON join_requests (workspace_id, status, id);

-- Whether a login may begin at the provider, without a request of ours.
ALTER TABLE sso_connections ADD COLUMN idp_initiated INTEGER NOT NULL DEFAULT 0;

-- Assertions that were taken: each is taken once, and remembered for as long as it would be.
CREATE TABLE saml_assertions (
  connection_id TEXT NOT NULL,
  id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (connection_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX saml_assertions_due ON saml_assertions (expires_at);
