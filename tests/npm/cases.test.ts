// tests/cases through the package: each file becomes a snapshot, each case one explanation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Workspace, type Decision, type ResourceType } from 'rolecall';
import { build, codeOf, files, id, type Json } from './support/snapshot.ts';

/** A reason in the words of a case. Reasons have no order among themselves. */
function told(reasons: Json[]): string[] {
  const words = ({ id, via, ...rest }: Json) => ({ ...rest, via: via.group === undefined ? via : { group: via.group.name ?? via.group } });
  return reasons.map((one) => JSON.stringify(Object.fromEntries(Object.entries(words(one)).sort()))).sort();
}

function agree(answer: Decision, { name, ...wanted }: Json) {
  assert.equal(answer.allowed, wanted.allowed, name);
  if (wanted.because !== undefined) assert.deepEqual(told(answer.because), told(wanted.because), name);
  if (wanted.dormant !== undefined) assert.deepEqual(told(answer.dormant), told(wanted.dormant), name);
  if (wanted.missing !== undefined) assert.deepEqual(answer.missing, wanted.missing, name);
  if (wanted.reason !== undefined) assert.equal(answer.reason ?? null, wanted.reason, name);
}

for (const file of files) {
  test(`${file.topic}: ${file.cases.length} cases in the package`, () => {
    const { snapshot, ids } = build(file);
    const workspace = Workspace.load(snapshot);
    for (const one of file.cases) {
      const member = ids[one.member] ?? id('acc', 500);
      const ask = () => workspace.explain(member, one.action, one.resource);
      if (one.error !== undefined) {
        assert.equal(codeOf(ask), one.error, one.name);
        assert.equal(codeOf(() => workspace.can(member, one.action, one.resource)), one.error, one.name);
        continue;
      }
      agree(ask(), one);
      assert.equal(workspace.can(member, one.action, one.resource), one.allowed, one.name);
      const rows = workspace.members(one.action, one.resource);
      const found = rows.find((row) => row.member.id === member);
      assert.equal(found !== undefined, one.allowed, `members: ${one.name}`);
      if (one.because !== undefined && found !== undefined) assert.deepEqual(told(found.because), told(one.because), one.name);
    }
  });

  test(`${file.topic}: a list holds what single checks allow`, () => {
    const { snapshot, ids } = build(file);
    const workspace = Workspace.load(snapshot);
    for (const member of Object.values(ids)) {
      const handle = workspace.member(member);
      for (const type of ['source', 'destination', 'space'] as ResourceType[]) {
        const action = `${type}:edit` as 'source:edit';
        const all = snapshot.resources.map((one: Json) => one.resource).filter((one: string) => one.startsWith(`${type}/`)).sort();
        const allowed = all.filter((one: string) => handle.can(action, one as 'source/abc'));
        assert.deepEqual(handle.list(action, type).map((row) => row.resource).sort(), allowed);
      }
    }
  });
}

test('a member is found by id and by address in any case, and somebody else is unknown', () => {
  const { snapshot, ids } = build(files.find((one) => one.topic === 'groups'));
  const workspace = Workspace.load(snapshot);
  for (const key of [ids.c!, 'c@example.com', 'C@Example.com']) assert.equal(workspace.can(key, 'billing:manage'), true, key);
  for (const key of ['nobody@example.com', id('acc', 500), 'x', '']) {
    assert.deepEqual(workspace.explain(key, 'billing:manage').reason, 'unknown_member', key);
    assert.deepEqual(workspace.member(key).list('source:view', 'source'), []);
  }
});
