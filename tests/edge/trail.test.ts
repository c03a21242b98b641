// What the cron does by itself, on the real Worker: it tells of expired invites, reminds of others and forgets old events, each once.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { Worker, type Json, type Tenant } from './support/worker.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const mails: Json[] = [];
const receiver = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  mails.push(JSON.parse(body));
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"1"}');
});

let worker: Worker;
let acme: Tenant;
before(async () => {
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  const { port } = receiver.address() as AddressInfo;
  const mail = `MAIL_URL="http://127.0.0.1:${port}"\nMAIL_KEY="key"\nMAIL_FROM="access@example.com"\n`;
  // The cron has no request that tells where the deployment is.
  const origin = 'ORIGIN="https://access.example"\n';
  worker = await Worker.start(undefined, `${mail}${origin}AUDIT_RETENTION_DAYS="30"\n`);
  acme = await worker.tenant('acme');
  const set = await acme.call('PATCH', '', { settings: { invite_reminder_hours: 24 } });
  assert.equal(set.body.settings.invite_reminder_hours, 24);
});
after(() => {
  worker.stop();
  receiver.closeAllConnections();
  receiver.close();
});

const crons = (count: number) => Promise.all(Array.from({ length: count }, () => worker.cron()));
const events = async (type: string): Promise<Json[]> => {
  const found = await acme.call('GET', `/audit-events?type=${type}`);
  assert.equal(found.status, 200, JSON.stringify(found.body));
  return found.body.data;
};
const to = (email: string): Json[] => mails.filter((mail) => mail.to[0] === email);

/** Waits for a condition, for seconds at most. */
async function until(is: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; !is(); await new Promise((done) => setTimeout(done, 50))) {
    assert.ok(Date.now() < deadline, 'this never came');
  }
}

/** Invites by mail, and moves the invite in time so that it expires so many hours from now. */
async function invite(email: string, expiresIn: number): Promise<string> {
  const made = await acme.call('POST', '/invites', { invites: [{ email, grants: ['workspace_member'] }] });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  await until(() => to(email).length === 1);
  await until(() => worker.rows(`SELECT sent_at FROM outbox WHERE to_email = '${email}'`)[0].sent_at !== null);
  const expires = Date.now() + expiresIn * HOUR;
  worker.sql(`UPDATE invites SET sent_at = ${Date.now() - 100 * HOUR}, expires_at = ${expires} WHERE email = '${email}'`);
  return made.body.data[0].id;
}

test('of many runs at once one reminds, by a link that works beside the first', async () => {
  const id = await invite('ann@example.com', 23);
  await invite('early@example.com', 25);
  await crons(5);
  await until(() => to('ann@example.com').length === 2);
  await crons(2);
  const told = await events('invite.reminded');
  assert.deepEqual(told.map((event) => [event.subject.id, event.via]), [[id, 'system']]);
  assert.deepEqual([to('ann@example.com').length, to('early@example.com').length], [2, 1]);
  const secrets = to('ann@example.com').map((mail) => /rcl_inv_[a-z0-9]+/.exec(mail.text)?.[0]);
  assert.notEqual(secrets[0], secrets[1]);
  for (const mail of to('ann@example.com')) assert.match(mail.text, /https:\/\/access\.example\/invites\/rcl_inv_/);
  for (const secret of secrets) assert.equal((await worker.call('GET', `/v1/invites/${secret}`, null)).status, 200);
  const seen = (await acme.call('GET', `/invites/${id}`)).body;
  assert.deepEqual([typeof seen.opened_at, typeof seen.reminded_at], ['string', 'string']);
  assert.equal((await worker.call('POST', `/v1/invites/${secrets[1]}/accept`, null, {})).status, 201);
  assert.equal((await worker.call('POST', `/v1/invites/${secrets[0]}/accept`, null, {})).body.code, 'invite_used');
});

test('of many runs at once one tells of an invite that expired', async () => {
  const [gone, renewed] = [await invite('ben@example.com', -1), await invite('cat@example.com', -1)];
  assert.equal((await acme.call('POST', `/invites/${renewed}/resend`, { deliver: 'link' })).status, 200);
  await crons(5);
  await crons(2);
  const told = await events('invite.expired');
  assert.deepEqual(told.map((event) => [event.subject.id, event.actor.kind]), [[gone, 'system']]);
});

test('old events go by the cron alone, and the log says so', async () => {
  const id = (number: number) => `evt_${String(number).padStart(25, '0')}0`;
  const add = (number: number, at: number) => worker.sql(`INSERT INTO audit_events
    (workspace_id, id, type, at, actor_kind, actor_id, via, subject_type, subject_id, request_id)
    VALUES ('${acme.id}', '${id(number)}', 'label.created', ${at}, 'system', 'x', 'system', 'label', 'a:b', 'r')`);
  add(1, Date.now() - 40 * DAY);
  add(2, Date.now() - 31 * DAY);
  add(3, Date.now() - 29 * DAY);
  for (const sql of [`DELETE FROM audit_events`, `UPDATE audit_events SET at = 0`, `DELETE FROM audit_events WHERE id = '${id(1)}'`]) {
    assert.throws(() => worker.sql(sql), /append_only/);
  }
  const had = (await events('label.created')).length;
  await worker.cron();
  assert.equal((await events('label.created')).length, had - 2);
  await until(() => /audit retention: removed 2 events older than 20\d\d-/.test(worker.output));
  await crons(3);
  assert.equal((await events('label.created')).length, had - 2);
  assert.equal(worker.output.match(/audit retention/g)?.length, 1);
});
