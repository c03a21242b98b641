// The compact form: the same answers as the JSON, handles that can't be mistaken, updates that members follow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Workspace, actionHandle, actions, parseInvites, type Action, type MemberHandle, type Resource, type ResourceHandle } from 'rolecall';
import { build, codeOf, files, file, type Json } from './support/snapshot.ts';

const { snapshot, ids } = build(file('groups'));

/** A copy of the bytes, somewhere in a larger buffer, as a network hands them over. */
function inside(bytes: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(bytes.length + 7);
  buffer.set(bytes, 3);
  return buffer.subarray(3, 3 + bytes.length);
}

/** What a call answers, or the code of what it throws. */
function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

for (const file of files) {
  test(`${file.topic}: bytes answer as the JSON does`, () => {
    const { snapshot, ids } = build(file);
    const json = Workspace.load(snapshot);
    const bytes = Workspace.load(inside(json.toBytes()));
    for (const { member: name, action, resource } of file.cases as { member: string; action: Action; resource?: Resource }[]) {
      const member = ids[name] ?? 'nobody@example.com';
      const asked = (workspace: Workspace) => [
        outcome(() => workspace.can(member, action, resource)),
        outcome(() => workspace.explain(member, action, resource)),
        outcome(() => workspace.members(action, resource)),
        outcome(() => workspace.canByHandle(workspace.memberHandle(member), actionHandle(action), workspace.resourceHandle(resource))),
        outcome(() => [...workspace.canMany(member, action, resource)]),
      ];
      const [can, , , byHandle, many] = asked(json);
      assert.deepEqual(asked(bytes), asked(json));
      if (typeof can === 'boolean') assert.deepEqual([byHandle, many], [can, [can ? 1 : 0]]);
    }
    assert.deepEqual(bytes.toBytes(), json.toBytes());
  });
}

test('every question in lists is answered as one by one, by texts and by numbers', () => {
  const workspace = Workspace.load(snapshot);
  const members = [...Object.values(ids), 'c@example.com', 'nobody@example.com'];
  const resources = [...snapshot.resources.map((one: Json) => one.resource), 'source/*', undefined, 'source/none'];
  const all = members.flatMap((member) => actions().flatMap((action) => resources.map((resource) => [member, action, resource] as const)));
  const asked = all.filter((one) => codeOf(() => workspace.can(...(one as unknown as [string, Action]))) === undefined);
  assert.ok(asked.length > 500, `only ${asked.length}`);
  const single = asked.map(([member, action, resource]) => (workspace.can(member, action, resource as Resource) ? 1 : 0));
  const texts = [asked.map((one) => one[0]), asked.map((one) => one[1]), asked.map((one) => one[2] as Resource)] as const;
  const numbers = [
    Int32Array.from(texts[0], (member) => workspace.memberHandle(member)),
    Int32Array.from(texts[1], actionHandle),
    Int32Array.from(texts[2], (resource) => workspace.resourceHandle(resource)),
  ] as const;
  assert.deepEqual([...workspace.canMany(...texts)], single);
  assert.deepEqual([...workspace.canMany(...numbers)], single);
  assert.deepEqual([...workspace.canMany('c@example.com', ['billing:manage', 'source:edit'], null)], [1, 1]);
  assert.deepEqual([...workspace.canMany([], [], [])], []);
});

test('lists that do not fit together, and questions that cannot be asked, are refused', () => {
  const workspace = Workspace.load(snapshot);
  assert.equal(codeOf(() => workspace.canMany([ids.a!, ids.b!], ['source:edit', 'source:edit', 'source:view'], 'source/web')), 'invalid_length');
  assert.equal(codeOf(() => workspace.canMany([], 'source:edit', 'source/web')), 'invalid_length');
  assert.equal(codeOf(() => workspace.canMany(ids.a!, 'source:edit', ['source/web', 'space/eu'])), 'action_resource_mismatch');
  assert.equal(codeOf(() => workspace.canMany(ids.a!, 'source:eddit' as Action, 'source/web')), 'unknown_action');
  assert.equal(codeOf(() => workspace.canMany([1.5 as MemberHandle], 'source:edit', 'source/web')), 'stale_handle');
});

