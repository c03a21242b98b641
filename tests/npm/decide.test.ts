// The smaller entry: it answers, and refuses, as the whole package does, and takes the compact bytes alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as whole from 'rolecall';
import * as decide from 'rolecall/decide';
import type { Action, MemberHandle, Resource } from 'rolecall';
import { build, codeOf, file, files } from './support/snapshot.ts';

/** What a call answers, or what it throws, in code and words. */
function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return { code: (error as { code?: string }).code, message: (error as Error).message };
  }
}

/** Questions that can be asked and such that can't. */
const RESOURCES = [undefined, null, 'workspace', 'source/*', 'space/*', 'function/*', 'source/none', 'sauce/x', 'source/', '', 7];
const ACTIONS = [...whole.actions(), 'source:eddit', '', 7];

for (const one of files) {
  test(`${one.topic}: each question is answered as by the whole package`, () => {
    const { snapshot, ids } = build(one);
    const full = whole.Workspace.load(snapshot);
    const small = decide.Workspace.load(full.toBytes());
    const members = [...Object.values(ids), 'A@EXAMPLE.com', 'nobody@example.com', 'ä', ''];
    const resources = [...RESOURCES, ...snapshot.resources.map(({ resource }: { resource: string }) => resource)];
    let asked = 0;
    for (const member of members) {
      for (const action of ACTIONS as Action[]) {
        for (const resource of resources as Resource[]) {
          const by = (ws: { can: typeof full.can }) => outcome(() => ws.can(member, action, resource));
          assert.deepEqual(by(small), by(full), `${member} ${action} ${resource}`);
          asked += 1;
        }
      }
    }
    assert.ok(asked > 1000, `only ${asked}`);
  });
}

const { snapshot, ids } = build(file('groups'));
const bytes = whole.Workspace.load(snapshot).toBytes();

test('members, handles and lists answer as single checks do', () => {
  const ws = decide.Workspace.load(bytes);
  const member = ws.member(ids.c!);
  const [c, web] = [ws.memberHandle(ids.c!), ws.resourceHandle('source/web')];
  for (const action of whole.actions().filter((one) => codeOf(() => ws.can(ids.c!, one, 'source/web')) === undefined)) {
    const wanted = ws.can(ids.c!, action, 'source/web');
    assert.equal(member.can(action, 'source/web'), wanted);
    assert.equal(ws.canByHandle(c, decide.actionHandle(action), web), wanted);
    assert.deepEqual([...ws.canMany([ids.c!, c], action, 'source/web')], [wanted ? 1 : 0, wanted ? 1 : 0]);
  }
  assert.deepEqual(decide.actions(), whole.actions());
});

test('each grant counts, however many a holder has and wherever among them it lies', () => {
  const [most, kinds] = [40, ['a', 'b']];
  const refs = Array.from({ length: most + 1 }, (_, nth) => `source/r${nth}`);
  /** So many grants to see, then grants to edit every third of the same. */
  const grants = (count: number) => refs.slice(0, count).map((ref) => `source_read_only@${ref}`).concat(refs.slice(0, count).filter((_, nth) => nth % 3 === 0).map((ref) => `source_admin@${ref}`));
  const people = Array.from({ length: most + 1 }, (_, count) => count);
  const resources = refs.flatMap((ref) => [{ ref, labels: {}, parent: null }, { ref: ref.replace('source', 'destination'), labels: {}, parent: ref }]);
  const groups = people.map((count) => ({ name: `g${count}`, members: [`b${count}`], grants: grants(count) }));
  const members = Object.fromEntries(people.flatMap((count) => [[`a${count}`, grants(count)], [`b${count}`, []]]));
  const made = build({ workspace: { plan: 'business' }, resources, groups, members });
  const ws = decide.Workspace.load(whole.Workspace.load(made.snapshot).toBytes());
  for (const kind of kinds) {
    for (const count of people) {
      refs.forEach((ref, nth) => {
        const can = (action: Action, on = ref) => ws.can(made.ids[kind + count]!, action, on as Resource);
        const wanted = [nth < count, nth < count && nth % 3 === 0];
        assert.deepEqual([can('source:view'), can('source:edit')], wanted, `${kind} of ${count}: ${ref}`);
        const below = ref.replace('source', 'destination');
        assert.deepEqual([can('destination:view', below), can('destination:edit', below)], wanted, `${kind} of ${count}: ${below}`);
      });
    }
  }
});

