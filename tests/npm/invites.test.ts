// Files of invites: the row report of a dry run, with a snapshot and without.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInvites } from 'rolecall';
import { build, codeOf, file } from './support/snapshot.ts';

const { snapshot } = build(file('groups'));
const CSV = [
  'email,name,grants,groups',
  'one@example.com,"Lee, Ann",workspace_member;source_admin@source/web,Read',
  'one@example.com,,workspace_member,',
  'd@example.com,,workspace_member,',
  'ivy@example.com,,workspace_member,',
  'not-an-address,,workspace_member,',
  'two@example.com,,sauce_admin,',
  'three@example.com,,source_admin,',
  'four@example.com,,workspace_member;source_admin@source/none,',
  'five@example.com,,workspace_member,No such group',
  'six@example.com,,workspace_member',
].join('\r\n');

const rows = (options?: { snapshot: object }) =>
  parseInvites(CSV, options).rows.map((row) => [row.line, row.outcome, ...row.errors.map((error) => `${error.column} ${error.code}`)]);

test('with a snapshot each row is checked as the API checks it', () => {
  assert.deepEqual(rows({ snapshot }), [
    [2, 'invited'],
    [3, 'duplicate'],
    [4, 'already_member'],
    [5, 'already_invited'],
    [6, 'invalid', 'email invalid_email'],
    [7, 'invalid', 'grants unknown_role'],
    [8, 'invalid', 'grants workspace_role_required'],
    [9, 'invalid', 'grants unknown_resource'],
    [10, 'invalid', 'groups unknown_group'],
    [11, 'invalid', 'null ragged_row'],
  ]);
  const { summary } = parseInvites(CSV, { snapshot });
  assert.deepEqual(summary, { invited: 1, already_member: 1, already_invited: 1, duplicate: 1, invalid: 6, total: 10 });
});

test('without one, only what the file itself tells is checked', () => {
  const wanted = ['invited', 'duplicate', 'invited', 'invited', 'invalid', 'invalid', 'invalid', 'invited', 'invited', 'invalid'];
  assert.deepEqual(rows().map((row) => row[1]), wanted);
});

test('seats run out in the order of the rows', () => {
  const full = { ...snapshot, workspace: { ...snapshot.workspace, seat_limit: snapshot.seats.active + 2 } };
  const report = parseInvites('email,grants\na@x.org,workspace_member\nb@x.org,workspace_member\n', { snapshot: full });
  assert.deepEqual(report.rows.map((row) => [row.outcome, row.errors[0]?.code]), [['invited', undefined], ['invalid', 'seat_limit_reached']]);
});

test('a file that cannot be used says why', () => {
  for (const [csv, code] of [
    ['email,grants\n"a', 'invalid_csv'],
    [new Uint8Array([0xff, 0xfe, 0x61, 0]), 'invalid_csv'],
    [new Uint8Array([0x61, 0xff, 0x80]), 'invalid_csv'],
    ['', 'validation_failed'],
    ['email,grants\n', 'validation_failed'],
    ['email;grants\na;b', 'validation_failed'],
    [`email,grants\n${'a@x.org,workspace_member\n'.repeat(10_001)}`, 'payload_too_large'],
    [7 as unknown as string, 'invalid_type'],
    [undefined as unknown as string, 'invalid_type'],
  ] as const) {
    assert.equal(codeOf(() => parseInvites(csv)), code, String(csv).slice(0, 40));
  }
  assert.equal(codeOf(() => parseInvites(CSV, { snapshot: {} })), 'required');
  const bytes = new TextEncoder().encode(`\ufeff${CSV}`);
  assert.deepEqual(parseInvites(bytes, { snapshot }), parseInvites(CSV, { snapshot }));
});

test('addresses of other scripts are lowered and checked as the API does it', () => {
  const addresses = ['JOSÉ.ΟΔΟΣ@CAFÉ.ÇOM', 'josé.οδος@café.çom', 'a@中国.٣٤', 'a@b.😀', 'a@😀.com', 'İ@É.É'];
  const { rows } = parseInvites(`email,grants\n${addresses.map((email) => `${email},workspace_member`).join('\n')}`);
  assert.deepEqual(rows.map((row) => row.outcome), ['invited', 'duplicate', 'invited', 'invalid', 'invalid', 'invited']);
});
