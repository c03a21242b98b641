// Bytes that were damaged or made up: an `Error` with a code, never a panic, and never a yes that the honest bytes refuse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Workspace, actionHandle, type Action, type Resource } from 'rolecall';
import { build, codeOf, file } from './support/snapshot.ts';

/** How many damaged copies are tried, and how long at most. */
const [MUTATIONS, SECONDS] = [1_000_000, 60];

const { snapshot, ids } = build(file('groups'));
const honest = Workspace.load(snapshot);
const bytes = honest.toBytes();
const asked = (['source:edit', 'source:delete', 'billing:manage', 'member:remove'] as Action[]).flatMap((action) =>
  Object.values(ids).map((member) => [member, action, action.startsWith('source') ? 'source/web' : undefined] as [string, Action, Resource | undefined]),
);

/** The same numbers in each run. */
function dice(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Damages a copy in one of the ways that storage, networks and people do. */
function damage(roll: (below: number) => number): Uint8Array {
  const copy = bytes.slice();
  const at = roll(copy.length);
  switch (roll(6)) {
    case 0: return copy.subarray(0, at);
    case 1: copy[at]! ^= 1 << roll(8); return copy;
    case 2: copy[at] = roll(256); copy[roll(copy.length)] = roll(256); return copy;
    case 3: copy.copyWithin(at, roll(copy.length), roll(copy.length)); return copy;
    case 4: new DataView(copy.buffer).setUint32(Math.min(at, copy.length - 4), [0, 1, 0x7fffffff, 0xffffffff, roll(2 ** 31)][roll(5)]!, true); return copy;
    default: return Uint8Array.from([...copy, ...copy.subarray(0, at)]);
  }
}

function isSame(copy: Uint8Array): boolean {
  return copy.length === bytes.length && copy.every((byte, at) => byte === bytes[at]);
}

/** Loads a damaged copy and asks it; true when it loaded. */
function survives(copy: Uint8Array): boolean {
  let workspace: Workspace | undefined;
  const code = codeOf(() => {
    workspace = Workspace.load(copy);
  });
  if (workspace === undefined) {
    assert.match(code!, /^[a-z_]+$/);
    return false;
  }
  // The history has a checksum of its own, which is asked when a reason is.
  for (const question of asked) assert.equal(workspace.can(...question), honest.can(...question));
  workspace.free();
  return true;
}

test('a million damaged snapshots are refused or decide as the honest one does', () => {
  const roll = dice(2026);
  const until = performance.now() + SECONDS * 1000;
  let [tried, loaded] = [0, 0];
  while (tried < MUTATIONS && (tried % 1000 !== 0 || performance.now() < until)) {
    const copy = damage(roll);
    if (survives(copy) && !isSame(copy)) loaded += 1;
    tried += 1;
  }
  console.log(`${tried} damaged snapshots, ${loaded} of them in their history alone`);
  assert.ok(tried >= 20_000, `only ${tried} in ${SECONDS} s`);
});

test('a history that was damaged is found out when a reason is asked', () => {
  const half = new DataView(bytes.buffer).getUint32(12, true);
  for (let at = half; at < bytes.length; at += 11) {
    const copy = bytes.slice();
    copy[at]! ^= 0x10;
    const workspace = Workspace.load(copy);
    assert.equal(workspace.can(...asked[0]!), honest.can(...asked[0]!));
    for (const call of [() => workspace.explain(...asked[0]!), () => workspace.members('source:edit'), () => workspace.apply([])]) {
      assert.equal(codeOf(call), 'snapshot_damaged', `byte ${at}`);
    }
    workspace.free();
  }
});

test('bytes of another version say that the package is too old', () => {
  const copy = bytes.slice();
  copy[3] = 9;
  assert.equal(codeOf(() => Workspace.load(copy)), 'snapshot_version');
  assert.equal(codeOf(() => Workspace.load(bytes.subarray(0, 15))), 'snapshot_truncated');
});

type Memory = { buffer: ArrayBuffer };
type Made = { exports: { memory: Memory } };

/** The package once more, and the memory of its wasm, which it shows nobody. */
async function ownCopy(): Promise<{ module: typeof import('rolecall'); memory: Memory }> {
  const wasm: { Instance: new (...parts: unknown[]) => Made } = Reflect.get(globalThis, 'WebAssembly');
  const { Instance } = wasm;
  const made: Made[] = [];
  wasm.Instance = class extends Instance {
    constructor(...parts: unknown[]) {
      super(...parts);
      made.push(this);
    }
  };
  const module = await import(new URL('../../pkg/node.js?once-more', import.meta.url).href);
  wasm.Instance = Instance;
  return { module, memory: made[0]!.exports.memory };
}

test('ten thousand workspaces that come and go leave the memory as it was', async () => {
  const { module: { Workspace, actionHandle }, memory } = await ownCopy();
  const cycle = () => {
    const workspace = Workspace.load(bytes);
    const member = workspace.member(ids.a!);
    workspace.canByHandle(workspace.memberHandle(ids.b!), actionHandle('source:edit'), workspace.resourceHandle('source/web'));
    member.explain('source:edit', 'source/web');
    const next = workspace.apply([]);
    next.update(bytes);
    workspace.preview([{ grant: 'source_admin@source/web', to: ids.a! }]);
    codeOf(() => Workspace.load(bytes.subarray(0, 100)));
    for (const one of [next, member, workspace]) one[Symbol.dispose]();
  };
  for (let round = 0; round < 200; round += 1) cycle();
  const before = memory.buffer.byteLength;
  for (let round = 0; round < 10_000; round += 1) cycle();
  assert.equal(memory.buffer.byteLength, before);
});