test('what only reads like a text is refused, also when that text was asked about before', () => {
  const ws = decide.Workspace.load(bytes);
  const like = (text: string) => ({ toString: () => text }) as unknown as string;
  const asked: [string, Action, Resource][] = [[ids.a!, 'source:edit', 'source/web'], ['7', 'workspace:view', 'source/*']];
  for (const [member, action, resource] of asked) {
    outcome(() => ws.can(member, action, resource));
    assert.equal(codeOf(() => ws.can(like(member), action, resource)), 'invalid_type');
    assert.equal(codeOf(() => ws.can(member, action, like(resource) as Resource)), 'invalid_type');
    assert.equal(codeOf(() => ws.can(member, like(action) as Action, resource)), 'invalid_type');
    assert.equal(codeOf(() => decide.actionHandle(like(action) as Action)), 'unknown_action');
  }
  assert.equal(codeOf(() => ws.can(7 as unknown as string, 'workspace:view')), 'invalid_type');
});

test('however many texts are asked about, known members and resources keep their answers', () => {
  const ws = decide.Workspace.load(bytes);
  const wanted = ws.can(ids.c!, 'source:view', 'source/web');
  for (let turn = 0; turn < 2_000; turn += 1) {
    assert.equal(ws.can(`nobody-${turn}@example.com`, 'source:view', `source/none-${turn}`), false);
    assert.equal(ws.can('__proto__', 'source:view', 'source/__proto__'), false);
    assert.equal(ws.can(ids.c!, 'source:view', 'source/web'), wanted);
  }
});

test('it follows updates, gives its bytes back, and is gone when it is disposed', () => {
  const ws = decide.Workspace.load(bytes);
  const member = ws.member(ids.a!);
  assert.equal(ws.update(bytes), false);
  const [handle, old] = [ws.memberHandle(ids.a!), ws.version];
  const next = whole.Workspace.load({ ...snapshot, version: 8, members: snapshot.members.slice(1) });
  assert.equal(ws.update(next.toBytes()), true);
  assert.deepEqual([old, ws.version, member.can('workspace:view')], [7, 8, false]);
  assert.equal(codeOf(() => ws.canByHandle(handle, decide.actionHandle('workspace:view'), ws.resourceHandle())), 'stale_handle');
  assert.deepEqual(ws.toBytes(), next.toBytes());
  for (const one of [ws, member]) one[Symbol.dispose]();
  assert.equal(codeOf(() => ws.can(ids.a!, 'workspace:view')), 'disposed');
  assert.equal(codeOf(() => ws.canByHandle(0 as MemberHandle, decide.actionHandle('workspace:view'), 0 as never)), 'disposed');
  assert.equal(codeOf(() => member.can('workspace:view')), 'disposed');
});

test('bytes that are not what was written are refused as by the whole package, and JSON says which entry reads it', () => {
  const full = (input: Uint8Array) => outcome(() => void whole.Workspace.load(input));
  const small = (input: Uint8Array) => outcome(() => void decide.Workspace.load(input));
  const half = new DataView(bytes.buffer).getUint32(12, true);
  for (let at = 3; at < half; at += 1) {
    const copy = bytes.slice();
    copy[at]! ^= 1 << (at % 8);
    assert.deepEqual(small(copy), full(copy), `byte ${at}`);
    assert.notEqual(small(copy), undefined, `byte ${at}`);
  }
  for (let length = 4; length < bytes.length; length += 7) assert.deepEqual(small(bytes.subarray(0, length)), full(bytes.subarray(0, length)));
  for (const input of [snapshot, JSON.stringify(snapshot), new Uint8Array(9), 7, null]) {
    assert.equal(codeOf(() => decide.Workspace.load(input as Uint8Array)), 'invalid_type');
  }
});
