// The compact snapshot over HTTP on real workerd: the package decides on its bytes as the API does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Workspace } from 'rolecall';
import { Worker } from './support/worker.ts';

const MEDIA_TYPE = 'application/vnd.rolecall.snapshot';

let worker: Worker;
before(async () => void (worker = await Worker.start()));
after(() => worker.stop());

test('the bytes that the Worker answers decide as its checks do, and a known version is a 304', async () => {
  const acme = await worker.tenant('compact');
  await acme.call('PUT', '/resources/source/web', { name: 'Web' });
  const { id } = await acme.member('ann@example.com', ['workspace_member', 'source_admin@source/web']);
  const url = `${worker.url}/v1/workspaces/${acme.id}/snapshot`;
  const headers = { authorization: `Bearer ${acme.token}`, accept: MEDIA_TYPE };
  const answer = await fetch(url, { headers });
  assert.deepEqual([answer.status, answer.headers.get('content-type'), answer.headers.get('vary')], [200, MEDIA_TYPE, 'accept']);
  const workspace = Workspace.load(await answer.arrayBuffer());
  assert.equal(answer.headers.get('etag'), `"${workspace.version}"`);
  for (const [action, resource] of [['source:edit', 'source/web'], ['source:create', undefined], ['member:view', undefined]] as const) {
    const { body } = await acme.call('POST', '/check', { member: id, action, resource });
    assert.deepEqual(workspace.explain(id, action, resource), body);
    assert.equal(workspace.can(id, action, resource), body.allowed);
  }
  const again = await fetch(url, { headers: { ...headers, 'if-none-match': `"${workspace.version}"` } });
  assert.equal(again.status, 304);
});
