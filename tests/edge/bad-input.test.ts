// Bad bodies on each writing route, on real workerd: a clear problem each, the place it is at, and no row written.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BOOTSTRAP, Worker, type Answer, type Json, type Tenant } from './support/worker.ts';

let worker: Worker;
let acme: Tenant;
let ann: { id: string; cookie: string };
before(async () => {
  worker = await Worker.start();
  acme = await worker.tenant('acme');
  await acme.call('PUT', '/resources/source/abc', { name: 'Website' });
  ann = await acme.member('ann@example.com', ['workspace_member']);
});
after(() => worker.stop());

const TABLES = ['workspaces', 'accounts', 'members', 'grants', 'groups', 'group_members', 'resources', 'labels', 'resource_labels',
  'invites', 'tokens', 'sessions', 'sign_in_links', 'audit_events', 'outbox'];

/** How many rows each table has, and the sum of the workspaces' versions: all that a write would change. */
function written(): Json {
  const counts = TABLES.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ');
  return worker.rows(`SELECT ${counts}, (SELECT sum(version) FROM workspaces) AS versions`)[0];
}

type Expected = { status: number; code: string; path?: string; says?: RegExp };

/** Sends it, and asserts the problem, its place and that nothing was written. */
async function refused(name: string, send: () => Promise<Answer>, { status, code, path, says }: Expected): Promise<void> {
  const before = written();
  const { status: got, body, headers } = await send();
  const told = `${name}: ${JSON.stringify(body)}`;
  assert.equal(got, status, told);
  assert.equal(headers.get('content-type'), 'application/problem+json', told);
  const issues: Json[] = body.errors ?? [];
  assert.ok([body.code, ...issues.map((issue) => issue.code)].includes(code), told);
  if (path !== undefined) assert.ok(issues.some((issue) => issue.path === path && issue.code === code), told);
  if (says !== undefined) assert.match(body.detail, says, told);
  assert.deepEqual(written(), before, `${name} wrote something`);
}

/** Each writing route with a body that it would take, to be spoiled below. */
const routes = (): [string, string, string, Json][] => [
  ['POST', '/v1/workspaces', BOOTSTRAP, { name: 'New', slug: 'new', plan: 'free', owner: { email: 'o@example.com', name: 'O' } }],
  ['PATCH', `/v1/workspaces/${acme.id}`, acme.token, { name: 'Acme' }],
  ['PATCH', `/v1/workspaces/${acme.id}/members/${ann.id}`, acme.token, { name: 'Ann' }],
  ['PUT', `/v1/workspaces/${acme.id}/members/${ann.id}/grants`, acme.token, { grants: ['workspace_member', 'source_admin'] }],
  ['POST', `/v1/workspaces/${acme.id}/members/${ann.id}/grants`, acme.token, { grants: ['source_admin'] }],
  ['PUT', `/v1/workspaces/${acme.id}/resources/source/new`, acme.token, { name: 'New' }],
  ['POST', `/v1/workspaces/${acme.id}/invites`, acme.token, { invites: [{ email: 'bo@example.com', grants: ['workspace_member'] }] }],
  ['POST', `/v1/workspaces/${acme.id}/check`, acme.token, { member: ann.id, action: 'workspace:view' }],
  ['POST', `/v1/workspaces/${acme.id}/check/batch`, acme.token, { checks: [] }],
];

const MALFORMED = ['', '{', '{"a": 1,}', '[1, 2', 'null null', '{"a": 01}', "{'a': 1}", '\uFEFF{}', '{"a": "\\ud8"}'];

test('a body that is not JSON is 400 on every route that takes one', async () => {
  for (const [method, path, token] of routes()) {
    for (const body of MALFORMED) {
      await refused(`${method} ${path} ${body}`, () => worker.call(method, path, token, body), { status: 400, code: 'invalid_json' });
    }
  }
});

