// The life of a membership on real workerd, by mail alone: signed in, invited, accepted, at work, stale, removed, on record.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Receiver } from './support/receiver.ts';
import { Worker, type Answer, type Json, type Tenant } from './support/worker.ts';

const OWNER = 'owner@acme.example';
const receiver = new Receiver();
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

const cookieOf = (answer: Answer): string => answer.headers.get('set-cookie')?.split(';')[0] ?? '';

async function signIn(email: string, mails: number): Promise<string> {
  assert.equal((await worker.call('POST', '/v1/sessions/email', null, { email })).status, 202);
  const opened = await worker.call('POST', `/v1/sessions/email/${await receiver.secret(email, mails)}`, null);
  assert.deepEqual([opened.status, opened.body.email], [201, email]);
  return cookieOf(opened);
}

test('a person is invited by mail, works, goes stale and is removed, and the trail tells it all', async () => {
  const owner = await signIn(OWNER, 1);
  assert.equal((await acme.as(owner, 'PUT', '/resources/source/abc', { name: 'Website' })).status, 201);
  const invites = [{ email: 'ann@example.com', name: 'Ann', grants: ['workspace_member', 'source_admin@source/abc'] }];
  const invited = await acme.as(owner, 'POST', '/invites', { invites });
  assert.equal(invited.status, 201, JSON.stringify(invited.body));
  const { id } = invited.body.data[0];

  const secret = await receiver.secret('ann@example.com', 1);
  const offer = await worker.call('GET', `/v1/invites/${secret}`, null);
  assert.deepEqual([offer.body.workspace, offer.body.inviter, offer.body.status], ['acme', 'Olga', 'pending']);
  assert.deepEqual(offer.body.roles.map((role: Json) => role.scope), ['the whole workspace', 'source/abc']);
  const accepted = await worker.call('POST', `/v1/invites/${secret}/accept`, null, {});
  assert.deepEqual([accepted.status, accepted.body.name], [201, 'Ann']);
  const [ann, member] = [cookieOf(accepted), accepted.body.id];

  const allowed = await acme.as(ann, 'POST', '/check', { member: 'me', action: 'source:edit', resource: 'source/abc' });
  assert.deepEqual([allowed.body.allowed, allowed.body.because[0].grant], [true, 'source_admin@source/abc']);
  assert.equal((await acme.as(ann, 'PUT', '/resources/source/abc', { name: 'Shop' })).status, 200);
  const again = await signIn('ann@example.com', 2);
  assert.equal((await acme.as(again, 'GET', '/members/me')).status, 200);

  assert.equal((await acme.as(owner, 'GET', '/seats')).body.inactive, 0);
  const long = Date.now() - 91 * 86_400_000;
  worker.sql(`UPDATE members SET last_active_at = ${long} WHERE account_id = '${member}'`);
  assert.equal((await acme.as(owner, 'GET', '/seats')).body.inactive, 1);
  const since = new Date(Date.now() - 90 * 86_400_000).toISOString();
  const stale = await acme.as(owner, 'GET', `/members?inactive_since=${since}`);
  assert.deepEqual(stale.body.data.map((one: Json) => [one.email, one.last_active_at.slice(0, 10)]), [['ann@example.com', new Date(long).toISOString().slice(0, 10)]]);

  const impact = await acme.as(owner, 'DELETE', `/members/${member}?dry_run=true`);
  assert.equal(impact.body.impact.last_owner, false);
  assert.equal((await acme.as(owner, 'DELETE', `/members/${member}`)).status, 204);
  for (const session of [ann, again]) {
    const answer = await acme.as(session, 'GET', '/members/me');
    assert.deepEqual([answer.status, answer.body.code], [404, 'not_found'], 'a session is over with the membership');
  }

  const trail = (await acme.as(owner, 'GET', '/audit-events')).body.data.reverse();
  const told = trail.map((event: Json) => [event.type, event.actor.email ?? event.actor.id, event.subject.id]);
  // The two events of one acceptance have one moment.
  if (told[3][0] === 'member.joined') told.splice(3, 2, told[4], told[3]);
  assert.deepEqual(told, [
    ['workspace.created', 'bootstrap', acme.id],
    ['resource.created', OWNER, 'source/abc'],
    ['invite.sent', OWNER, id],
    ['invite.accepted', 'ann@example.com', id],
    ['member.joined', 'ann@example.com', member],
    ['resource.updated', 'ann@example.com', 'source/abc'],
    ['member.removed', OWNER, member],
  ]);
  const removed = trail.at(-1);
  assert.deepEqual([removed.before.email, removed.after, removed.via], ['ann@example.com', null, 'console']);
  assert.equal(JSON.stringify(trail).includes('rcl_'), false, 'a secret is in the trail');
});

test('who signs out everywhere is out, and a link opens one session', async () => {
  const [one, two] = [await signIn(OWNER, 2), await signIn(OWNER, 3)];
  const used = await worker.call('POST', `/v1/sessions/email/${await receiver.secret(OWNER, 3)}`, null);
  assert.deepEqual([used.status, used.body.code], [410, 'link_used']);
  const foreign = await worker.call('DELETE', '/v1/sessions', null, undefined, { cookie: one, origin: 'https://evil.example' });
  assert.deepEqual([foreign.status, foreign.body.code], [403, 'cross_site']);
  assert.equal((await worker.call('DELETE', '/v1/sessions', null, undefined, { cookie: one, origin: worker.url })).status, 204);
  for (const cookie of [one, two]) assert.equal((await worker.call('GET', '/v1/me', null, undefined, { cookie })).status, 401);
});
