// The main job on real workerd with D1: the README's own commands, and the same by hand with what surrounds it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { after, before, test } from 'node:test';
import { Worker } from './support/worker.ts';

let worker: Worker;
before(async () => void (worker = await Worker.start()));
after(() => worker.stop());

test("the README's own commands work", () => {
  const readme = readFileSync('README.md', 'utf8');
  const walk = readme.split('<!-- walk -->')[1]?.split('<!-- /walk -->')[0] ?? '';
  const blocks = [...walk.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]);
  assert.ok(blocks.length > 0, 'README has a walk');
  const env = { ...process.env, URL: worker.url };
  const run = spawnSync('bash', ['-euo', 'pipefail', '-c', blocks.join('\n')], { env, encoding: 'utf8', timeout: 60_000 });
  assert.equal(run.status, 0, run.stdout + run.stderr);
});

test('invite, accept, check, remove', async () => {
  const acme = await worker.tenant('journey');
  assert.equal((await acme.call('PUT', '/resources/source/abc', { name: 'Website' })).status, 201);
  const ann = await acme.member('ann@example.com', ['workspace_member', 'source_read_only@source/abc']);
  const me = await worker.call('GET', '/v1/me', null, undefined, { cookie: ann.cookie });
  assert.equal(me.body.account.email, 'ann@example.com');

  const check = async (action: string) => (await acme.call('POST', '/check', { member: ann.id, action, resource: 'source/abc' })).body;
  const view = await check('source:view');
  assert.deepEqual([view.allowed, view.because[0].grant, view.because[0].via], [true, 'source_read_only@source/abc', 'direct']);
  const edit = await check('source:edit');
  assert.deepEqual([edit.allowed, edit.because, edit.missing[0]], [false, [], ['source_admin@source/abc']]);

  assert.equal((await acme.as(ann.cookie, 'GET', '/members/me')).status, 200);
  assert.equal((await acme.call('DELETE', `/members/${ann.id}`)).status, 204);
  assert.equal((await acme.as(ann.cookie, 'GET', '/members/me')).status, 404, 'her session is nobody here from the next request on');
  assert.equal((await check('source:view')).reason, 'unknown_member');
  const last = await acme.call('DELETE', `/members/${acme.owner}`);
  assert.deepEqual([last.status, last.body.code], [409, 'last_owner']);
});

test('groups and labels work on D1', async () => {
  const acme = await worker.tenant('groups');
  await acme.call('PUT', '/resources/source/abc', { name: 'Website', labels: { environment: 'prod' } });
  const ann = await acme.member('ann@example.com', ['workspace_member']);
  const made = await acme.call('POST', '/groups', { name: 'Web', grants: ['source_admin@{environment:prod}'] });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.equal((await acme.call('POST', `/groups/${made.body.id}/members`, { members: ['ann@example.com'] })).status, 200);
  const view = await acme.call('POST', '/check', { member: ann.id, action: 'source:edit', resource: 'source/abc' });
  assert.deepEqual([view.body.allowed, view.body.because[0].via.group.name], [true, 'Web']);
  const label = await acme.call('DELETE', '/labels/environment/prod');
  assert.deepEqual([label.status, label.body.code], [409, 'label_in_use']);
});

test('bad input gets a clear problem and writes nothing', async () => {
  const acme = await worker.tenant('bad');
  const rows = () => worker.rows('SELECT (SELECT count(*) FROM invites) i, (SELECT count(*) FROM grants) g, (SELECT count(*) FROM audit_events) a');
  const invite = (one: object) => ({ invites: [{ email: 'ann@example.com', grants: ['workspace_member'], ...one }] });
  const cases: [string, unknown, number, string, string?][] = [
    ['malformed JSON', '{"invites": [', 400, 'invalid_json'],
    ['an unknown field', invite({ role: 'x' }), 422, 'unknown_field', '/invites/0/role'],
    ['a bad e-mail', invite({ email: 'ann' }), 422, 'invalid_email', '/invites/0/email'],
    ['a bad grant', invite({ grants: ['workspace_member', 'source_admin@source/a b'] }), 422, 'invalid_grant', '/invites/0/grants/1'],
    ['an unknown role', invite({ grants: ['boss'] }), 422, 'unknown_role', '/invites/0/grants/0'],
    ['a scope that the role does not take', invite({ grants: ['workspace_owner@source/abc'] }), 422, 'scope_not_allowed', '/invites/0/grants/0'],
    ['an unknown resource', invite({ grants: ['workspace_member', 'source_admin@source/nope'] }), 422, 'unknown_resource', '/invites/0/grants/1'],
    ['no workspace role', invite({ grants: ['source_admin'] }), 422, 'workspace_role_required', '/invites/0/grants'],
  ];
  const before = rows();
  for (const [name, body, status, code, path] of cases) {
    const answer = await acme.call('POST', '/invites', body);
    assert.equal(answer.status, status, `${name}: ${JSON.stringify(answer.body)}`);
    const found = path === undefined ? answer.body.code : answer.body.errors[0].code;
    assert.deepEqual([found, answer.body.errors?.[0]?.path], [code, path], name);
  }
  assert.match((await acme.call('POST', '/invites', cases[3][1])).body.detail, /position 20/);
  assert.deepEqual(rows(), before);
});

test('conventions: 405 names the methods, strangers get the 404 of nothing, requests have ids', async () => {
  const [one, two] = [await worker.tenant('one'), await worker.tenant('two')];
  const put = await worker.call('PUT', '/v1/me', one.token, {});
  assert.deepEqual([put.status, put.headers.get('allow')], [405, 'GET, HEAD']);
  const strip = ({ request_id, ...rest }: Record<string, unknown>) => rest;
  const theirs = await one.call('GET', `/members/${two.owner}`);
  const nobody = await one.call('GET', '/members/acc_00000000000000000000000000');
  assert.equal(theirs.status, 404);
  assert.deepEqual(strip(theirs.body), strip(nobody.body));
  const foreign = await two.call('GET', '', undefined, one.token);
  const random = await worker.call('GET', '/v1/workspaces/ws_00000000000000000000000000', one.token);
  assert.deepEqual([foreign.status, strip(foreign.body)], [404, strip(random.body)]);
  assert.match(theirs.headers.get('x-request-id') ?? '', /^req_/);
  assert.equal(theirs.headers.get('x-request-id'), theirs.body.request_id);
});

test('the Worker stays under 880 KB gzipped', () => {
  const files = ['build/index_bg.wasm', 'build/index.js'].map((file) => readFileSync(file));
  const size = gzipSync(Buffer.concat(files), { level: 9 }).length;
  assert.ok(size <= 880_000, `${size} bytes`);
});
