// What every route has in common on real workerd: credentials, tenancy, paging, cursors, media types and sizes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BOOTSTRAP, Worker, type Answer, type Json, type Tenant } from './support/worker.ts';

let worker: Worker;
before(async () => void (worker = await Worker.start()));
after(() => worker.stop());

/** A problem document that is whole: its status, code and request id are those of the answer. */
function assertProblem(answer: Answer, status: number, code: string): void {
  const { body, headers } = answer;
  assert.deepEqual([answer.status, body?.code], [status, code], JSON.stringify(body));
  assert.equal(headers.get('content-type'), 'application/problem+json');
  assert.equal(body.status, status);
  assert.equal(body.request_id, headers.get('x-request-id'));
  for (const member of ['type', 'title', 'detail']) assert.equal(typeof body[member], 'string', member);
}

/** What a stranger can compare: the status and the body without the id that each request has. */
function face(answer: Answer): Json {
  const { request_id, ...rest } = answer.body;
  assert.equal(typeof request_id, 'string');
  return [answer.status, rest];
}

/** Every page of a list; `between` runs after each page but the last. */
async function pages(acme: Tenant, path: string, between: (page: number, data: Json[]) => Promise<void> = async () => {}): Promise<Json[]> {
  const rows: Json[] = [];
  let cursor: string | null = null;
  for (let page = 0; page === 0 || cursor !== null; page += 1) {
    assert.ok(page < 100, 'the list ends');
    const from = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body }: Answer = await acme.call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=7${from}`);
    assert.equal(status, 200, JSON.stringify(body));
    assert.ok(body.data.length <= 7);
    rows.push(...body.data);
    cursor = body.next_cursor;
    if (cursor !== null) await between(page, body.data);
  }
  return rows;
}

const emails = (rows: Json[]): string[] => rows.map((row) => row.email);
const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${String(index).padStart(2, '0')}@example.com`);

/** Pending invites for these addresses, made by one request; answers their secrets. */
async function inviteAll(acme: Tenant, addresses: string[]): Promise<string[]> {
  const invites = addresses.map((email) => ({ email, grants: ['workspace_member'] }));
  const made = await acme.call('POST', '/invites', { invites, deliver: 'link' });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.data.map((invite: Json) => invite.accept_url.split('/').pop());
}

test('an unknown path is 404, a known path with another method is 405 and names the methods', async () => {
  const acme = await worker.tenant('paths');
  assertProblem(await worker.call('GET', '/v1/nothing', acme.token), 404, 'not_found');
  const members = await acme.call('DELETE', '/members');
  assertProblem(members, 405, 'method_not_allowed');
  assert.equal(members.headers.get('allow'), 'GET, HEAD');
  const one = await acme.call('PUT', `/members/${acme.owner}`, {});
  assertProblem(one, 405, 'method_not_allowed');
  assert.deepEqual(one.headers.get('allow')?.split(', ').sort(), ['DELETE', 'GET', 'HEAD', 'PATCH']);
  for (const method of ['QUERY', 'PROPFIND', 'PURGE']) {
    assertProblem(await worker.call(method, '/healthz', null), 405, 'method_not_allowed');
  }
});

test('each answer has its own X-Request-Id', async () => {
  const answers = await Promise.all(['/healthz', '/v1/roles', '/v1/me', '/v1/nothing'].map((path) => worker.call('GET', path, null)));
  const ids = answers.map((answer) => answer.headers.get('x-request-id'));
  assert.ok(ids.every((id) => id), JSON.stringify(ids));
  assert.equal(new Set(ids).size, ids.length);
});

