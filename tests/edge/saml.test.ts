// Sign-in by SAML with a real identity provider, npm samlp: both Workers on workerd, asked as a browser asks.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { identity } from './support/certificate.ts';
import { fields, Provider } from './support/samlp.ts';
import { Worker, type Answer, type Json, type Tenant } from './support/worker.ts';

const provider = new Provider();
let worker: Worker;
let acme: Tenant;
let connection: Json;
before(async () => {
  worker = await Worker.start(undefined, { saml: true });
  await provider.start(() => `${worker.url}/v1/sso/saml/acs`);
  acme = await worker.tenant('acme');
  const role_mappings = [{ group: 'Eng', grants: ['source_admin'] }];
  const made = await acme.call('POST', '/sso/connections', { protocol: 'saml', name: 'ADFS', metadata_xml: await metadata(), role_mappings });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  connection = made.body;
});
beforeEach(() => {
  provider.options = {};
  provider.denies = false;
});
after(() => {
  worker.stop();
  provider.stop();
});

const metadata = async (): Promise<string> => (await fetch(`${provider.url}/metadata`)).text();

type Form = { cookie: string; action: string; SAMLResponse: string; RelayState: string };

/** Goes to the provider with a request of ours, as far as the form that it answers. */
async function begin(): Promise<Form> {
  const started = await fetch(`${worker.url}/v1/sso/${connection.id}/login?return_to=/acme`, { redirect: 'manual' });
  assert.equal(started.status, 303, await started.text());
  const cookie = started.headers.get('set-cookie') ?? '';
  assert.match(cookie, /^__Host-rolecall-saml=\S+; Path=\/; Secure; HttpOnly; SameSite=None;/);
  const answered = await fetch(started.headers.get('location') ?? '');
  const html = await answered.text();
  assert.equal(answered.status, 200, html);
  return { cookie: cookie.split(';')[0], ...fields(html) };
}

/** Posts the provider's form as a browser does. */
async function post({ cookie, action, SAMLResponse, RelayState }: Form): Promise<Answer & { place: string | null; session: string }> {
  const body = new URLSearchParams({ SAMLResponse, RelayState });
  const headers = { cookie, origin: provider.url, 'sec-fetch-site': 'cross-site' };
  const response = await fetch(action, { method: 'POST', body, headers, redirect: 'manual' });
  const text = await response.text();
  const session = (response.headers.get('set-cookie') ?? '').split(';')[0];
  const read = text.startsWith('{') ? JSON.parse(text) : text;
  return { status: response.status, body: read, headers: response.headers, place: response.headers.get('location'), session };
}

async function refused(form: Form, status: number, code: string): Promise<void> {
  const answer = await post(form);
  assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
}

async function signedIn(form: Form): Promise<Json> {
  const answer = await post(form);
  assert.deepEqual([answer.status, answer.place], [303, '/acme'], JSON.stringify(answer.body));
  const me = await worker.call('GET', '/v1/me', null, undefined, { cookie: answer.session });
  assert.equal(me.status, 200, JSON.stringify(me.body));
  return me.body;
}

const told = async (): Promise<string> => (await acme.call('GET', '/audit-events?type=sso.refused&limit=1')).body.data[0].after.code;

test('a signed assertion signs a person in and makes them a member with what their groups give', async () => {
  const me = await signedIn(await begin());
  assert.deepEqual([me.account.email, me.account.name], ['ann@acme.example', 'Ann Lee']);
  const member = (await acme.call('GET', '/members/ann@acme.example')).body;
  assert.deepEqual([member.provisioned_by, member.grants.map((grant: Json) => grant.expression)], ['jit', ['source_admin']]);
});

test('a signed response covers an assertion without a signature', async () => {
  provider.options = { signAssertion: false, signResponse: true };
  await signedIn(await begin());
  provider.options = { signAssertion: true, signResponse: true };
  await signedIn(await begin());
  provider.options = { signAssertion: false, signResponse: false };
  await refused(await begin(), 403, 'saml_unsigned');
});

