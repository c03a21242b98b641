-- Single sign-on: connections to identity providers, who came by them, logins under way, and sessions that know how they
-- were opened.

-- `sealed_secret` is encrypted with the deployment's key. Which columns are set is the protocol's.
CREATE TABLE sso_connections (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  id TEXT NOT NULL,
  protocol TEXT NOT NULL CHECK (protocol IN ('oidc', 'saml')),
  name TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  issuer TEXT,
  client_id TEXT,
  sealed_secret TEXT,
  entity_id TEXT,
  sso_url TEXT,
  certificates TEXT NOT NULL DEFAULT '[]',
  group_claim TEXT NOT NULL DEFAULT 'groups',
  sync TEXT NOT NULL DEFAULT 'each_login' CHECK (sync IN ('each_login', 'first_login')),
  revision INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  last_login_at INTEGER,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sso_connections_by_id ON sso_connections (id);
CREATE UNIQUE INDEX sso_connections_by_name ON sso_connections (workspace_id, name);

-- What a connection maps is a group that it manages: `claim` is what the provider calls it.
ALTER TABLE groups ADD COLUMN claim TEXT;
CREATE UNIQUE INDEX groups_by_claim ON groups (workspace_id, managed_by, claim) WHERE managed_by IS NOT NULL;

-- Whom a provider means by a subject. The account is found by that from the first login on, whatever its address.
CREATE TABLE identities (
  connection_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (connection_id, subject)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX identities_by_account ON identities (connection_id, account_id);

-- Logins under way: each is answered once, in the browser that began it. Of the secrets there are hashes.
CREATE TABLE sso_logins (
  state_hash TEXT PRIMARY KEY,
  browser_hash TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  test_id TEXT,
  return_to TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sso_logins_due ON sso_logins (expires_at);

-- Logins that try a connection and open nothing. `result` is what came of one, as JSON.
CREATE TABLE sso_tests (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  return_to TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  result TEXT,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sso_tests_by_id ON sso_tests (id);
CREATE INDEX sso_tests_due ON sso_tests (expires_at);

-- The connection that opened a session; and the one workspace that the session opens, NULL for each that its person is in.
ALTER TABLE sessions ADD COLUMN connection_id TEXT;
ALTER TABLE sessions ADD COLUMN workspace_id TEXT;
CREATE INDEX sessions_by_connection ON sessions (connection_id) WHERE connection_id IS NOT NULL;

-- Members who may sign in otherwise where the workspace requires SSO; and owners who did, told once a session.
ALTER TABLE members ADD COLUMN sso_exempt INTEGER NOT NULL DEFAULT 0;
CREATE TABLE sso_bypasses (
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  workspace_id TEXT NOT NULL,
  PRIMARY KEY (session_id, workspace_id)
) STRICT, WITHOUT ROWID;

-- E-mail domains. One that is verified belongs to one workspace.
CREATE TABLE domains (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  id TEXT NOT NULL,
  domain TEXT NOT NULL,
  token TEXT NOT NULL,
  verified_at INTEGER,
  auto_join TEXT NOT NULL DEFAULT 'off' CHECK (auto_join IN ('off', 'request', 'join')),
  revision INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX domains_by_name ON domains (workspace_id, domain);
CREATE UNIQUE INDEX domains_one_workspace ON domains (domain) WHERE verified_at IS NOT NULL;
