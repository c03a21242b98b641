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