test('each answer says in Server-Timing what it cost', async () => {
  const acme = await worker.tenant('timing');
  const cost = async (path: string, token: string | null) => (await worker.call('GET', path, token)).headers.get('server-timing') ?? '';
  const shape = /^app;dur=\d+, db;dur=\d+;desc="queries=(\d+) rows_read=(\d+) rows_written=(\d+)"$/;
  for (const path of ['/healthz', '/v1/nothing']) assert.match(await cost(path, null), /queries=0 rows_read=0 rows_written=0"$/, path);
  // The first call of an hour notes that somebody was here.
  await cost(`/v1/workspaces/${acme.id}/members`, acme.token);
  const [, queries, read, written] = shape.exec(await cost(`/v1/workspaces/${acme.id}/members`, acme.token)) ?? [];
  assert.ok(Number(queries) > 3 && Number(read) > 3 && written === '0', `${queries} ${read} ${written}`);
  const made = await acme.call('POST', '/labels', { key: 'a', value: 'b' });
  assert.ok(Number(shape.exec(made.headers.get('server-timing') ?? '')?.[3]) > 0);
});

test('no credential and a wrong one are 401, two are 400, a write from another site is 403', async () => {
  const acme = await worker.tenant('credentials');
  const ann = await acme.member('ann@example.com', ['workspace_owner', 'workspace_member']);
  const path = `/v1/workspaces/${acme.id}/members`;
  assertProblem(await worker.call('GET', path, null), 401, 'unauthenticated');
  assertProblem(await worker.call('GET', path, `${acme.token.slice(0, -1)}_`), 401, 'unauthenticated');
  assertProblem(await worker.call('POST', '/v1/workspaces', 'not-the-bootstrap-token', {}), 401, 'unauthenticated');
  assertProblem(await worker.call('GET', path, acme.token, undefined, { cookie: ann.cookie }), 400, 'ambiguous_credentials');
  const grants = { grants: ['workspace_member'] };
  const from = (origin: Record<string, string>) =>
    worker.call('PUT', `${path}/${ann.id}/grants`, null, grants, { cookie: ann.cookie, ...origin });
  assertProblem(await from({ origin: 'https://evil.example' }), 403, 'cross_site');
  assertProblem(await from({ 'sec-fetch-site': 'cross-site' }), 403, 'cross_site');
  assert.equal((await from({ origin: worker.url })).status, 200);
});

test('a member without the right is told what is missing', async () => {
  const acme = await worker.tenant('forbidden');
  const ann = await acme.member('ann@example.com', ['workspace_member']);
  const answer = await acme.as(ann.cookie, 'POST', '/invites', { invites: [{ email: 'bo@example.com', grants: ['workspace_member'] }] });
  assertProblem(answer, 403, 'forbidden');
  assert.deepEqual(answer.body.missing, [['workspace_owner']]);
});

test("another tenant's ids answer exactly like ids that never were", async () => {
  const [one, two] = [await worker.tenant('tenant-one'), await worker.tenant('tenant-two')];
  await two.call('PUT', '/resources/source/theirs', { name: 'Theirs' });
  await two.invite('ann@example.com', ['workspace_member']);
  const invite = (await two.call('GET', '/invites')).body.data[0].id;
  const grant = (await two.call('GET', `/members/${two.owner}`)).body.grants[0].id;
  const token = worker.rows(`SELECT id FROM tokens WHERE workspace_id = '${two.id}'`)[0].id;
  const never = (id: string) => id.replace(/_.*/, (rest) => `_${'0'.repeat(rest.length - 1)}`);
  const attempts: [string, string, string, Json?][] = [
    ['GET', `/members/${two.owner}`, `/members/${never(two.owner)}`],
    ['DELETE', `/members/${two.owner}`, `/members/${never(two.owner)}`],
    ['PUT', `/members/${two.owner}/grants`, `/members/${never(two.owner)}/grants`, { grants: ['workspace_member'] }],
    ['DELETE', `/members/${one.owner}/grants/${grant}`, `/members/${one.owner}/grants/${never(grant)}`],
    ['GET', `/invites/${invite}`, `/invites/${never(invite)}`],
    ['PATCH', `/invites/${invite}`, `/invites/${never(invite)}`, { grants: ['workspace_member'] }],
    ['POST', `/invites/${invite}/resend`, `/invites/${never(invite)}/resend`, {}],
    ['DELETE', `/invites/${invite}`, `/invites/${never(invite)}`],
    ['DELETE', `/tokens/${token}`, `/tokens/${never(token)}`],
    ['GET', '/resources/source/theirs', '/resources/source/never'],
    ['DELETE', '/resources/source/theirs', '/resources/source/never'],
  ];
  const theirs = () => worker.rows(`SELECT * FROM members WHERE workspace_id = '${two.id}'`).concat(
    worker.rows(`SELECT * FROM invites WHERE workspace_id = '${two.id}'`), worker.rows(`SELECT * FROM grants WHERE workspace_id = '${two.id}'`));
  const untouched = theirs();
  for (const [method, foreign, random, body] of attempts) {
    const answers = [await one.call(method, foreign, body), await one.call(method, random, body)];
    assert.equal(answers[0].status, 404, `${method} ${foreign}: ${JSON.stringify(answers[0].body)}`);
    assert.deepEqual(face(answers[0]), face(answers[1]), `${method} ${foreign}`);
  }
  for (const path of ['', '/members', '/invites', '/resources']) {
    const [byId, bySlug, random] = await Promise.all(
      [two.id, 'tenant-two', never(two.id)].map((ws) => worker.call('GET', `/v1/workspaces/${ws}${path}`, one.token)),
    );
    assert.equal(byId.status, 404);
    assert.deepEqual([face(byId), face(bySlug)], [face(random), face(random)], path);
  }
  assert.deepEqual(theirs(), untouched);
});

test('the pages of the members are complete, ordered and without repeats', async () => {
  const acme = await worker.tenant('members');
  const addresses = people(23);
  for (const secret of await inviteAll(acme, addresses)) {
    assert.equal((await worker.call('POST', `/v1/invites/${secret}/accept`, null, {})).status, 201);
  }
  const found = emails(await pages(acme, '/members'));
  assert.deepEqual([...found].sort(), [...addresses, 'owner@members.example'].sort());
  assert.deepEqual(emails(await pages(acme, '/members?sort=email')), [...found].sort());
  assert.deepEqual(emails(await pages(acme, '/members?q=p1')).sort(), addresses.filter((email) => email.startsWith('p1')));
});

test('the pages of the invites go on under inserts and deletes', async () => {
  const acme = await worker.tenant('invites');
  const addresses = people(30);
  await inviteAll(acme, addresses);
  const canceled = new Set<string>();
  const rows = await pages(acme, '/invites?status=pending', async (page, data) => {
    // One that was seen goes, one comes: whoever was there throughout must still come once.
    assert.equal((await acme.call('DELETE', `/invites/${data[0].id}`)).status, 204);
    canceled.add(data[0].email);
    await inviteAll(acme, [`late${page}@example.com`]);
  });
  const found = emails(rows);
  assert.equal(new Set(found).size, found.length, 'no repeats');
  assert.ok(canceled.size >= 4);
  for (const email of addresses) assert.ok(found.includes(email), email);
  assert.equal(emails(await pages(acme, '/invites?status=canceled')).length, canceled.size);
});

test('a cursor that this list did not give is 400', async () => {
  const [acme, other] = [await worker.tenant('cursors'), await worker.tenant('cursors-other')];
  for (const tenant of [acme, other]) await inviteAll(tenant, people(5));
  const { next_cursor: cursor } = (await acme.call('GET', '/invites?limit=2')).body;
  assert.equal((await acme.call('GET', `/invites?limit=2&cursor=${cursor}`)).status, 200);
  const middle = cursor.length >> 1;
  const tampered = cursor.slice(0, middle) + (cursor[middle] === 'A' ? 'B' : 'A') + cursor.slice(middle + 1);
  for (const bad of [tampered, cursor.slice(1), `${cursor}A`, 'nonsense', '%00', '🦀', '']) {
    assertProblem(await acme.call('GET', `/invites?limit=2&cursor=${bad === '%00' ? bad : encodeURIComponent(bad)}`), 400, 'invalid_cursor');
  }
  assertProblem(await acme.call('GET', `/members?limit=2&cursor=${cursor}`), 400, 'invalid_cursor');
  assertProblem(await acme.call('GET', `/invites?status=pending&cursor=${cursor}`), 400, 'invalid_cursor');
  assertProblem(await other.call('GET', `/invites?limit=2&cursor=${cursor}`), 400, 'invalid_cursor');
});

test('a limit is 1 to 200', async () => {
  const acme = await worker.tenant('limits');
  for (const limit of ['0', '201', '-1', 'many', '']) {
    assertProblem(await acme.call('GET', `/members?limit=${limit}`), 400, 'invalid_parameter');
  }
  for (const limit of [1, 200]) assert.equal((await acme.call('GET', `/members?limit=${limit}`)).status, 200);
});

test('another media type is 415, more than 1 MiB is 413', async () => {
  const acme = await worker.tenant('bodies');
  const path = `/v1/workspaces/${acme.id}/invites`;
  assertProblem(await worker.call('POST', path, acme.token, '{}', { 'content-type': 'text/plain' }), 415, 'unsupported_media_type');
  const large = JSON.stringify({ invites: [], padding: 'x'.repeat(1024 * 1024) });
  assertProblem(await worker.call('POST', path, acme.token, large), 413, 'payload_too_large');
});

test('a workspace is made once for a slug, and by the bootstrap token alone', async () => {
  const acme = await worker.tenant('slug');
  const body = { name: 'Again', slug: 'slug', plan: 'free', owner: { email: 'x@example.com', name: 'X' } };
  assertProblem(await worker.call('POST', '/v1/workspaces', BOOTSTRAP, body), 409, 'slug_taken');
  const [status] = face(await worker.call('POST', '/v1/workspaces', acme.token, { ...body, slug: 'slug-two' }));
  assert.ok([401, 403].includes(status), String(status));
});

/** The same POST so many times at once under one key: one is done, the others are answered like it. */
async function inParallel(send: (key: Record<string, string>) => Promise<Answer>, key: string): Promise<Answer> {
  const answers = await Promise.all(Array.from({ length: 20 }, () => send({ 'idempotency-key': key })));
  const isReplay = (answer: Answer) => answer.headers.get('idempotency-replayed') === 'true';
  const done = answers.filter((answer) => !isReplay(answer));
  assert.equal(done.length, 1, JSON.stringify(done.map((answer) => answer.body)));
  assert.ok(done[0].status < 300, JSON.stringify(done[0].body));
  const told = (answer: Answer) => [answer.status, answer.headers.get('x-rolecall-version'), answer.headers.get('etag'), answer.body];
  const replays = answers.filter(isReplay);
  for (const answer of replays) assert.deepEqual(told(answer), told(replays[0]));
  assert.deepEqual(told(replays[0]).slice(0, 3), told(done[0]).slice(0, 3));
  // Byte by byte, but for what is shown once.
  const withheld = (body: Json) => JSON.stringify(body).replace(/"(secret|accept_url)":"[^"]+"/g, '"$1":null,"secret_shown":true');
  assert.equal(JSON.stringify(replays[0].body), withheld(done[0].body));
  return done[0];
}

test('a POST that is sent 20 times at once under one key is done once, and all are answered alike', async () => {
  const acme = await worker.tenant('keys');
  const { id: ann } = await acme.member('ann@example.com', ['workspace_member']);
  const secret = await acme.invite('ben@example.com', ['workspace_member']);
  const group = (await acme.call('POST', '/groups', { name: 'Web' })).body.id;
  const invites = { invites: [{ email: 'cai@example.com', grants: ['workspace_member'] }], deliver: 'link' };
  const posts: [string, Json][] = [
    [`/members/${ann}/grants`, { grants: ['source_admin'] }],
    ['/groups', { name: 'New', grants: ['source_read_only'] }],
    [`/groups/${group}/grants`, { grants: ['source_admin'] }],
    [`/groups/${group}/members`, { members: [ann] }],
    ['/labels', { key: 'a', value: 'b' }],
    ['/invites', invites],
    ['/tokens', { name: 'ci', actions: ['member:view'] }],
  ];
  const events = (id: string) => worker.rows(`SELECT count(*) AS n FROM audit_events WHERE workspace_id = '${id}'`)[0].n;
  for (const [path, body] of posts) {
    const before = events(acme.id);
    const done = await inParallel((key) => acme.call('POST', path, body, acme.token, key), path);
    assert.equal(events(acme.id), before + 1, path);
    if (path === '/invites') await inParallel((key) => acme.call('POST', `/invites/${done.body.data[0].id}/resend`, { deliver: 'link' }, acme.token, key), 'resend');
  }
  const accepted = await inParallel((key) => worker.call('POST', `/v1/invites/${secret}/accept`, null, {}, key), 'accept');
  assert.equal(worker.rows(`SELECT count(*) AS n FROM sessions WHERE account_id = '${accepted.body.id}'`)[0].n, 1);
  const made = { name: 'New', slug: 'keys-two', owner: { email: 'x@example.com', name: 'X' } };
  const { body } = await inParallel((key) => worker.call('POST', '/v1/workspaces', BOOTSTRAP, made, key), 'workspace');
  assert.equal(events(body.workspace.id), 1);
  assert.equal(worker.rows(`SELECT count(*) AS n FROM idempotency_keys WHERE body LIKE '%rcl_%'`)[0].n, 0);
});

test('a key with another body is 422, and is new after a day', async () => {
  const acme = await worker.tenant('reused');
  const label = (value: string) => acme.call('POST', '/labels', { key: 'a', value }, acme.token, { 'idempotency-key': 'k' });
  assert.equal((await label('b')).status, 201);
  assertProblem(await label('c'), 422, 'idempotency_key_reused');
  const mine = `caller = '${acme.owner} ${acme.id}'`;
  worker.sql(`UPDATE idempotency_keys SET created_at = created_at - 86400000 WHERE ${mine}`);
  assert.equal((await label('c')).status, 201);
  worker.sql(`UPDATE idempotency_keys SET created_at = created_at - 86400000 WHERE ${mine}`);
  await worker.cron();
  assert.deepEqual(worker.rows(`SELECT key FROM idempotency_keys WHERE ${mine}`), []);
});

test('an answer larger than one row is kept whole', async () => {
  const acme = await worker.tenant('large');
  const host = `${'x'.repeat(60)}.${'x'.repeat(60)}.example`;
  const file = `email,grants\n${Array.from({ length: 6_000 }, (_, i) => `person${i}@${host},workspace_member`).join('\n')}`;
  const headers = { 'content-type': 'text/csv', 'idempotency-key': 'large' };
  const make = () => acme.call('POST', '/invites/bulk', file, acme.token, headers);
  const first = await make();
  assert.deepEqual([first.status, first.body.summary?.invited], [200, 6_000], JSON.stringify(first.body).slice(0, 500));
  assert.equal(worker.rows(`SELECT count(*) AS n FROM idempotency_keys WHERE caller = '${acme.owner} ${acme.id}'`)[0].n, 2);
  const again = await make();
  assert.equal(again.headers.get('idempotency-replayed'), 'true');
  assert.deepEqual(again.body, first.body);
});