test('JSON of another shape is 422, never a crash', async () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  for (const [method, path, token] of routes()) {
    for (const body of ['null', 'true', '1', '"x"', '[]']) {
      const answer = await worker.call(method, path, token, body);
      assert.equal(answer.status, 422, `${method} ${path} ${body}: ${JSON.stringify(answer.body)}`);
    }
    const { status } = await worker.call(method, path, token, deep);
    assert.ok(status === 400 || status === 422, `${method} ${path} deep nesting: ${status}`);
  }
});

test('an array in the place of an object is 422', async () => {
  const invites = { invites: [['bo@example.com', null, ['workspace_member'], []]] };
  await refused('an invite', () => acme.call('POST', '/invites', invites), { status: 422, code: 'invalid_type', path: '/invites/0' });
  const workspace = { name: 'New', slug: 'new', plan: 'free', owner: ['o@example.com', 'O'] };
  await refused('an owner', () => worker.call('POST', '/v1/workspaces', BOOTSTRAP, workspace), { status: 422, code: 'invalid_type', path: '/owner' });
});

test('an unknown field is refused with its place on every route', async () => {
  for (const [method, path, token, body] of routes()) {
    const send = () => worker.call(method, path, token, { ...body, 'co/lour': 'red' });
    await refused(`${method} ${path}`, send, { status: 422, code: 'unknown_field', path: '/co~1lour' });
  }
  const nested = { invites: [{ email: 'bo@example.com', grants: ['workspace_member'] }, { email: 'cy@example.com', grants: ['workspace_member'], admin: true }] };
  await refused('nested', () => acme.call('POST', '/invites', nested), { status: 422, code: 'unknown_field', path: '/invites/1/admin' });
});

test('a bad address is refused wherever one is given', async () => {
  for (const email of ['', 'ann', '@example.com', 'ann@', 'a b@example.com', 'ann@@example.com', 'ann@example.com\r\nBcc: x@y.z', `${'x'.repeat(300)}@example.com`]) {
    const invite = { invites: [{ email, grants: ['workspace_member'] }] };
    await refused(`invite ${email}`, () => acme.call('POST', '/invites', invite), { status: 422, code: 'invalid_email', path: '/invites/0/email' });
    const workspace = { name: 'New', slug: 'new', plan: 'free', owner: { email, name: 'O' } };
    await refused(`owner ${email}`, () => worker.call('POST', '/v1/workspaces', BOOTSTRAP, workspace), { status: 422, code: 'invalid_email', path: '/owner/email' });
  }
});

/** A bad expression, its code, and the position that the detail names where it is a matter of syntax. */
const GRANTS: [string, string, RegExp?][] = [
  ['', 'unknown_role'],
  ['source_admin@', 'invalid_grant', /\d/],
  ['source_admin@source', 'invalid_grant', /\d/],
  ['source_admin@source/', 'invalid_grant', /\d/],
  ['source_admin@source/a b', 'invalid_grant', /position 21|position 20/],
  ['source_admin@{', 'invalid_grant', /\d/],
  ['source_admin@{a}', 'invalid_grant', /\d/],
  ['source_admin@{a:b', 'invalid_grant', /\d/],
  ['source_admin@{a:b}x', 'invalid_grant', /\d/],
  ['source_admin@source/*', 'invalid_grant'],
  ['boss', 'unknown_role'],
  ['Source_admin', 'unknown_role'],
  ['boss@source/abc', 'unknown_role'],
  ['workspace_owner@source/abc', 'scope_not_allowed'],
  ['source_admin@space/abc', 'scope_not_allowed'],
  ['function_admin@{a:b}', 'scope_not_allowed'],
  ['source_admin@source/nope', 'unknown_resource'],
  ['pii_access@source/nope', 'unknown_resource'],
];

test('a bad grant is refused with its place wherever one is given', async () => {
  for (const [grant, code, says] of GRANTS) {
    const grants = ['workspace_member', grant];
    const expected = { status: 422, code, says };
    const invite = { invites: [{ email: 'bo@example.com', grants }] };
    await refused(`invite ${grant}`, () => acme.call('POST', '/invites', invite), { ...expected, path: '/invites/0/grants/1' });
    await refused(`put ${grant}`, () => acme.call('PUT', `/members/${ann.id}/grants`, { grants }), { ...expected, path: '/grants/1' });
    await refused(`post ${grant}`, () => acme.call('POST', `/members/${ann.id}/grants`, { grants }), { ...expected, path: '/grants/1' });
  }
});

