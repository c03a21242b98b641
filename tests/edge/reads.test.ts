// What is read and compared on real D1: conditions under races, the record by index, the snapshot, seats and activity.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Worker, type Answer, type Json } from './support/worker.ts';

let worker: Worker;
before(async () => void (worker = await Worker.start()));
after(() => worker.stop());

const MEMBER = ['workspace_member'];

test('of many writers with one version one wins, and the others hear of it', async () => {
  const acme = await worker.tenant('writers');
  const { id } = await acme.member('ann@example.com', MEMBER);
  const { headers } = await acme.call('GET', '/snapshot');
  const condition = { 'if-match': headers.get('etag') ?? '' };
  const roles = ['source_admin', 'source_read_only', 'function_admin', 'warehouse_admin', 'identity_admin', 'engage_admin'];
  const grant = (role: string) => acme.call('POST', `/members/${id}/grants`, { grants: [role] }, acme.token, condition);
  const answers = await Promise.all(roles.map(grant));
  const statuses = answers.map((answer) => answer.status).sort();
  assert.deepEqual(statuses, [200, 412, 412, 412, 412, 412]);
  const lost = answers.find((answer) => answer.status === 412);
  assert.equal(lost?.body.code, 'version_conflict');
  const member = await acme.call('GET', `/members/${id}`);
  assert.equal(member.body.grants.length, 2);
});

test('a tag of a read is the tag that a write takes', async () => {
  const acme = await worker.tenant('tags');
  const { id } = await acme.member('ann@example.com', MEMBER);
  const tag = (await acme.call('GET', `/members/${id}`)).headers.get('etag') ?? '';
  await acme.call('PUT', '/resources/source/unrelated', { name: 'x' });
  const rename = () => acme.call('PATCH', `/members/${id}`, { name: 'Ann' }, acme.token, { 'if-match': tag });
  assert.equal((await rename()).status, 200);
  assert.equal((await rename()).status, 412);
});

test('the record is read by each filter, in pages and as files', async () => {
  const acme = await worker.tenant('record');
  const { id } = await acme.member('ann@example.com', MEMBER);
  await acme.call('PATCH', `/members/${id}`, { name: '=1+1' });
  const types = async (query: string) => {
    const answer: Answer = await acme.call('GET', `/audit-events?${query}`);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body.data.map((event: Json) => event.type).join(' ');
  };
  assert.equal(await types(`subject=${id}`), 'member.updated member.joined');
  assert.equal(await types('actor=owner%40record.example'), 'member.updated invite.sent');
  assert.equal(await types('type=member.joined'), 'member.joined');
  assert.equal(await types(`type=member.joined&actor=${id}&subject=${id}&since=2020-01-01T00:00:00Z`), 'member.joined');
  assert.equal(await types('until=2020-01-01T00:00:00Z'), '');
  const first = await acme.call('GET', '/audit-events?limit=1');
  assert.equal(await types(`limit=1&cursor=${first.body.next_cursor}`), (await types('limit=200')).split(' ')[1]);
  const file = (accept: string) => acme.call('GET', '/audit-events', undefined, acme.token, { accept });
  const csv = await file('text/csv');
  assert.deepEqual([csv.status, csv.headers.get('content-type')], [200, 'text/csv; charset=utf-8']);
  assert.equal(csv.body.trimEnd().split('\r\n').length, 6);
  const lines = await file('application/x-ndjson');
  assert.equal(lines.body.trimEnd().split('\n').map((line: string) => JSON.parse(line)).length, 5);
});

test('the snapshot holds the workspace, seats are told, and who was here is noted', async () => {
  const acme = await worker.tenant('whole');
  const { id, cookie } = await acme.member('ann@example.com', MEMBER);
  await acme.call('PUT', '/resources/source/web', { name: 'Web', labels: { team: 'web' } });
  const group = await acme.call('POST', '/groups', { name: 'Web', grants: ['source_admin@{team:web}'] });
  await acme.call('POST', `/groups/${group.body.id}/members`, { members: [id] });
  await acme.invite('ben@example.com', MEMBER);
  const whole = await acme.call('GET', '/snapshot');
  assert.equal(whole.status, 200, JSON.stringify(whole.body));
  const { version, members, invites, groups, resources, seats } = whole.body;
  assert.equal(whole.headers.get('etag'), `"${version}"`);
  assert.deepEqual([members.length, invites.length, groups.length, resources.length], [2, 1, 1, 1]);
  assert.deepEqual(seats, { active: 2, pending: 1, limit: null });
  assert.deepEqual((await acme.call('GET', '/seats')).body, { ...seats, inactive: 0 });
  const known = await acme.call('GET', '/snapshot', undefined, acme.token, { 'if-none-match': `"${version}"` });
  assert.deepEqual([known.status, known.body], [304, null]);
  const own = await acme.as(cookie, 'GET', '/snapshot?member=me');
  assert.deepEqual([own.body.members.length, own.body.groups.length, own.body.resources.length, own.body.seats], [1, 1, 1, null]);
  const made = await acme.call('POST', '/tokens', { name: 'ci', actions: ['member:view'] });
  await acme.call('GET', '/members', undefined, made.body.secret);
  const token = await acme.call('GET', `/tokens/${made.body.id}`);
  assert.equal(typeof token.body.last_used_at, 'string');
  const owner = await acme.call('GET', '/members/me');
  assert.equal(typeof owner.body.last_active_at, 'string');
});
