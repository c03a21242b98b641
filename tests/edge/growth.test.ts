// What a request reads doesn't grow with its workspace: D1's own count of rows, on workspaces of 100 to 100,000 members.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Crowd } from './support/crowd.ts';
import { Worker, type Json } from './support/worker.ts';

const CROWDS = [100, 10_000, 100_000].map((size, index) => new Crowd(index + 1, size));
/** A workspace on either side of them: a read that ends where the table ends would count one row less. */
const NEIGHBOURS = [new Crowd(0, 10), new Crowd(99, 10)];
/** A scan of the table of members, of any of the workspaces together, reads more than this. */
const MOST = 1_000;
const LIMIT = 5;

let worker: Worker;
before(async () => {
  worker = await Worker.start((database) => {
    database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN');
    for (const crowd of [...CROWDS, ...NEIGHBOURS]) crowd.write(database);
    database.exec('COMMIT');
  });
});
after(() => worker.stop());

/** What is asked of each workspace: a name, method, path, body, and how many rows the answer lists. */
type Question = { name: string; method: string; path: (crowd: Crowd) => string; body?: (crowd: Crowd) => Json; rows?: number };
const get = (name: string, path: (crowd: Crowd) => string, rows?: number): Question => ({ name, method: 'GET', path, rows });
const list = (path: string, rows = LIMIT): Question => get(path, () => `/${path}${path.includes('?') ? '&' : '?'}limit=${LIMIT}`, rows);
const last = (crowd: Crowd) => crowd.member(crowd.size);

const QUESTIONS: Question[] = [
  { name: 'check', method: 'POST', path: () => '/check', body: (crowd) => ({ member: last(crowd), action: 'source:edit', resource: 'source/s1' }) },
  { name: 'check by address', method: 'POST', path: () => '/check', body: (crowd) => ({ member: crowd.email(crowd.size - 1), action: 'source:view', resource: 'source/s1' }) },
  get('member', (crowd) => `/members/${last(crowd)}`),
  { name: 'invite', method: 'POST', path: () => '/invites', body: () => ({ invites: [{ email: 'new@example.com', grants: ['workspace_member'] }], deliver: 'link' }) },
  list('members'),
  list('members?sort=joined_at'),
  list('members?sort=-last_active_at'),
  list('members?q=p'),
  list('invites?status=pending'),
  list('invites?status=expired', 0),
  list('access/stale?inactive_since=2100-01-01T00:00:00Z'),
  list('access/stale?inactive_since=2100-01-01T00:00:00Z&kind=token', 1),
  list('access/stale?inactive_since=2100-01-01T00:00:00Z&kind=invite'),
  list('access/members?action=workspace:view'),
  list('access/members?action=source:create', 1),
  list('access/members?action=source:edit&resource=source/s1'),
  list('access/members?action=source:view&resource=source/s1'),
  list('access/members?action=source:view&resource=source/*'),
  list('access/members?action=pii:view&resource=source/s1'),
  get('access/resources of one, by labels', (crowd) => `/access/resources?action=source:view&limit=${LIMIT}&member=${crowd.member(8)}`, LIMIT),
  get('access/resources of one, all', (crowd) => `/access/resources?action=source:view&limit=${LIMIT}&member=${crowd.member(3)}`, LIMIT),
];

/** D1's count in the header of an answer. */
function rowsRead(header: string | null): number {
  const found = /desc="queries=\d+ rows_read=(\d+) rows_written=\d+"/.exec(header ?? '');
  assert.ok(found, `no count in ${header}`);
  return Number(found[1]);
}

test(`what is read is the same with ${CROWDS.map((crowd) => crowd.size.toLocaleString('en')).join(', ')} members`, async () => {
  const table: Record<string, Record<string, number>> = {};
  for (const question of QUESTIONS) {
    for (const crowd of CROWDS) {
      const answer = await crowd.tenant(worker).call(question.method, question.path(crowd), question.body?.(crowd));
      assert.ok(answer.status < 300, `${question.name}: ${JSON.stringify(answer.body)}`);
      if (question.rows !== undefined) assert.equal(answer.body.data.length, question.rows, question.name);
      (table[question.name] ??= {})[crowd.size] = rowsRead(answer.headers.get('server-timing'));
    }
  }
  console.table(table);
  for (const [name, counts] of Object.entries(table)) {
    const [first, ...rest] = Object.values(counts);
    assert.ok(rest.every((count) => count === first) && first < MOST, `${name}: ${JSON.stringify(counts)}`);
  }
});
