-- People whom the provider knows and who are no members: since when, and which of them were taken out here. And what changed
-- since a moment, as a provider asks that imports.

-- When somebody was taken out; NULL for who never was a member.
ALTER TABLE scim_users ADD COLUMN left_at INTEGER;
CREATE INDEX scim_users_away ON scim_users (workspace_id, removed_here) WHERE active = 0;
CREATE INDEX scim_users_by_change ON scim_users (workspace_id, updated_at);
CREATE INDEX scim_groups_by_change ON scim_groups (workspace_id, updated_at);
