// Mail from the real Worker to a receiver that fails, stalls and hears things twice: each owed mail arrives once by its key.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { Worker, type Json, type Tenant } from './support/worker.ts';

type Received = { key: string; mail: Json; authorization: string };
let respond: (received: Received, response: ServerResponse) => void;
let received: Received[] = [];
const ok = (_: Received, response: ServerResponse): void => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"1"}');

const receiver = createServer(async (request: IncomingMessage, response: ServerResponse) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  assert.equal(`${request.method} ${request.url}`, 'POST /emails');
  const { authorization = '', 'idempotency-key': key } = request.headers;
  const one = { key: String(key), mail: JSON.parse(body), authorization };
  received.push(one);
  respond(one, response);
});

let worker: Worker;
let acme: Tenant;
before(async () => {
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  const { port } = receiver.address() as AddressInfo;
  worker = await Worker.start(undefined, `MAIL_URL="http://127.0.0.1:${port}"\nMAIL_KEY="key"\nMAIL_FROM="access@example.com"\n`);
  acme = await worker.tenant('acme');
});
after(() => {
  worker.stop();
  receiver.closeAllConnections();
  receiver.close();
});

async function invite(email: string): Promise<string> {
  const made = await acme.call('POST', '/invites', { invites: [{ email, grants: ['workspace_member'] }] });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.data[0].id;
}

const to = (email: string): Received[] => received.filter((one) => one.mail.to[0] === email);
const delivery = async (id: string): Promise<Json> => (await acme.call('GET', `/invites/${id}`)).body.delivery;

/** Waits until an invite's mail has come that far. */
async function reaches(id: string, status: string, tries: number): Promise<Json> {
  for (const deadline = Date.now() + 20_000; ; await new Promise((done) => setTimeout(done, 50))) {
    const seen = await delivery(id);
    if (seen.status === status && seen.tries === tries && (status !== 'queued' || seen.last_error !== undefined)) return seen;
    assert.ok(Date.now() < deadline, JSON.stringify(seen));
  }
}

/** As if each pause and lease were over. */
async function cron(): Promise<void> {
  worker.sql('UPDATE outbox SET due_at = 0 WHERE lease IS NULL');
  await worker.cron();
}

test('a mail goes out right after the answer that owes it', async () => {
  respond = ok;
  const id = await invite('ann@example.com');
  await reaches(id, 'sent', 1);
  const [one, ...more] = to('ann@example.com');
  assert.deepEqual([one.authorization, one.mail.from, more.length], ['Bearer key', 'access@example.com', 0]);
  assert.match(one.mail.text, /\/invites\/rcl_inv_/);
  assert.equal(worker.rows(`SELECT sealed FROM outbox WHERE id = '${one.key}'`)[0].sealed, null);
});

test('mail that failed ten times arrives once by its key when the provider is back', async () => {
  respond = (_, response) => void response.writeHead(500).end();
  const emails = ['ben@example.com', 'bea@example.com', 'bob@example.com'];
  const ids = await Promise.all(emails.map(invite));
  for (let tries = 1; tries <= 10; tries += 1) {
    const seen = await Promise.all(ids.map((id) => reaches(id, 'queued', tries)));
    assert.ok(seen.every((one) => one.last_error === 'the mail provider answered 500'));
    if (tries === 10) respond = ok;
    await cron();
  }
  await Promise.all(ids.map((id) => reaches(id, 'sent', 11)));
  await cron();
  for (const email of emails) {
    assert.deepEqual([to(email).length, new Set(to(email).map((one) => one.key)).size], [11, 1]);
  }
});

test('the last failure is told, and a provider that answers twice or breaks off is asked again under the same key', async () => {
  respond = (_, response) => void response.writeHead(500).end();
  const last = await invite('bit@example.com');
  await reaches(last, 'queued', 1);
  worker.sql(`UPDATE outbox SET tries = 35 WHERE subject_id = '${last}'`);
  await cron();
  assert.equal((await reaches(last, 'failed', 36)).last_error, 'the mail provider answered 500');

  const twice = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
  respond = (_, response) => void response.socket?.end(twice + twice);
  const id = await invite('two@example.com');
  await reaches(id, 'sent', 1);
  // The mail is taken, the answer to it never arrives: what the provider does with the second is its key's work.
  respond = (_, response) => void response.socket?.destroy();
  const lost = await invite('lost@example.com');
  assert.equal((await reaches(lost, 'queued', 1)).last_error, 'the mail provider can\'t be reached');
  respond = ok;
  await cron();
  await reaches(lost, 'sent', 2);
  assert.deepEqual([to('lost@example.com').length, new Set(to('lost@example.com').map((one) => one.key)).size], [2, 1]);
});

test('a receiver that stalls is left after ten seconds and asked again', async () => {
  respond = () => {};
  const id = await invite('cat@example.com');
  assert.equal((await reaches(id, 'queued', 1)).last_error, 'the mail provider did not answer in time');
  respond = ok;
  await cron();
  await reaches(id, 'sent', 2);
  assert.equal(new Set(to('cat@example.com').map((one) => one.key)).size, 1);
});

test('what is canceled is not sent', async () => {
  respond = (_, response) => void response.writeHead(503).end();
  const id = await invite('dan@example.com');
  await reaches(id, 'queued', 1);
  assert.equal((await acme.call('DELETE', `/invites/${id}`)).status, 204);
  respond = ok;
  await cron();
  assert.equal(to('dan@example.com').length, 1);
});

test('runs at the same moment send no mail twice and lose none', async () => {
  respond = (_, response) => void response.writeHead(503).end();
  const ids = await Promise.all(Array.from({ length: 20 }, (_, index) => invite(`p${index}@example.com`)));
  await Promise.all(ids.map((id) => reaches(id, 'queued', 1)));
  received = [];
  respond = ok;
  worker.sql('UPDATE outbox SET due_at = 0 WHERE lease IS NULL');
  await Promise.all(Array.from({ length: 8 }, () => worker.cron()));
  await Promise.all(ids.map((id) => reaches(id, 'sent', 2)));
  assert.deepEqual([received.length, new Set(received.map((one) => one.key)).size], [20, 20]);
});
