// Domains on workerd: the record is asked of a real resolver over HTTP, and people find where they sign in.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { Worker, type Json, type Tenant } from './support/worker.ts';

/** What the resolver knows: texts by name. */
const records = new Map<string, string[]>();
let isDown = false;
const resolver = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://resolver');
  assert.equal(request.headers.accept, 'application/dns-json');
  const texts = url.searchParams.get('type') === 'TXT' ? records.get(url.searchParams.get('name') ?? '') : undefined;
  const Answer = texts?.map((text) => ({ name: url.searchParams.get('name'), type: 16, TTL: 1, data: `"${text}"` }));
  response.writeHead(isDown ? 502 : 200, { 'content-type': 'application/dns-json' });
  response.end(JSON.stringify({ Status: texts === undefined ? 3 : 0, Answer }));
});
let worker: Worker;
let acme: Tenant;
before(async () => {
  await new Promise<void>((done) => resolver.listen(0, '127.0.0.1', done));
  const { port } = resolver.address() as AddressInfo;
  worker = await Worker.start(undefined, `DNS_RESOLVER="http://127.0.0.1:${port}/dns-query"\n`);
  acme = await worker.tenant('acme');
});
after(() => {
  worker.stop();
  resolver.close();
});

const verify = (domain: Json): Promise<Json> => acme.call('POST', `/domains/${domain.id}/verify`);

test('a domain is proved by its record, and opens the workspace to its people', async () => {
  const made = (await acme.call('POST', '/domains', { domain: 'acme.example', auto_join: 'join', grants: ['workspace_member'] })).body;
  assert.deepEqual([made.verified, made.record.name], [false, '_rolecall-challenge.acme.example']);
  assert.equal((await verify(made)).body.code, 'domain_unverified');
  isDown = true;
  assert.equal((await verify(made)).status, 503);
  isDown = false;
  records.set(made.record.name, ['v=spf1 -all', made.record.value]);
  const verified = await verify(made);
  assert.deepEqual([verified.status, verified.body.verified], [200, true], JSON.stringify(verified.body));

  const elsewhere = await worker.tenant('elsewhere');
  const ann = await elsewhere.member('ann@acme.example', ['workspace_member']);
  const me = await worker.call('GET', '/v1/me', null, undefined, { cookie: ann.cookie });
  assert.deepEqual(me.body.joinable.map((one: Json) => [one.slug, one.how]), [['acme', 'join']]);
  const joined = await acme.as(ann.cookie, 'POST', '/join');
  assert.deepEqual([joined.status, joined.body.member?.provisioned_by], [201, 'domain'], JSON.stringify(joined.body));
});

test('two workspaces that prove one domain at once: one has it', async () => {
  const tenants = await Promise.all(['one', 'two'].map((slug) => worker.tenant(slug)));
  const made = await Promise.all(tenants.map((tenant) => tenant.call('POST', '/domains', { domain: 'shared.example' })));
  records.set('_rolecall-challenge.shared.example', made.map(({ body }) => body.record.value));
  const ask = (tenant: Tenant, index: number): Promise<Json> => tenant.call('POST', `/domains/${made[index].body.id}/verify`);
  const answers = await Promise.all(tenants.map(ask));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
  assert.equal(answers.find(({ status }) => status === 409).body.code, 'domain_taken');
});

test('where somebody signs in is found by the domain of any address there', async () => {
  const discover = async (email: string): Promise<Json> => (await worker.call('GET', `/v1/sso/discover?email=${email}`, null)).body;
  assert.deepEqual(await discover('nobody@acme.example'), { connection: null });
  const body = { protocol: 'oidc', name: 'Okta', issuer: 'https://idp.example', client_id: 'x' };
  const made = (await acme.call('POST', '/sso/connections', body)).body;
  const { connection } = await discover('Nobody@ACME.example');
  assert.deepEqual([connection.id, connection.login_url], [made.id, made.login_url]);
});