test('one bad invite among good ones writes none', async () => {
  const invites = ['a', 'b', 'not an address', 'd'].map((name) => ({ email: name.length === 1 ? `${name}@example.com` : name, grants: ['workspace_member'] }));
  await refused('the third', () => acme.call('POST', '/invites', { invites }), { status: 422, code: 'invalid_email', path: '/invites/2/email' });
  const many = Array.from({ length: 101 }, (_, index) => ({ email: `p${index}@example.com`, grants: ['workspace_member'] }));
  await refused('101', () => acme.call('POST', '/invites', { invites: many }), { status: 422, code: 'out_of_range', path: '/invites' });
});

test('a member keeps a role of workspace level', async () => {
  const grants = { grants: ['source_admin@source/abc'] };
  await refused('put', () => acme.call('PUT', `/members/${ann.id}/grants`, grants), { status: 422, code: 'workspace_role_required' });
  await refused('put none', () => acme.call('PUT', `/members/${ann.id}/grants`, { grants: [] }), { status: 422, code: 'workspace_role_required' });
  const invite = { invites: [{ email: 'bo@example.com', ...grants }] };
  await refused('invite', () => acme.call('POST', '/invites', invite), { status: 422, code: 'workspace_role_required' });
});

test('a question that makes no sense is 422, one about a stranger is answered', async () => {
  const ask = (body: Json) => () => acme.call('POST', '/check', { member: ann.id, ...body });
  await refused('action', ask({ action: 'source:fly', resource: 'source/abc' }), { status: 422, code: 'unknown_action', path: '/action' });
  await refused('mismatch', ask({ action: 'source:view', resource: 'space/abc' }), { status: 422, code: 'action_resource_mismatch', path: '/resource' });
  await refused('resource', ask({ action: 'source:view', resource: 'source' }), { status: 422, code: 'invalid_resource', path: '/resource' });
  const unknown = (await acme.call('POST', '/check', { member: 'nobody@example.com', action: 'source:view', resource: 'source/abc' })).body;
  assert.deepEqual([unknown.allowed, unknown.reason], [false, 'unknown_member']);
  const nowhere = (await acme.call('POST', '/check', { member: ann.id, action: 'source:view', resource: 'source/nope' })).body;
  assert.deepEqual([nowhere.allowed, nowhere.reason], [false, 'unknown_resource']);
});

test('a resource with a bad kind, id or parent is refused', async () => {
  const put = (path: string, body: Json = { name: 'X' }) => () => acme.call('PUT', `/resources/${path}`, body);
  await refused('no parent', put('destination/d1'), { status: 422, code: 'parent_required' });
  await refused('parent of a source', put('source/s1', { name: 'X', parent: 'source/abc' }), { status: 422, code: 'parent_not_allowed' });
  await refused('unknown parent', put('destination/d1', { name: 'X', parent: 'source/nope' }), { status: 422, code: 'unknown_resource' });
  await refused('no name', put('source/s1', {}), { status: 422, code: 'required', path: '/name' });
  await refused('empty name', put('source/s1', { name: ' ' }), { status: 422, code: 'invalid_name', path: '/name' });
  for (const path of [`source/${'x'.repeat(129)}`, 'source/a%20b', 'source/%F0%9F%A6%80', 'planet/x']) {
    const before = written();
    const { status } = await put(path)();
    assert.ok(status === 404 || status === 422, `${path}: ${status}`);
    assert.deepEqual(written(), before);
  }
});

test('requests beside a bad one get their answers', async () => {
  const good = () => acme.call('POST', '/check', { member: ann.id, action: 'workspace:view' });
  const bad = (index: number) => acme.call('POST', '/invites', MALFORMED[index % MALFORMED.length]);
  const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 ? bad(index) : good())));
  answers.forEach((answer, index) => assert.equal(answer.status, index % 2 ? 400 : 200, JSON.stringify(answer.body)));
});
