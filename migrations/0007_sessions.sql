-- Links that sign a person in: single-use, short-lived, stored as hashes. A request for one is the same work whether
-- or not the address is somebody's: that is looked up when the mail goes out and when the link is opened.
CREATE TABLE sign_in_links (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_links_by_email ON sign_in_links (email, created_at);
CREATE INDEX sign_in_links_due ON sign_in_links (expires_at);

-- Mail that signs in belongs to no workspace: `workspace_id` may be NULL from here on.
CREATE TABLE outbox_with_mail_of_nobody (
  id TEXT PRIMARY KEY,
  workspace_id TEXT,
  subject_id TEXT NOT NULL,
  to_email TEXT NOT NULL,
  subject TEXT NOT NULL,
  sealed TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_with_mail_of_nobody (id, workspace_id, subject_id, to_email, subject, sealed, created_at, sent_at)
  SELECT id, workspace_id, subject_id, to_email, subject, sealed, created_at, sent_at FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_with_mail_of_nobody RENAME TO outbox;
CREATE INDEX outbox_by_subject ON outbox (workspace_id, subject_id);
CREATE INDEX outbox_of_nobody ON outbox (created_at) WHERE workspace_id IS NULL;
