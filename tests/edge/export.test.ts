// A file of 100,000 events, larger than a Worker's memory: whole and in order, in the memory of a page, or broken off.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Crowd } from './support/crowd.ts';
import { Worker } from './support/worker.ts';

const EVENTS = 100_000;
/** How long what each event has to say of before is: enough for files of more than the 128 MB that a Worker has. */
const BEFORE = 1_300;
const crowd = new Crowd(1, 10);

let worker: Worker;
before(async () => {
  worker = await Worker.start((database) => {
    crowd.write(database);
    database.exec(`PRAGMA synchronous = OFF; INSERT INTO audit_events
        (workspace_id, id, type, at, actor_kind, actor_id, via, subject_type, subject_id, before, request_id)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${EVENTS})
      SELECT '${crowd.workspace}', printf('evt_%025d0', i), 'label.created', i, 'system', 'x', 'system', 'label', 'a:b',
        json_quote('=' || printf('%.*c', ${BEFORE}, 'x')), 'r' FROM n`);
  });
});
after(() => worker.stop());

function open(accept: string): Promise<Response> {
  const headers = { accept, authorization: `Bearer ${crowd.tenant(worker).token}` };
  return fetch(`${worker.url}/v1/workspaces/${crowd.workspace}/audit-events`, { headers, signal: AbortSignal.timeout(180_000) });
}

/** What a file was like: what its lines start with; for its parts, when each had come, how much it was, and the most memory by then. */
type Read = { starts: string[]; parts: { at: number; bytes: number; memory: number }[] };

/** Reads a file to its end, and looks at the server's memory about each ten megabytes. */
async function read(response: Response): Promise<Read> {
  const [from, decoder]: [number, TextDecoder] = [performance.now(), new TextDecoder()];
  const { starts, parts }: Read = { starts: [], parts: [] };
  let [rest, bytes] = ['', 0];
  const look = () => parts.push({ at: performance.now() - from, bytes, memory: worker.memory() });
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > parts.length * 1e7) look();
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) starts.push(line.slice(0, 40));
  }
  look();
  assert.equal(rest, '', 'the last line is whole');
  return { starts, parts };
}

/** Asserts that a file holds each event once, the newest first. */
function assertWhole(starts: string[], before: string): void {
  assert.equal(starts.length, EVENTS);
  const id = (index: number) => `${before}evt_${String(EVENTS - index).padStart(25, '0')}0`;
  const wrong = starts.findIndex((line, index) => !line.startsWith(id(index)));
  assert.equal(wrong, -1, `line ${wrong}: ${starts[wrong]}`);
}

test('each event once, the newest first, as it is read and in bounded memory', async () => {
  worker.memory({ anew: true });
  const response = await open('text/csv');
  assert.deepEqual([response.status, response.headers.get('content-length')], [200, null]);
  const { starts, parts } = await read(response);
  assert.equal(starts.shift()?.slice(0, 8), 'id,type,');
  assertWhole(starts, '');
  const [first, last] = [parts[0], parts[parts.length - 1]];
  const megabytes = (count: number) => `${(count / 1e6).toFixed(0)} MB`;
  const told = parts.map(({ at, bytes, memory }) => `${megabytes(bytes)}: ${at.toFixed(0)} ms, ${megabytes(memory)}`).join('; ');
  console.log(`read, and the most memory of all processes by then: ${told}`);
  assert.ok(last.bytes > 128e6, 'more than a Worker has memory');
  assert.ok(first.at < last.at / 4, 'the first bytes come long before the last');
  // Built whole it would be there three times and more: as it grows, and as what is handed over. JavaScript collects late.
  assert.ok(last.memory - first.memory < 2 * last.bytes, 'what has gone out is let go of');
});

test('a file that fails in the middle breaks off', async () => {
  const response = await open('text/csv');
  assert.equal(response.status, 200);
  const reader = response.body?.getReader();
  assert.ok(reader !== undefined && !(await reader.read()).done);
  worker.sql('ALTER TABLE audit_events RENAME TO elsewhere');
  await assert.rejects(async () => {
    while (!(await reader.read()).done) continue;
  });
  worker.sql('ALTER TABLE elsewhere RENAME TO audit_events');
});

test('what happens while a file goes out is not in it', async () => {
  const response = await open('application/x-ndjson');
  const label = await crowd.tenant(worker).call('POST', '/labels', { key: 'made', value: 'meanwhile' });
  assert.equal(label.status, 201);
  assertWhole((await read(response)).starts, '{"id":"');
  assert.equal((await crowd.tenant(worker).call('GET', '/audit-events?limit=1')).body.data[0].subject.id, 'made:meanwhile');
});
