-- The list by last activity counts who never was active as the least recent, and reads this index from its end.
DROP INDEX members_by_activity;
CREATE INDEX members_by_activity ON members (workspace_id, coalesce(last_active_at, -1), account_id);
