// tests/cases through the package in Node. The same runs in Chromium and in workerd: tests/consumers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Workspace } from 'rolecall';
import { inCases, inLists } from './support/agree.ts';
import { build, files, id } from './support/snapshot.ts';

for (const file of files) {
  test(`${file.topic}: ${file.cases.length} cases in the package`, () => assert.deepEqual(inCases({ Workspace }, file), []));
  test(`${file.topic}: a list holds what single checks allow`, () => assert.deepEqual(inLists({ Workspace }, file), []));
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
