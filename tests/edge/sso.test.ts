// Sign-in by OIDC on the real Worker, D1 and KV, against a certified provider: each algorithm, rotation, and what goes wrong.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, IdentityProvider, type Claims } from './support/provider.ts';
import { Worker, type Json, type Tenant } from './support/worker.ts';

const ann: Claims = { sub: 'ann-1', email: 'Ann@Example.com', email_verified: true, name: 'Ann', groups: ['Eng'] };
let worker: Worker;
const providers: IdentityProvider[] = [];
before(async () => {
  worker = await Worker.start();
});
after(() => {
  worker.stop();
  for (const provider of providers) provider.stop();
});

type Setup = { acme: Tenant; provider: IdentityProvider; connection: Json };

async function setup(slug: string, algorithm: string): Promise<Setup> {
  const provider = await IdentityProvider.start(algorithm, `${worker.url}/v1/sso/oidc/callback`);
  providers.push(provider);
  const acme = await worker.tenant(slug);
  const role_mappings = [{ group: 'Eng', grants: ['source_admin'] }];
  const body = { protocol: 'oidc', name: 'Test', issuer: provider.issuer, client_id: 'rolecall', client_secret: 'hush', role_mappings };
  const made = await acme.call('POST', '/sso/connections', body);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return { acme, provider, connection: made.body };
}

/** Signs somebody in; answers what the Worker said at the end, and the session. */
async function signIn({ provider, connection }: Setup, claims: Claims | undefined, headers: Record<string, string> = {}) {
  provider.next = claims;
  const browser = new Browser();
  const isHome = (place: URL): boolean => place.host === new URL(worker.url).host && !place.pathname.startsWith('/v1/');
  const response = await browser.open(`${connection.login_url}?return_to=/home`, headers, isHome);
  const text = await response.text();
  return {
    status: response.status,
    location: response.headers.get('location'),
    problem: text.startsWith('{') ? JSON.parse(text) : text,
    session: browser.cookie(worker.url, '__Host-rolecall'),
  };
}

async function signedIn(setup: Setup, claims: Claims): Promise<string> {
  const { status, location, problem, session } = await signIn(setup, claims);
  assert.deepEqual([status, location], [303, '/home'], JSON.stringify(problem));
  assert.ok(session !== undefined);
  return `__Host-rolecall=${session}`;
}

async function grants(acme: Tenant, member: string): Promise<string[]> {
  const found = await acme.call('GET', `/members/${member}`);
  assert.equal(found.status, 200, JSON.stringify(found.body));
  return found.body.grants.map((grant: Json) => grant.expression);
}

for (const algorithm of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
  test(`somebody whom nobody knew signs in by ${algorithm} and is a member`, async () => {
    const one = await setup(`by-${algorithm.toLowerCase()}`, algorithm);
    const cookie = await signedIn(one, ann);
    assert.deepEqual(await grants(one.acme, 'ann@example.com'), ['source_admin']);
    const own = await one.acme.as(cookie, 'GET', '/members/me');
    assert.deepEqual([own.status, own.body.email, own.body.provisioned_by], [200, 'ann@example.com', 'jit']);
    // Again: the same person, whom the provider no longer has in a group.
    await signedIn(one, { ...ann, groups: [] });
    assert.deepEqual(await grants(one.acme, 'ann@example.com'), []);
    assert.equal((await one.acme.call('GET', '/members?provisioned_by=jit')).body.data.length, 1);
  });
}

test('who is in no group gets what everyone gets', async () => {
  const one = await setup('no-groups', 'ES256');
  await signedIn(one, { ...ann, groups: [] });
  assert.deepEqual(await grants(one.acme, 'ann@example.com'), ['source_read_only']);
});

test('a new key of the provider is learned, and one under the name of the old is not believed', async () => {
  const one = await setup('rotation', 'RS256');
  await signedIn(one, ann);
  one.provider.rotate('RS256', 'one');
  assert.equal((await signIn(one, ann)).problem.code, 'id_token_signature');
  one.provider.rotate('ES256', 'two');
  assert.equal((await signIn(one, ann)).problem.code, 'id_token_key_unknown', 'asked within the minute');
  worker.ageCache(120_000);
  await signedIn(one, ann);
});

