// Previews and what-if states: what changes would do, and a workspace in which they are made.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Workspace, type Change } from 'rolecall';
import { build, codeOf, file } from './support/snapshot.ts';

const { snapshot, ids, groups } = build(file('groups'));
const member = ids.d!;

test('a preview tells who gains what, and writes nothing', () => {
  const workspace = Workspace.load(snapshot);
  const preview = workspace.preview([{ grant: 'source_read_only@source/ios', to: member }]);
  assert.deepEqual(preview.problems, []);
  assert.deepEqual(preview.changes.lost, []);
  assert.ok(preview.changes.gained.some((row) => row.member === member && row.resource === 'source/ios' && row.actions.includes('source:view')));
  assert.deepEqual([preview.complete, preview.version], [true, 7]);
  assert.equal(workspace.can(member, 'source:view', 'source/ios'), false);
});

test('apply makes another workspace and leaves the first as it is', () => {
  const before = Workspace.load(snapshot);
  const after = before.apply([
    { grant: 'source_admin@source/ios', to: member },
    { add_to_group: groups.Read!, member: 'd@example.com' },
    { set_labels: { environment: 'prod' }, resource: 'source/dev' },
    { invite: 'new@example.com', grants: ['workspace_member'] },
  ]);
  for (const [workspace, may] of [[before, false], [after, true]] as const) {
    assert.equal(workspace.can(member, 'source:edit', 'source/ios'), may);
    assert.equal(workspace.can(member, 'source:view', 'source/web'), may);
  }
  const back = after.apply([{ revoke: 'source_admin@source/ios', from: member }]);
  assert.equal(back.can(member, 'source:edit', 'source/ios'), false);
});

test('what a preview tells is what the applied workspace allows', () => {
  const before = Workspace.load(snapshot);
  const changes: Change[] = [{ remove_member: ids.a! }, { set_group_grants: ['source_admin'], group: groups.Empty! }, { set_plan: 'free' }];
  const { changes: { gained, lost } } = before.preview(changes);
  const after = before.apply(changes);
  assert.ok(gained.length > 0 && lost.length > 0);
  for (const [rows, may] of [[gained, true], [lost, false]] as const) {
    for (const row of rows) {
      for (const action of row.actions) {
        assert.equal(after.can(row.member, action, row.resource), may, `${row.member} ${action} ${row.resource}`);
        if (!row.resource.endsWith('/*')) assert.equal(before.can(row.member, action, row.resource), !may);
      }
    }
  }
});

test('a rule that refuses is a problem of the preview and an error of apply', () => {
  const workspace = Workspace.load(snapshot);
  const owner = ids.c!;
  for (const [change, code] of [
    [{ grant: 'source_admin@source/none', to: member }, 'unknown_resource'],
    [{ set_grants: ['source_admin'], member }, 'workspace_role_required'],
    [{ remove_from_group: groups.Owners!, member: owner }, 'last_owner'],
    [{ invite: 'd@example.com', grants: ['workspace_member'] }, 'already_member'],
    [{ invite: 'ivy@example.com', grants: ['workspace_member'] }, 'already_invited'],
    [{ grant: 'source_admin@{colour:red}', to: member }, 'unknown_label'],
  ] as [Change, string][]) {
    assert.deepEqual(workspace.preview([change]).problems.map((problem) => problem.code), [code], JSON.stringify(change));
    assert.equal(codeOf(() => workspace.apply([change])), code, JSON.stringify(change));
  }
});

test('a snapshot of one member claims nothing of owners and seats that it does not show', () => {
  const own = { ...snapshot, members: snapshot.members.filter((one: { id: string }) => one.id === ids.c), invites: [], seats: null };
  const workspace = Workspace.load(own);
  const preview = workspace.preview([{ remove_member: ids.c! }]);
  assert.deepEqual([preview.problems, preview.complete], [[], false]);
});

test('changes that cannot be read say where', () => {
  const workspace = Workspace.load(snapshot);
  const codes = (changes: unknown) => {
    try {
      workspace.preview(changes as Change[]);
    } catch (error) {
      const { code, errors = [] } = error as { code: string; errors?: { path: string; code: string }[] };
      return [code, ...errors.map((one) => `${one.path} ${one.code}`)];
    }
    return [];
  };
  assert.deepEqual(codes([{ grant: 'boss', to: member }]), ['validation_failed', '/changes/0/grant unknown_role']);
  assert.deepEqual(codes([{ grant: 'source_admin', to: 'x' }]), ['validation_failed', '/changes/0/to invalid_id']);
  assert.deepEqual(codes([{ invite: 'x@example.com', grants: ['a', 'workspace_member'] }]), ['validation_failed', '/changes/0/grants/0 unknown_role']);
  assert.deepEqual(codes([{}]), ['validation_failed', '/changes/0 invalid_change']);
  assert.deepEqual(codes([{ sing: 1 }]), ['unknown_field']);
  for (const odd of [{}, 1, null, [1], [[]], 'x']) assert.notDeepEqual(codes(odd), [], JSON.stringify(odd));
  for (const odd of [undefined, () => 1, Symbol('x'), 1n]) assert.deepEqual(codes(odd), ['invalid_json'], String(odd));
});
