// AuthZEN on real workerd: discovery, a decision, several, the three searches, and the id of a request.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Worker, type Answer, type Json, type Tenant } from './support/worker.ts';

let worker: Worker;
let acme: Tenant;
let ann: string;
before(async () => {
  worker = await Worker.start();
  acme = await worker.tenant('acme');
  for (const id of ['one', 'two']) await acme.call('PUT', `/resources/source/${id}`, { name: id });
  ann = (await acme.member('ann@example.com', ['workspace_member', 'source_read_only@source/one'])).id;
});
after(() => worker.stop());

const QUESTION = { subject: { type: 'user', id: 'ann@example.com' }, action: { name: 'source:view' }, resource: { type: 'source', id: 'one' } };

function ask(path: string, body: Json, headers: Record<string, string> = {}): Promise<Answer> {
  return worker.call('POST', path, acme.token, body, headers);
}

test('what the configuration names answers', async () => {
  const { status, body } = await worker.call('GET', '/.well-known/authzen-configuration', null);
  assert.equal(status, 200);
  assert.equal(body.policy_decision_point, worker.url);
  for (const [name, url] of Object.entries<string>(body).filter(([name]) => name.endsWith('_endpoint'))) {
    const answer = await ask(url.slice(worker.url.length), QUESTION, { 'x-request-id': 'pep-1' });
    assert.equal(answer.status, 200, `${name}: ${JSON.stringify(answer.body)}`);
    assert.equal(answer.headers.get('x-request-id'), 'pep-1', name);
  }
});

test('one decision and several carry their reasons', async () => {
  const allowed = await ask('/access/v1/evaluation', QUESTION);
  assert.deepEqual([allowed.body.decision, allowed.body.context.reason.because[0].grant], [true, 'source_read_only@source/one']);
  const ids = ['one', 'two', 'none'].map((id) => ({ resource: { type: 'source', id } }));
  const several = await ask('/access/v1/evaluations', { ...QUESTION, evaluations: ids });
  assert.deepEqual(several.body.evaluations.map((it: Json) => it.decision), [true, false, false]);
  assert.deepEqual(several.body.evaluations[1].context.reason.missing[0], ['source_read_only@source/two']);
  const first = await ask('/access/v1/evaluations', { ...QUESTION, evaluations: ids, options: { evaluations_semantic: 'permit_on_first_permit' } });
  assert.equal(first.body.evaluations.length, 1);
});

test('searches find who, what and which', async () => {
  const subjects = await ask('/access/v1/search/subject', QUESTION);
  assert.deepEqual(subjects.body.results.map((it: Json) => it.id).sort(), [ann, acme.owner].sort());
  const resources = await ask('/access/v1/search/resource', QUESTION);
  assert.deepEqual(resources.body.results, [{ type: 'source', id: 'one' }]);
  const actions = await ask('/access/v1/search/action', QUESTION);
  assert.deepEqual(actions.body, { results: [{ name: 'source:view' }], page: { next_token: '', count: 1 } });
});

test('what is malformed is a 400', async () => {
  const { subject, ...rest } = QUESTION;
  for (const path of ['evaluation', 'evaluations', 'search/subject', 'search/resource', 'search/action']) {
    assert.equal((await ask(`/access/v1/${path}`, rest)).status, 400, path);
  }
  assert.equal((await ask('/access/v1/evaluation', '{')).status, 400);
});