test('a provider that says no is told to the person and to the workspace', async () => {
  const one = await setup('denied', 'ES256');
  const answer = await signIn(one, undefined);
  assert.deepEqual([answer.status, answer.problem.code, answer.session], [403, 'sso_denied', undefined]);
  const page = await signIn(one, undefined, { accept: 'text/html' });
  assert.deepEqual([page.status, page.location], [303, '/sign-in?error=sso_denied&return_to=%2Fhome']);
  const told = await one.acme.call('GET', '/audit-events?type=sso.refused');
  assert.deepEqual(told.body.data.map((event: Json) => event.after.code), ['sso_denied', 'sso_denied']);
});

test('an address that is missing or that nobody verified makes no member', async () => {
  const one = await setup('addresses', 'ES256');
  const { email, ...without } = ann;
  assert.equal((await signIn(one, without)).problem.code, 'email_missing');
  assert.equal((await signIn(one, { ...without, email, email_verified: false })).problem.code, 'email_unverified');
  assert.equal((await one.acme.call('GET', '/members')).body.data.length, 1);
});

test('an answer counts once, and in the browser that began', async () => {
  const one = await setup('browsers', 'ES256');
  one.provider.next = ann;
  const browser = new Browser();
  const isCallback = (place: URL): boolean => place.pathname === '/v1/sso/oidc/callback';
  const answered = await browser.open(one.connection.login_url, {}, isCallback);
  const callback = String(answered.headers.get('location'));
  const status = async (who: Browser): Promise<Json> => {
    const response = await who.open(callback, {}, () => true);
    return response.status === 303 ? 303 : (JSON.parse(await response.text()) as Json).code;
  };
  assert.equal(await status(new Browser()), 'sso_other_browser');
  const both = await Promise.all([status(browser), status(browser)]);
  assert.deepEqual(both.sort(), [303, 'sso_state_used']);
});

test('twenty first logins of one person at once make one member', async () => {
  const one = await setup('race', 'ES256');
  const all = await Promise.all(Array.from({ length: 20 }, () => signIn(one, ann)));
  const failed = all.filter((answer) => answer.status !== 303);
  assert.deepEqual(failed.map((answer) => answer.problem), []);
  assert.equal(worker.rows(`SELECT count(*) AS n FROM members WHERE workspace_id = '${one.acme.id}'`)[0].n, 2);
  assert.equal(worker.rows("SELECT count(*) AS n FROM accounts WHERE email = 'ann@example.com'")[0].n, 1);
});

test('a trial shows what a login would give', async () => {
  const one = await setup('trial', 'ES256');
  const path = `/sso/connections/${one.connection.id}/tests`;
  const made = await one.acme.call('POST', path, { return_to: '/setup' });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  one.provider.next = ann;
  const browser = new Browser();
  const end = await browser.open(made.body.url, {}, (place) => place.pathname === '/setup');
  assert.deepEqual([end.status, browser.cookie(worker.url, '__Host-rolecall')], [303, undefined]);
  const shown = await one.acme.call('GET', `${path}/${made.body.id}`);
  const { status, claims, grants } = shown.body.outcome;
  assert.deepEqual([status, claims.groups, grants[0].expression], ['passed', ['Eng'], 'source_admin']);
});

test('who knocks too often is asked to wait, and nobody else', async () => {
  const one = await setup('brake', 'ES256');
  const knock = async (place: string): Promise<Response> => fetch(one.connection.login_url, { redirect: 'manual', headers: { 'cf-connecting-ip': place } });
  const statuses = new Set<number>();
  let braked: Response | undefined;
  // Twice as many as fit into a minute: it may end meanwhile.
  for (let tries = 0; braked === undefined && tries < 1_200; tries += 40) {
    const answers = await Promise.all(Array.from({ length: 40 }, () => knock('192.0.2.1')));
    answers.forEach(({ status }) => statuses.add(status));
    braked = answers.find(({ status }) => status === 429);
  }
  assert.deepEqual([...statuses].sort(), [303, 429]);
  assert.equal(braked?.headers.get('retry-after'), '60');
  assert.equal(((await braked?.json()) as Json).code, 'rate_limited');
  assert.equal((await knock('192.0.2.2')).status, 303);
});
