// Each route of access administration, asked once of the real Worker, in one story: what it answers and in which shape.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Worker, type Answer, type Json, type Tenant } from './support/worker.ts';

/** The routes of the contract's section on access; `*` stands for an id. */
const ROUTES = `
  GET /v1/roles
  GET /v1/me
  GET /members
  GET /members/*
  PATCH /members/*
  DELETE /members/*
  PUT /members/*/grants
  POST /members/*/grants
  DELETE /members/*/grants/*
  GET /groups
  POST /groups
  GET /groups/*
  PATCH /groups/*
  DELETE /groups/*
  PUT /groups/*/grants
  POST /groups/*/grants
  DELETE /groups/*/grants/*
  GET /groups/*/members
  POST /groups/*/members
  DELETE /groups/*/members/*
  GET /resources
  GET /resources/*/*
  PUT /resources/*/*
  DELETE /resources/*/*
  GET /labels
  POST /labels
  DELETE /labels/*/*
  POST /check
  POST /check/batch
  GET /access/members
  GET /access/resources
  POST /preview
  GET /snapshot
  GET /seats
  GET /audit-events
  GET /tokens
  POST /tokens
  GET /tokens/*
  DELETE /tokens/*
  POST /access/v1/evaluation
  POST /access/v1/evaluations
  POST /access/v1/search/subject
  POST /access/v1/search/resource
  POST /access/v1/search/action
  GET /.well-known/authzen-configuration`
  .trim()
  .split(/\n\s*/);

let worker: Worker;
let acme: Tenant;
before(async () => {
  worker = await Worker.start();
  acme = await worker.tenant('acme');
});
after(() => worker.stop());

const asked = new Set<string>();