test('a handle of another snapshot, or none at all, is refused and never taken for somebody else', () => {
  const [one, other] = [Workspace.load(snapshot), Workspace.load(snapshot)];
  const edit = actionHandle('source:edit');
  const [ann, web] = [one.memberHandle(ids.a!), one.resourceHandle('source/web')];
  assert.equal(one.canByHandle(ann, edit, web), one.can(ids.a!, 'source:edit', 'source/web'));
  for (const call of [
    () => other.canByHandle(ann, edit, other.resourceHandle('source/web')),
    () => other.canByHandle(other.memberHandle(ids.a!), edit, web),
    () => one.canByHandle((ann + 1000) as MemberHandle, edit, web),
    () => one.canByHandle(ann, edit, 2 ** 30 as ResourceHandle),
    () => one.canByHandle(-2 as MemberHandle, edit, web),
    () => one.canByHandle(ann, edit, -7 as ResourceHandle),
  ]) {
    assert.equal(codeOf(call), 'stale_handle', String(call));
  }
  assert.equal(codeOf(() => one.canByHandle(ann, 63 as never, web)), 'action_resource_mismatch');
  assert.equal(one.canByHandle(one.memberHandle('nobody@example.com'), edit, web), false);
  assert.equal(one.canByHandle(ann, edit, one.resourceHandle('source/none')), false);
  assert.equal(codeOf(() => one.canByHandle(ann, edit, one.resourceHandle('space/none'))), 'action_resource_mismatch');
});

test('an update moves the workspace and its members, and voids the handles', () => {
  const workspace = Workspace.load(snapshot);
  const b = workspace.member(ids.b!);
  const handle = workspace.memberHandle(ids.b!);
  const before = b.can('billing:manage');
  assert.equal(workspace.update(snapshot), false);
  assert.equal(workspace.canByHandle(handle, actionHandle('billing:manage'), workspace.resourceHandle()), before);
  const next = structuredClone(snapshot);
  next.version = 8;
  next.members = next.members.filter((one: Json) => one.id !== ids.a);
  next.members.find((one: Json) => one.id === ids.b).grants.push({ ...snapshot.members[0].grants[0], expression: 'workspace_owner' });
  assert.equal(workspace.update(Workspace.load(next).toBytes()), true);
  assert.deepEqual([before, b.can('billing:manage'), workspace.version], [false, true, 8]);
  assert.equal(workspace.explain(ids.a!, 'source:view').reason, 'unknown_member');
  assert.equal(codeOf(() => workspace.canByHandle(handle, actionHandle('billing:manage'), workspace.resourceHandle())), 'stale_handle');
  assert.equal(codeOf(() => workspace.update('{')), 'invalid_json');
  assert.deepEqual([b.can('billing:manage'), workspace.version], [true, 8]);
});

test('bytes are taken wherever a snapshot is', () => {
  const bytes = Workspace.load(snapshot).toBytes();
  const csv = 'email,grants\nx@example.com,workspace_member;source_admin@source/web\na@example.com,workspace_member\n';
  assert.deepEqual(parseInvites(csv, { snapshot: bytes }), parseInvites(csv, { snapshot }));
  assert.equal(Workspace.load(bytes.buffer).version, 7);
});

test('what was given back says so, and gives nothing back twice', () => {
  const workspace = Workspace.load(snapshot);
  const member = workspace.member(ids.c!);
  workspace.free();
  workspace.free();
  assert.equal(codeOf(() => workspace.can(ids.c!, 'billing:manage')), 'disposed');
  assert.equal(codeOf(() => workspace.canMany([], [], [])), 'disposed');
  assert.equal(member.can('billing:manage'), true);
  member[Symbol.dispose]();
  assert.equal(codeOf(() => member.can('billing:manage')), 'disposed');
});
