// Mail from the real Worker to a receiver that fails, stalls and hears things twice: each owed mail arrives once by its key.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ok, Receiver, type Received, type Respond } from './support/receiver.ts';
import { Worker, type Json, type Tenant } from './support/worker.ts';

const receiver = new Receiver();
const to = (email: string): Received[] => receiver.to(email);
const respondWith = (respond: Respond): void => void (receiver.respond = respond);
let worker: Worker;
let acme: Tenant;
before(async () => {
  worker = await Worker.start(undefined, await receiver.start());
  acme = await worker.tenant('acme');
});
after(() => {
  worker.stop();
  receiver.stop();
});

async function invite(email: string): Promise<string> {
  const made = await acme.call('POST', '/invites', { invites: [{ email, grants: ['workspace_member'] }] });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.data[0].id;
}

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
  respondWith(ok);
  const id = await invite('ann@example.com');
  await reaches(id, 'sent', 1);
  const [one, ...more] = to('ann@example.com');
  assert.deepEqual([one.authorization, one.mail.from, more.length], ['Bearer key', 'access@example.com', 0]);
  assert.match(one.mail.text, /\/invites\/rcl_inv_/);
  assert.equal(worker.rows(`SELECT sealed FROM outbox WHERE id = '${one.key}'`)[0].sealed, null);
});

test('mail that failed ten times arrives once by its key when the provider is back', async () => {
  respondWith((_, response) => void response.writeHead(500).end());
  const emails = ['ben@example.com', 'bea@example.com', 'bob@example.com'];
  const ids = await Promise.all(emails.map(invite));
  for (let tries = 1; tries <= 10; tries += 1) {
    const seen = await Promise.all(ids.map((id) => reaches(id, 'queued', tries)));
    assert.ok(seen.every((one) => one.last_error === 'the mail provider answered 500'));
    if (tries === 10) respondWith(ok);
    await cron();
  }
  await Promise.all(ids.map((id) => reaches(id, 'sent', 11)));
  await cron();
  for (const email of emails) {
    assert.deepEqual([to(email).length, new Set(to(email).map((one) => one.key)).size], [11, 1]);
  }
});

test('the last failure is told, and a provider that answers twice or breaks off is asked again under the same key', async () => {
  respondWith((_, response) => void response.writeHead(500).end());
  const last = await invite('bit@example.com');
  await reaches(last, 'queued', 1);
  worker.sql(`UPDATE outbox SET tries = 35 WHERE subject_id = '${last}'`);
  await cron();
  assert.equal((await reaches(last, 'failed', 36)).last_error, 'the mail provider answered 500');

  const twice = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
  respondWith((_, response) => void response.socket?.end(twice + twice));
  const id = await invite('two@example.com');
  await reaches(id, 'sent', 1);
  // The mail is taken, the answer to it never arrives: what the provider does with the second is its key's work.
  respondWith((_, response) => void response.socket?.destroy());
  const lost = await invite('lost@example.com');
  assert.equal((await reaches(lost, 'queued', 1)).last_error, 'the mail provider can\'t be reached');
  respondWith(ok);
  await cron();
  await reaches(lost, 'sent', 2);
  assert.deepEqual([to('lost@example.com').length, new Set(to('lost@example.com').map((one) => one.key)).size], [2, 1]);
});

test('a receiver that stalls is left after ten seconds and asked again', async () => {
  respondWith(() => {});
  const id = await invite('cat@example.com');
  assert.equal((await reaches(id, 'queued', 1)).last_error, 'the mail provider did not answer in time');
  respondWith(ok);
  await cron();
  await reaches(id, 'sent', 2);
  assert.equal(new Set(to('cat@example.com').map((one) => one.key)).size, 1);
});

test('what is canceled is not sent', async () => {
  respondWith((_, response) => void response.writeHead(503).end());
  const id = await invite('dan@example.com');
  await reaches(id, 'queued', 1);
  assert.equal((await acme.call('DELETE', `/invites/${id}`)).status, 204);
  respondWith(ok);
  await cron();
  assert.equal(to('dan@example.com').length, 1);
});

test('runs at the same moment send no mail twice and lose none', async () => {
  respondWith((_, response) => void response.writeHead(503).end());
  const ids = await Promise.all(Array.from({ length: 20 }, (_, index) => invite(`p${index}@example.com`)));
  await Promise.all(ids.map((id) => reaches(id, 'queued', 1)));
  receiver.received = [];
  respondWith(ok);
  worker.sql('UPDATE outbox SET due_at = 0 WHERE lease IS NULL');
  await Promise.all(Array.from({ length: 8 }, () => worker.cron()));
  await Promise.all(ids.map((id) => reaches(id, 'sent', 2)));
  assert.deepEqual([receiver.received.length, new Set(receiver.received.map((one) => one.key)).size], [20, 20]);
});