/** Asks, and notes which route of the contract that was. */
async function ask(status: number, method: string, path: string, body?: Json): Promise<Json> {
  const bare = path.split('?')[0];
  const matches = (route: string) => {
    const [verb, pattern] = route.split(' ');
    return verb === method && new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}$`).test(bare);
  };
  const route = ROUTES.find(matches);
  assert.ok(route !== undefined, `${method} ${bare} is no route of the contract`);
  asked.add(route);
  const isElsewhere = /^\/(v1|access\/v1|\.well-known)\//.test(path);
  const answer: Answer = isElsewhere ? await worker.call(method, path, acme.token, body) : await acme.call(method, path, body);
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

test('members, groups, resources and labels', async () => {
  assert.equal((await ask(200, 'GET', '/v1/roles')).data.length, 19);
  assert.equal((await ask(200, 'GET', '/v1/me')).account.email, 'owner@acme.example');
  await ask(201, 'POST', '/labels', { key: 'env', value: 'prod', description: 'Production' });
  await ask(201, 'PUT', '/resources/source/web', { name: 'Web', labels: { env: 'prod' } });
  await ask(201, 'PUT', '/resources/destination/ads', { name: 'Ads', parent: 'source/web' });
  assert.equal((await ask(200, 'GET', '/resources/source/web')).labels.env, 'prod');
  assert.equal((await ask(200, 'GET', '/resources?type=source')).data.length, 1);
  assert.equal((await ask(200, 'GET', '/labels')).data[0].value, 'prod');

  const ann = (await acme.member('ann@example.com', ['workspace_member'])).id;
  assert.equal((await ask(200, 'GET', '/members?q=ann')).data[0].id, ann);
  assert.equal((await ask(200, 'PATCH', `/members/${ann}`, { name: 'Ann' })).name, 'Ann');
  await ask(200, 'PUT', `/members/${ann}/grants`, { grants: ['workspace_member', 'source_read_only'] });
  const added = await ask(200, 'POST', `/members/${ann}/grants`, { grants: ['source_admin@{env:prod}'] });
  const labelled = added.grants.find((grant: Json) => grant.role === 'source_admin');
  assert.deepEqual(labelled.scope, { kind: 'labels', labels: { env: 'prod' } });
  await ask(204, 'DELETE', `/members/${ann}/grants/${labelled.id}`);

  const group = (await ask(201, 'POST', '/groups', { name: 'Data', grants: ['function_admin'] })).id;
  await ask(200, 'PATCH', `/groups/${group}`, { name: 'Data team' });
  await ask(200, 'PUT', `/groups/${group}/grants`, { grants: ['source_admin@{env:prod}'] });
  const both = await ask(200, 'POST', `/groups/${group}/grants`, { grants: ['function_read_only'] });
  const plain = both.grants.find((grant: Json) => grant.role === 'function_read_only');
  await ask(204, 'DELETE', `/groups/${group}/grants/${plain.id}`);
  await ask(200, 'POST', `/groups/${group}/members`, { members: ['ann@example.com'] });
  assert.equal((await ask(200, 'GET', `/groups/${group}/members`)).data[0].id, ann);
  assert.equal((await ask(200, 'GET', `/groups/${group}`)).name, 'Data team');
  assert.equal((await ask(200, 'GET', '/groups')).data.length, 1);
  assert.deepEqual((await ask(200, 'GET', `/members/${ann}`)).groups, [{ id: group, name: 'Data team' }]);
});

test('decisions: check, explain, access lists, preview, dry run', async () => {
  const check = await ask(200, 'POST', '/check', { member: 'ann@example.com', action: 'destination:edit', resource: 'destination/ads' });
  const [because] = check.because;
  assert.deepEqual(
    [check.allowed, because.grant, because.via.group.name, because.inherited_from],
    [true, 'source_admin@{env:prod}', 'Data team', 'source/web'],
  );
  const denied = await ask(200, 'POST', '/check', { member: 'ann@example.com', action: 'warehouse:view' });
  assert.deepEqual([denied.allowed, denied.missing], [false, [['warehouse_read_only'], ['warehouse_admin'], ['workspace_owner']]]);
  const batch = await ask(200, 'POST', '/check/batch', { checks: [{ member: 'me', action: 'billing:manage' }] });
  assert.deepEqual(batch.results, [{ allowed: true }]);

  const who = await ask(200, 'GET', '/access/members?action=source:edit&resource=source/web');
  assert.deepEqual(who.data.map((row: Json) => row.member.email).sort(), ['ann@example.com', 'owner@acme.example']);
  assert.equal(who.complete, true);
  const what = await ask(200, 'GET', '/access/resources?member=ann@example.com&action=source:edit&type=source');
  assert.deepEqual(what.data.map((row: Json) => row.resource), ['source/web']);

  const ann = who.data.find((row: Json) => row.member.email === 'ann@example.com').member.id;
  const told = await ask(200, 'POST', '/preview', { changes: [{ grant: 'function_admin', to: ann }] });
  assert.deepEqual(told.problems, []);
  assert.ok(told.changes.gained.some((row: Json) => row.member === ann && row.resource === 'function/*'));
  const dry = await ask(200, 'DELETE', `/members/${ann}?dry_run=true`);
  assert.deepEqual([dry.impact.last_owner, dry.impact.returns_by], [false, null]);
  assert.equal((await ask(200, 'GET', '/seats')).active, 2);
});

test('the snapshot, its version as a tag, and what it conditions', async () => {
  const snapshot = await ask(200, 'GET', '/snapshot');
  assert.equal(snapshot.members.length, 2);
  const tag = { 'if-match': `"${snapshot.version}"`, 'if-none-match': `"${snapshot.version}"` };
  const path = `/v1/workspaces/${acme.id}`;
  assert.equal((await worker.call('GET', `${path}/snapshot`, acme.token, undefined, tag)).status, 304);
  const rename = () => worker.call('POST', `${path}/groups`, acme.token, { name: `At ${snapshot.version}` }, { 'if-match': tag['if-match'] });
  assert.equal((await rename()).status, 201);
  const late = await rename();
  assert.deepEqual([late.status, late.body.code], [412, 'version_conflict']);
});

test('tokens and events', async () => {
  const token = await ask(201, 'POST', '/tokens', { name: 'ci', actions: ['member:view'] });
  assert.match(token.secret, /^rcl_tok_/);
  assert.equal((await ask(200, 'GET', '/tokens')).data.some((row: Json) => row.id === token.id && row.secret === undefined), true);
  assert.equal((await ask(200, 'GET', `/tokens/${token.id}`)).orphaned, false);
  await ask(204, 'DELETE', `/tokens/${token.id}`);
  const events = await ask(200, 'GET', '/audit-events?limit=1');
  assert.deepEqual([events.data[0].type, events.data[0].subject.id], ['token.deleted', token.id]);
});

test('AuthZEN', async () => {
  const [subject, action, resource] = [{ type: 'user', id: 'ann@example.com' }, { name: 'source:edit' }, { type: 'source', id: 'web' }];
  assert.equal((await ask(200, 'POST', '/access/v1/evaluation', { subject, action, resource })).decision, true);
  const several = await ask(200, 'POST', '/access/v1/evaluations', { subject, action, evaluations: [{ resource }, { resource: { type: 'source', id: 'x' } }] });
  assert.deepEqual(several.evaluations.map((one: Json) => one.decision), [true, false]);
  const people = await ask(200, 'POST', '/access/v1/search/subject', { subject: { type: 'user' }, action, resource });
  assert.equal(people.results.length, 2);
  const sources = await ask(200, 'POST', '/access/v1/search/resource', { subject, action, resource: { type: 'source' } });
  assert.deepEqual(sources.results, [{ type: 'source', id: 'web' }]);
  const actions = await ask(200, 'POST', '/access/v1/search/action', { subject, resource });
  assert.ok(actions.results.some((one: Json) => one.name === 'source:edit'));
  const known = await ask(200, 'GET', '/.well-known/authzen-configuration');
  assert.equal(new URL(known.access_evaluation_endpoint).pathname, '/access/v1/evaluation');
});

test('what was made goes again, and no route of the contract was left out', async () => {
  const [group] = (await ask(200, 'GET', '/groups')).data.filter((one: Json) => one.name === 'Data team');
  const ann = (await ask(200, 'GET', '/members?q=ann')).data[0].id;
  await ask(204, 'DELETE', `/groups/${group.id}/members/${ann}`);
  await ask(204, 'DELETE', `/groups/${group.id}`);
  await ask(204, 'DELETE', '/resources/source/web');
  assert.deepEqual((await ask(200, 'GET', '/resources')).data, [], 'a source takes its destinations along');
  await ask(204, 'DELETE', '/labels/env/prod');
  await ask(204, 'DELETE', `/members/${ann}`);
  assert.deepEqual(ROUTES.filter((route) => !asked.has(route)), []);
});
