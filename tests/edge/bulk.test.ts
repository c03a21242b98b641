// Bulk invites on real workerd and D1: ten thousand rows in one request, and requests that race for the same rows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Worker, type Answer, type Tenant } from './support/worker.ts';

const COLUMNS = 'email,name,grants,groups\r\n';
const csv = { 'content-type': 'text/csv' };

let worker: Worker;
before(async () => {
  worker = await Worker.start();
});
after(() => worker.stop());

const bulk = (tenant: Tenant, rows: string, query = '', headers = {}): Promise<Answer> =>
  tenant.call('POST', `/invites/bulk${query}`, COLUMNS + rows, tenant.token, { ...csv, ...headers });

/** Ten ways to be bad, a twentieth of the rows in all. */
const BAD = [
  (index: number) => `not-an-address${index},Ann,workspace_member,`,
  () => 'p1@example.com,Ann,workspace_member,',
  (index: number) => `a${index}@example.com,Ann,sauce_admin,`,
  (index: number) => `a${index}@example.com,Ann,workspace_member;source_admin@,`,
  (index: number) => `a${index}@example.com,Ann,workspace_member;source_admin@warehouse/x,`,
  (index: number) => `a${index}@example.com,Ann,workspace_member;source_admin@source/none,`,
  (index: number) => `a${index}@example.com,Ann,source_admin,`,
  (index: number) => `a${index}@example.com,${'x'.repeat(300)},workspace_member,`,
  (index: number) => `a${index}@example.com,Ann,workspace_member,No such group`,
  (index: number) => `a${index}@example.com,Ann,workspace_member`,
];

const file = (rows: number): string =>
  Array.from({ length: rows }, (_, index) =>
    index % 20 === 0 ? BAD[(index / 20) % BAD.length](index) : `p${index}@example.com,"Lee, Ann",workspace_member;source_admin@source/abc,Web`,
  ).join('\r\n');

const spent = (answer: Answer): { queries: number; written: number } => {
  const found = /queries=(\d+) rows_read=\d+ rows_written=(\d+)/.exec(answer.headers.get('server-timing') ?? '');
  return { queries: Number(found?.[1]), written: Number(found?.[2]) };
};

test('ten thousand rows are invited by one request, in few statements, and the same request again changes nothing', async (t) => {
  const acme = await worker.tenant('acme');
  assert.equal((await acme.call('PUT', '/resources/source/abc', { name: 'abc' })).status, 201);
  assert.equal((await acme.call('POST', '/groups', { name: 'Web', grants: ['source_read_only'] })).status, 201);
  const rows = file(10_000);
  const state = (): string => JSON.stringify(worker.rows(`SELECT (SELECT count(*) FROM invites) AS invites, (SELECT count(*) FROM grants) AS grants,
    (SELECT count(*) FROM audit_events) AS events, (SELECT count(*) FROM outbox) AS mails, version, pending_count FROM workspaces WHERE id = '${acme.id}'`)[0]);
  const empty = state();

  const dry = await bulk(acme, rows, '?dry_run=true');
  assert.deepEqual([dry.status, dry.body.summary.invited, spent(dry).written], [200, 9_500, 0]);
  const aborted = await bulk(acme, rows, '?on_error=abort');
  assert.deepEqual([aborted.status, aborted.body.code, aborted.body.rows.length], [422, 'validation_failed', 10_000]);
  assert.equal(state(), empty);

  const started = performance.now();
  const made = await bulk(acme, rows);
  t.diagnostic(`10,000 rows: ${Math.round(performance.now() - started)} ms, ${made.headers.get('server-timing')}`);
  assert.equal(made.status, 200, JSON.stringify(made.body).slice(0, 500));
  const summary = { invited: 9_500, already_member: 0, already_invited: 0, duplicate: 50, invalid: 450, total: 10_000 };
  assert.deepEqual(made.body.summary, summary);
  assert.deepEqual(made.body.rows, dry.body.rows);
  assert.ok(spent(made).queries <= 100, `${spent(made).queries} statements`);
  assert.deepEqual(JSON.parse(state()), { invites: 9_500, grants: 19_003, events: 9_503, mails: 9_500, version: JSON.parse(empty).version + 1, pending_count: 9_500 });

  const full = state();
  const again = await bulk(acme, rows);
  assert.deepEqual([again.body.summary.invited, again.body.summary.already_invited], [0, 9_500]);
  assert.equal(state(), full);
});

test('of requests that race for the same addresses each invites what the others left', async () => {
  const acme = await worker.tenant('racers');
  const rows = Array.from({ length: 200 }, (_, index) => `r${index}@example.com,,workspace_member,`).join('\n');
  const answers = await Promise.all(Array.from({ length: 5 }, () => bulk(acme, rows)));
  assert.deepEqual(answers.map((answer) => answer.status), [200, 200, 200, 200, 200]);
  assert.equal(answers.reduce((sum, answer) => sum + answer.body.summary.invited, 0), 200);
  assert.equal(worker.rows(`SELECT count(*) AS n FROM invites WHERE workspace_id = '${acme.id}'`)[0].n, 200);
});

test('files that race for the last seats share them, and each row without one is told', async () => {
  const acme = await worker.tenant('seats', { seat_limit: 151 });
  const rows = (one: number): string => Array.from({ length: 100 }, (_, index) => `s${one}x${index}@example.com,,workspace_member,`).join('\n');
  const answers = await Promise.all([0, 1, 2].map((one) => bulk(acme, rows(one))));
  assert.equal(answers.reduce((sum, answer) => sum + answer.body.summary.invited, 0), 150);
  const told = answers.flatMap((answer) => answer.body.rows).filter((row) => row.outcome === 'invalid');
  assert.deepEqual([told.length, ...new Set(told.map((row) => row.errors[0].code))], [150, 'seat_limit_reached']);
});
