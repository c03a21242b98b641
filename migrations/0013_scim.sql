-- SCIM: what an identity provider says of people and groups, and what came of each thing that it said.

-- Of a token's secret there is a hash. Several work side by side, so that one can follow another.
CREATE TABLE scim_tokens (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;

-- Each member, and each who was one as long as the provider may bring them back. `id` is the account's. `user_key` is
-- the userName in small letters. `document` is what the provider sent, NULL of somebody of whom it said nothing yet.
CREATE TABLE scim_users (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  id TEXT NOT NULL REFERENCES accounts (id),
  user_key TEXT NOT NULL,
  external_id TEXT,
  active INTEGER NOT NULL DEFAULT 1,
  -- 1 when they were taken out here, and not by the provider.
  removed_here INTEGER NOT NULL DEFAULT 0,
  document TEXT,
  revision INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX scim_users_by_name ON scim_users (workspace_id, user_key);
CREATE UNIQUE INDEX scim_users_by_external_id ON scim_users (workspace_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX scim_users_by_account ON scim_users (id, workspace_id);
-- The others are as many as `workspaces.member_count` says.
CREATE INDEX scim_users_inactive ON scim_users (workspace_id) WHERE active = 0;

-- The addresses in the documents, in small letters: what `emails.value eq` looks up.
CREATE TABLE scim_emails (
  workspace_id TEXT NOT NULL,
  value TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (workspace_id, value, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX scim_emails_by_user ON scim_emails (workspace_id, user_id);
CREATE TRIGGER scim_emails_follow AFTER UPDATE OF document ON scim_users
BEGIN
  DELETE FROM scim_emails WHERE workspace_id = NEW.workspace_id AND user_id = NEW.id;
  INSERT OR IGNORE INTO scim_emails (workspace_id, value, user_id)
    SELECT NEW.workspace_id, lower(e.value ->> 'value'), NEW.id FROM json_each(NEW.document, '$.emails') e
     WHERE e.value ->> 'value' IS NOT NULL;
END;
CREATE TRIGGER scim_emails_end AFTER DELETE ON scim_users
BEGIN
  DELETE FROM scim_emails WHERE workspace_id = OLD.workspace_id AND user_id = OLD.id;
END;

-- The groups that the provider manages: `name_key` is the name in small letters.
CREATE TABLE scim_groups (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  name_key TEXT NOT NULL,
  external_id TEXT,
  revision INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, id) REFERENCES groups (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX scim_groups_by_name ON scim_groups (workspace_id, name_key);
CREATE UNIQUE INDEX scim_groups_by_external_id ON scim_groups (workspace_id, external_id) WHERE external_id IS NOT NULL;

-- Groups of the provider that somebody is in who is no member now: they are in them again once they are one.
CREATE TABLE scim_parked (
  workspace_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (workspace_id, group_id, user_id),
  FOREIGN KEY (workspace_id, group_id) REFERENCES scim_groups (workspace_id, id),
  FOREIGN KEY (workspace_id, user_id) REFERENCES scim_users (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX scim_parked_by_user ON scim_parked (workspace_id, user_id, group_id);

-- Whom the provider took out doesn't come back by signing in or by their address; an invite is somebody's decision.
CREATE TRIGGER deprovisioned_stays_out BEFORE INSERT ON members WHEN NEW.provisioned_by IN ('jit', 'domain')
BEGIN
  SELECT RAISE(ABORT, 'rule:deprovisioned') FROM scim_users
   WHERE workspace_id = NEW.workspace_id AND id = NEW.account_id AND active = 0 AND removed_here = 0;
END;

-- Whoever comes, by whichever way, is a user from then on and in the groups that waited for them.
CREATE TRIGGER member_is_a_user AFTER INSERT ON members
BEGIN
  INSERT INTO scim_users (workspace_id, id, user_key, created_at, updated_at)
    VALUES (NEW.workspace_id, NEW.account_id, NEW.email, NEW.joined_at, NEW.joined_at)
    ON CONFLICT (workspace_id, id) DO UPDATE SET active = 1, removed_here = 0, revision = revision + 1, updated_at = NEW.joined_at;
  INSERT INTO group_members (workspace_id, group_id, holder, created_at)
    SELECT workspace_id, group_id, user_id, NEW.joined_at FROM scim_parked
     WHERE workspace_id = NEW.workspace_id AND user_id = NEW.account_id ON CONFLICT DO NOTHING;
  DELETE FROM scim_parked WHERE workspace_id = NEW.workspace_id AND user_id = NEW.account_id;
END;
-- Whoever was taken out here stays a user whom the provider has described; it set `active` to 0 first if it did this.
CREATE TRIGGER user_outlives_membership AFTER DELETE ON members
BEGIN
  DELETE FROM scim_parked WHERE workspace_id = OLD.workspace_id AND user_id = OLD.account_id
    AND EXISTS (SELECT 1 FROM scim_users WHERE workspace_id = OLD.workspace_id AND id = OLD.account_id AND document IS NULL);
  DELETE FROM scim_users WHERE workspace_id = OLD.workspace_id AND id = OLD.account_id AND document IS NULL;
  UPDATE scim_users SET active = 0, removed_here = 1, revision = revision + 1
   WHERE workspace_id = OLD.workspace_id AND id = OLD.account_id AND active = 1;
END;
INSERT INTO scim_users (workspace_id, id, user_key, created_at, updated_at)
  SELECT workspace_id, account_id, email, joined_at, joined_at FROM members;

-- Each thing that the provider asked for, what it changed and what was refused. `request` is the body without a password.
CREATE TABLE scim_journal (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  token_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  resource_id TEXT,
  outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'unchanged', 'refused')),
  status INTEGER NOT NULL,
  error TEXT,
  detail TEXT,
  request TEXT,
  changes TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX scim_journal_by_resource ON scim_journal (workspace_id, resource_id, id) WHERE resource_id IS NOT NULL;
CREATE INDEX scim_journal_by_outcome ON scim_journal (workspace_id, outcome, id);
CREATE INDEX scim_journal_by_age ON scim_journal (at);