test('the provider may begin where the connection lets it, and each assertion is taken once', async () => {
  provider.options = { audience: connection.metadata_url };
  const start = async (): Promise<Form> => ({ cookie: '', ...fields(await (await fetch(`${provider.url}/sso?RelayState=/acme`)).text()) });
  await refused(await start(), 403, 'saml_unsolicited');
  await acme.call('PATCH', `/sso/connections/${connection.id}`, { idp_initiated: true });
  const form = await start();
  await signedIn(form);
  await refused(form, 403, 'saml_replayed');
  assert.equal(await told(), 'saml_replayed');
  const evil = await post({ ...(await start()), RelayState: '//evil.example' });
  assert.equal(evil.place, '/');
});

test('what was signed with SHA-1, with another key, for others or not at all right is refused and told', async () => {
  const cases: [Json, string][] = [
    [{ signatureAlgorithm: 'rsa-sha1', digestAlgorithm: 'sha1' }, 'saml_weak_algorithm'],
    [{ digestAlgorithm: 'sha1' }, 'saml_weak_algorithm'],
    [{ key: identity('evil').key }, 'saml_signature_mismatch'],
    [{ issuer: 'urn:evil' }, 'saml_issuer'],
    [{ audience: 'urn:other' }, 'saml_audience'],
    [{ recipient: 'https://other.example/acs' }, 'saml_recipient'],
    [{ destination: 'https://other.example/acs' }, 'saml_destination'],
    [{ inResponseTo: '_other' }, 'saml_in_response_to'],
    [{ lifetimeInSeconds: -120 }, 'saml_expired'],
  ];
  for (const [options, code] of cases) {
    provider.options = options;
    await refused(await begin(), 403, code);
    assert.equal(await told(), code);
  }
  provider.denies = true;
  provider.options = {};
  await refused(await begin(), 403, 'saml_status');
});

test('an answer is taken once, in the browser that began, unchanged', async () => {
  const form = await begin();
  const other = await begin();
  await refused({ ...form, cookie: other.cookie }, 403, 'sso_other_browser');
  await refused({ ...form, cookie: '' }, 403, 'sso_other_browser');
  await signedIn(form);
  await refused(form, 410, 'sso_state_used');
  await refused({ ...other, SAMLResponse: form.SAMLResponse }, 403, 'saml_in_response_to');
  const bent = await begin();
  const xml = Buffer.from(bent.SAMLResponse, 'base64').toString().replace('ann@acme.example', 'eve@acme.example');
  await refused({ ...bent, SAMLResponse: Buffer.from(xml).toString('base64') }, 403, 'saml_digest_mismatch');
});

test('a provider that changes its certificate goes on once its metadata are renewed', async () => {
  provider.keys = identity('acme, next year');
  await refused(await begin(), 403, 'saml_signature_mismatch');
  const renewed = await acme.call('PATCH', `/sso/connections/${connection.id}`, { metadata_xml: await metadata() });
  assert.equal(renewed.status, 200, JSON.stringify(renewed.body));
  await signedIn(await begin());
});

test('our metadata name the consumer', async () => {
  const ours = await worker.call('GET', new URL(connection.metadata_url).pathname, null);
  assert.equal(ours.headers.get('content-type'), 'application/samlmetadata+xml');
  assert.match(ours.body, new RegExp(`Location="${worker.url}/v1/sso/saml/acs"`));
});

test('what verifies signatures is in the second Worker alone', () => {
  const wasm = (folder: string): Buffer => readFileSync(new URL(`../../${folder}/index_bg.wasm`, import.meta.url));
  const [main, second] = [wasm('build'), wasm('build-saml')];
  // The words that no reader of XML signatures can do without.
  for (const word of ['http://www.w3.org/2000/09/xmldsig#', 'http://www.w3.org/2001/10/xml-exc-c14n#', 'X509Certificate']) {
    assert.deepEqual([main.includes(word), second.includes(word)], [false, true], word);
  }
});

test('a deployment without the second Worker says that it has no SAML', async () => {
  const bare = await Worker.start();
  try {
    const tenant = await bare.tenant('acme');
    const made = await tenant.call('POST', '/sso/connections', { protocol: 'saml', name: 'ADFS', metadata_xml: await metadata() });
    assert.deepEqual([made.status, made.body.code], [501, 'saml_unavailable']);
  } finally {
    bare.stop();
  }
});
