-- The rules that hold at commit, whatever the code above forgot or raced with. A violated rule aborts the batch with
-- the message 'rule:<code>'; a violated guard with the name of its CHECK.

CREATE VIEW owners AS
  SELECT g.workspace_id, m.account_id
    FROM grants g CROSS JOIN members m ON m.workspace_id = g.workspace_id AND m.account_id = g.holder
   WHERE g.role = 'workspace_owner'
  UNION ALL
  SELECT g.workspace_id, m.account_id
    FROM grants g
         CROSS JOIN group_members gm ON gm.workspace_id = g.workspace_id AND gm.group_id = g.holder
         CROSS JOIN members m ON m.workspace_id = gm.workspace_id AND m.account_id = gm.holder
   WHERE g.role = 'workspace_owner';

-- A workspace has an owner. Within a batch, additions come before removals, so that no moment in between lacks one.
CREATE TRIGGER owner_remains_after_grant_delete AFTER DELETE ON grants WHEN OLD.role = 'workspace_owner'
BEGIN
  SELECT RAISE(ABORT, 'rule:last_owner')
   WHERE EXISTS (SELECT 1 FROM workspaces WHERE id = OLD.workspace_id AND deleted_at IS NULL)
     AND NOT EXISTS (SELECT 1 FROM owners WHERE workspace_id = OLD.workspace_id);
END;

CREATE TRIGGER owner_remains_after_grant_update AFTER UPDATE OF role, holder ON grants WHEN OLD.role = 'workspace_owner'
BEGIN
  SELECT RAISE(ABORT, 'rule:last_owner')
   WHERE EXISTS (SELECT 1 FROM workspaces WHERE id = OLD.workspace_id AND deleted_at IS NULL)
     AND NOT EXISTS (SELECT 1 FROM owners WHERE workspace_id = OLD.workspace_id);
END;

CREATE TRIGGER owner_remains_after_member_delete AFTER DELETE ON members
BEGIN
  SELECT RAISE(ABORT, 'rule:last_owner')
   WHERE EXISTS (SELECT 1 FROM workspaces WHERE id = OLD.workspace_id AND deleted_at IS NULL)
     AND NOT EXISTS (SELECT 1 FROM owners WHERE workspace_id = OLD.workspace_id);
END;

CREATE TRIGGER owner_remains_after_group_leave AFTER DELETE ON group_members
WHEN EXISTS (SELECT 1 FROM grants WHERE workspace_id = OLD.workspace_id AND holder = OLD.group_id AND role = 'workspace_owner')
BEGIN
  SELECT RAISE(ABORT, 'rule:last_owner')
   WHERE EXISTS (SELECT 1 FROM workspaces WHERE id = OLD.workspace_id AND deleted_at IS NULL)
     AND NOT EXISTS (SELECT 1 FROM owners WHERE workspace_id = OLD.workspace_id);
END;

-- A grant on a resource names one that is there: one that came later under the same name would inherit it. `scope` is
-- '@kind/id' then.
CREATE TRIGGER grant_names_a_resource BEFORE INSERT ON grants WHEN instr(NEW.scope, '/') > 0
BEGIN
  SELECT RAISE(ABORT, 'rule:unknown_resource')
   WHERE NOT EXISTS (SELECT 1 FROM resources WHERE workspace_id = NEW.workspace_id
     AND kind = substr(NEW.scope, 2, instr(NEW.scope, '/') - 2) AND id = substr(NEW.scope, instr(NEW.scope, '/') + 1));
END;

-- Seats can't be oversold. A pending invite reserves one; whoever comes with an invite takes the seat it reserved.
CREATE TRIGGER member_takes_seat BEFORE INSERT ON members WHEN NEW.invite_id IS NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:seat_limit_reached')
    FROM workspaces WHERE id = NEW.workspace_id AND member_count + pending_count >= seat_limit;
END;
CREATE TRIGGER member_counts AFTER INSERT ON members
BEGIN
  UPDATE workspaces SET member_count = member_count + 1 WHERE id = NEW.workspace_id;
END;
CREATE TRIGGER member_frees_seat AFTER DELETE ON members
BEGIN
  UPDATE workspaces SET member_count = member_count - 1 WHERE id = OLD.workspace_id;
END;

CREATE TRIGGER invite_reserves_seat BEFORE INSERT ON invites WHEN NEW.status = 'pending'
BEGIN
  SELECT RAISE(ABORT, 'rule:seat_limit_reached')
    FROM workspaces WHERE id = NEW.workspace_id AND member_count + pending_count >= seat_limit;
END;
CREATE TRIGGER invite_counts AFTER INSERT ON invites WHEN NEW.status = 'pending'
BEGIN
  UPDATE workspaces SET pending_count = pending_count + 1 WHERE id = NEW.workspace_id;
END;
CREATE TRIGGER invite_frees_seat AFTER UPDATE OF status ON invites WHEN OLD.status = 'pending' AND NEW.status <> 'pending'
BEGIN
  UPDATE workspaces SET pending_count = pending_count - 1 WHERE id = NEW.workspace_id;
END;
CREATE TRIGGER invite_renews_seat BEFORE UPDATE OF status ON invites WHEN OLD.status <> 'pending' AND NEW.status = 'pending'
BEGIN
  SELECT RAISE(ABORT, 'rule:seat_limit_reached')
    FROM workspaces WHERE id = NEW.workspace_id AND member_count + pending_count >= seat_limit;
  UPDATE workspaces SET pending_count = pending_count + 1 WHERE id = NEW.workspace_id;
END;

-- What happened can't be rewritten.
CREATE TRIGGER audit_events_stay_as_they_are BEFORE UPDATE ON audit_events
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A guard is a statement that inserts a row here when its condition does not hold. No row ever fits: the CHECK with
-- the guard's name fails and the batch with it. The table stays empty.
CREATE TABLE guards (
  name TEXT NOT NULL,
  CONSTRAINT guard_version CHECK (name <> 'version'),
  CONSTRAINT guard_authority CHECK (name <> 'authority'),
  CONSTRAINT guard_state CHECK (name <> 'state'),
  CONSTRAINT guard_known CHECK (name IN ('version', 'authority', 'state'))
) STRICT;
