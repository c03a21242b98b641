// Loading: in each form, and broken at many places; what can't be read is always an `Error` with a code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Workspace, actions, catalog, parseGrant } from 'rolecall';
import { build, codeOf, file, type Json } from './support/snapshot.ts';

const { snapshot, ids } = build(file('groups'));
const text = JSON.stringify(snapshot);
const ask = (workspace: Workspace) => workspace.explain(ids.a!, 'source:edit', 'source/web');

test('the object, its text and its bytes load alike', () => {
  const bytes = new TextEncoder().encode(text);
  const [first, ...others] = [snapshot, text, bytes, bytes.buffer].map((form) => Workspace.load(form));
  assert.equal(first!.version, 7);
  for (const other of others) assert.deepEqual(ask(other), ask(first!));
});

test('members of the JSON that this version does not know are left out', () => {
  assert.equal(Workspace.load({ ...snapshot, tomorrow: 1, members: snapshot.members.map((one: Json) => ({ ...one, x: 1 })) }).version, 7);
});

test('a text that ends early is refused with a code, wherever it ends', () => {
  for (let end = 0; end < text.length; end += 7) {
    assert.ok(codeOf(() => Workspace.load(text.slice(0, end)))?.match(/^[a-z_]+$/), `at ${end}`);
  }
});

test('a text with a byte changed loads or is refused with a code', () => {
  const bytes = new TextEncoder().encode(text);
  let refused = 0;
  for (let at = 0; at < bytes.length; at += 3) {
    for (const byte of [0x00, 0x22, 0x2d, 0x7b, 0xff]) {
      const broken = bytes.slice();
      broken[at] = byte;
      const code = codeOf(() => Workspace.load(broken).can(ids.a!, 'source:edit', 'source/web'));
      if (code !== undefined) refused += 1;
      assert.match(code ?? 'fine', /^[a-z_]+$/, `at ${at}`);
    }
  }
  assert.ok(refused > bytes.length / 2, `only ${refused} refused`);
});

/** Every path to a value in the snapshot. */
function* places(value: Json, path: (string | number)[] = []): Generator<(string | number)[]> {
  yield path;
  if (value === null || typeof value !== 'object') return;
  for (const key of Object.keys(value)) yield* places(value[key], [...path, Array.isArray(value) ? Number(key) : key]);
}

/** A copy with another value at a path; without it when the value is `undefined`. */
function replaced(path: (string | number)[], value: unknown): Json {
  const root = { copy: structuredClone(snapshot) };
  let holder: Json = root;
  const steps = ['copy', ...path];
  for (const step of steps.slice(0, -1)) holder = holder[step];
  if (value === undefined) delete holder[steps.at(-1)!];
  else holder[steps.at(-1)!] = value;
  return root.copy;
}

test('each value replaced by each kind of another loads or is refused with a code', () => {
  const others = [null, true, -1, 1.5, 2 ** 60, 1e300, '', 'x', '\u0000', '😀'.repeat(300), [], {}, [[]], undefined];
  let refused = 0;
  let tried = 0;
  for (const path of places(snapshot)) {
    for (const other of others) {
      const bad = replaced(path, other);
      const code = codeOf(() => ask(Workspace.load(bad)));
      tried += 1;
      if (code !== undefined) refused += 1;
      assert.match(code ?? 'fine', /^[a-z_]+$/, `${path.join('/')}: ${JSON.stringify(other)}`);
    }
  }
  assert.ok(refused > tried / 2, `only ${refused} of ${tried} refused`);
});

test('what is wrong has its place and the code of the API', () => {
  for (const [path, value, code] of [
    [['members', 0, 'grants', 0, 'expression'], 'boss', 'unknown_role'],
    [['members', 0, 'grants', 0, 'expression'], 'source_admin@', 'invalid_grant'],
    [['groups', 0, 'grants', 0, 'expression'], 'workspace_owner@source/x', 'scope_not_allowed'],
    [['members', 0, 'id'], 'x', 'invalid_id'],
    [['members', 0, 'email'], 'x', 'invalid_email'],
    [['resources', 0, 'resource'], 'sauce/x', 'invalid_resource'],
    [['workspace', 'plan'], 'gold', 'invalid_plan'],
    [['members'], {}, 'invalid_type'],
    [['version'], undefined, 'required'],
  ] as const) {
    const load = () => Workspace.load(replaced([...path], value));
    assert.throws(load, { name: 'Error', code, path: `/${path.join('/')}` });
  }
});

test('what is no snapshot is refused with a code', () => {
  const ring: Json = {};
  ring.ring = ring;
  for (const odd of [undefined, null, 1, true, Symbol('x'), 1n, () => 1, [], {}, ring, '', '{', '['.repeat(100_000), new Uint8Array(8)]) {
    assert.match(String(codeOf(() => Workspace.load(odd as object))), /^[a-z_]+$/, typeof odd);
  }
});

test('arguments of another type are refused with a code', () => {
  const workspace: Json = Workspace.load(snapshot);
  const handle = workspace.member(ids.a);
  for (const odd of [undefined, null, 1, {}, [], Symbol('x'), 1n]) {
    assert.equal(codeOf(() => workspace.member(odd)), 'invalid_type');
    assert.equal(codeOf(() => workspace.can(ids.a, odd, 'source/web')), 'invalid_type');
    assert.equal(codeOf(() => handle.list('source:edit', odd)), 'invalid_type');
    assert.equal(codeOf(() => parseGrant(odd as string)), 'invalid_type');
  }
  assert.equal(codeOf(() => handle.can('source:eddit', 'source/web')), 'unknown_action');
  assert.equal(codeOf(() => handle.can('source:edit', 'space/eu')), 'action_resource_mismatch');
  assert.equal(codeOf(() => handle.can('source:edit', 'x')), 'invalid_resource');
  assert.equal(codeOf(() => handle.list('source:edit', 'space')), 'action_resource_mismatch');
});

test('a grant is read, and the catalog has every role', () => {
  const { expression, scope, role } = parseGrant('source_admin@{environment:prod}');
  assert.deepEqual([expression, role, scope], ['source_admin@{environment:prod}', 'source_admin', { kind: 'labels', labels: { environment: 'prod' } }]);
  assert.equal(catalog().length, 19);
  assert.ok(actions().includes('source:edit'));
});

test('a workspace can be given back, and its members live on', () => {
  const workspace = Workspace.load(snapshot);
  const handle = workspace.member(ids.c!);
  workspace[Symbol.dispose]();
  assert.equal(handle.can('billing:manage'), true);
  assert.throws(() => workspace.can(ids.c!, 'billing:manage'), Error);
});
