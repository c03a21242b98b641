-- Events stay until their time is over, where a deployment sets one. The horizon stands here only inside the batch that
-- deletes what is older: at any other time no event can be deleted, and within it none that is newer.
CREATE TABLE audit_retention (
  horizon INTEGER NOT NULL
) STRICT;
DROP TRIGGER audit_events_stay;
CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
WHEN NOT EXISTS (SELECT 1 FROM audit_retention WHERE OLD.at < horizon)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
-- REPLACE deletes a row without asking the trigger above.
CREATE TRIGGER audit_events_are_not_replaced BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE workspace_id = NEW.workspace_id AND id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
CREATE INDEX audit_events_by_age ON audit_events (at);

-- An invite that expired is told once for each time that it was sent; those that expired before this was so are not.
ALTER TABLE invites ADD COLUMN expiry_told INTEGER NOT NULL DEFAULT 0;
UPDATE invites SET expiry_told = 1 WHERE status = 'expired';
CREATE INDEX invites_untold ON invites (workspace_id, id) WHERE status = 'expired' AND expiry_told = 0;

-- When the offer was first looked at.
ALTER TABLE invites ADD COLUMN opened_at INTEGER;

-- Reminders. `remind_at` is when an invite's last sending is due to be reminded of, NULL when it isn't (any more). A reminder
-- carries a link of its own: of the first no more than a hash is there. Both open the same invite, once.
ALTER TABLE workspaces ADD COLUMN invite_reminder_hours INTEGER;
ALTER TABLE invites ADD COLUMN remind_at INTEGER;
ALTER TABLE invites ADD COLUMN reminded_at INTEGER;
ALTER TABLE invites ADD COLUMN reminder_hash TEXT;
CREATE UNIQUE INDEX invites_by_reminder ON invites (reminder_hash) WHERE reminder_hash IS NOT NULL;
CREATE INDEX invites_to_remind_of ON invites (remind_at) WHERE status = 'pending' AND remind_at IS NOT NULL;

-- So many hours before the link expires, and never in the first half of its life: max() of NULL is NULL.
CREATE TRIGGER invite_is_due_for_a_reminder AFTER INSERT ON invites
WHEN EXISTS (SELECT 1 FROM workspaces WHERE id = NEW.workspace_id AND invite_reminder_hours IS NOT NULL)
BEGIN
  UPDATE invites SET remind_at = (SELECT max(NEW.expires_at - 3600000 * invite_reminder_hours, (NEW.sent_at + NEW.expires_at) / 2)
      FROM workspaces WHERE id = NEW.workspace_id)
   WHERE workspace_id = NEW.workspace_id AND id = NEW.id;
END;
CREATE TRIGGER invite_is_due_for_a_reminder_again AFTER UPDATE OF expires_at ON invites
BEGIN
  UPDATE invites SET remind_at = (SELECT max(NEW.expires_at - 3600000 * invite_reminder_hours, (NEW.sent_at + NEW.expires_at) / 2)
      FROM workspaces WHERE id = NEW.workspace_id)
   WHERE workspace_id = NEW.workspace_id AND id = NEW.id;
END;
CREATE TRIGGER reminders_follow_the_setting AFTER UPDATE OF invite_reminder_hours ON workspaces
WHEN OLD.invite_reminder_hours IS NOT NEW.invite_reminder_hours
BEGIN
  UPDATE invites SET remind_at = max(expires_at - 3600000 * NEW.invite_reminder_hours, (sent_at + expires_at) / 2)
   WHERE workspace_id = NEW.id AND status = 'pending' AND reminded_at IS NULL;
END;

-- Access that nobody uses: who was seen longest ago, or else came, first; and invites that nobody looked at.
CREATE INDEX members_by_seen ON members (workspace_id, coalesce(last_active_at, joined_at), account_id);
CREATE INDEX tokens_by_use ON tokens (workspace_id, coalesce(last_used_at, created_at), id);
CREATE INDEX invites_unopened ON invites (workspace_id, sent_at, id) WHERE status = 'pending' AND opened_at IS NULL;
