-- Answers to requests that carried an Idempotency-Key, kept for a day. They belong to whoever called, not to a
-- workspace: `caller` is an account, a token, an invite or the operator. `request` is a hash of what was asked. `body` has
-- no secret in it; one that is larger than a value may be stands in several rows.
CREATE TABLE idempotency_keys (
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  part INTEGER NOT NULL,
  request TEXT NOT NULL,
  status INTEGER NOT NULL,
  version INTEGER NOT NULL,
  etag TEXT,
  location TEXT,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (caller, key, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
