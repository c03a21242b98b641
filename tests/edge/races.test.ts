// Rules that hold when requests meet: owners, invites, seats and authority on real workerd with D1.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BOOTSTRAP, Worker, type Answer, type Tenant } from './support/worker.ts';

const ROUNDS = 50;
let worker: Worker;
before(async () => void (worker = await Worker.start()));
after(() => worker.stop());

/** One workspace, two owners with sessions; each round they act on each other at the same moment. */
async function duel(slug: string, act: 'remove' | 'demote'): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const acme = await worker.tenant(`${slug}-${round}`);
    const other = await acme.member('second@example.com', ['workspace_owner', 'workspace_member']);
    const [method, suffix, body] = act === 'remove' ? ['DELETE', '', undefined] : ['PUT', '/grants', { grants: ['workspace_member'] }];
    const answers = await Promise.all([
      acme.call(method as string, `/members/${other.id}${suffix}`, body),
      acme.as(other.cookie, method as string, `/members/${acme.owner}${suffix}`, body),
    ]);
    const statuses = answers.map((answer) => answer.status);
    assert.ok(statuses.every((status) => status < 500), `round ${round}: ${JSON.stringify(answers.map((answer) => answer.body))}`);
    assert.equal(statuses.filter((status) => status < 300).length, 1, `round ${round}: ${statuses}`);
    assert.equal(worker.rows(`SELECT count(*) AS n FROM owners WHERE workspace_id = '${acme.id}'`)[0].n, 1, `round ${round}`);
  }
}

test(`two owners who remove each other, ${ROUNDS} times, leave an owner`, () => duel('remove', 'remove'));
test(`two owners who demote each other, ${ROUNDS} times, leave an owner`, () => duel('demote', 'demote'));

test('50 acceptances of one invite at once make one member', async () => {
  const acme = await worker.tenant('accept');
  const secret = await acme.invite('ann@example.com', ['workspace_member']);
  const accept = () => worker.call('POST', `/v1/invites/${secret}/accept`, null, {});
  const answers = await Promise.all(Array.from({ length: 50 }, accept));
  const codes = answers.map((answer) => answer.body.code ?? answer.status).sort();
  assert.deepEqual([...new Set(codes)].sort(), [201, 'invite_used'].sort());
  assert.equal(codes.filter((code) => code === 201).length, 1);
  assert.equal(worker.rows(`SELECT count(*) AS n FROM members WHERE workspace_id = '${acme.id}'`)[0].n, 2);
});

test('50 openings of one sign-in link at once make one session', async () => {
  const acme = await worker.tenant('sign-in');
  await acme.member('sue@example.com', ['workspace_member']);
  assert.equal((await worker.call('POST', '/v1/sessions/email', null, { email: 'sue@example.com' })).status, 202);
  const secret = worker.mails('sue@example.com').pop()?.text.match(/rcl_lnk_\w+/)?.[0];
  const open = () => worker.call('POST', `/v1/sessions/email/${secret}`, null);
  const answers = await Promise.all(Array.from({ length: 50 }, open));
  const codes = answers.map((answer) => answer.body.code ?? answer.status);
  assert.deepEqual([...new Set(codes)].sort(), [201, 'link_used'].sort());
  assert.equal(codes.filter((code) => code === 201).length, 1);
  const sessions = `SELECT count(*) AS n FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE a.email = 'sue@example.com'`;
  assert.equal(worker.rows(sessions)[0].n, 2, 'the one of the acceptance and the one of the link');
});

test('20 seats left and 100 invites at once: 20 pending, 80 refused', async () => {
  const acme = await worker.tenant('seats', { seat_limit: 21 });
  const invite = (_: unknown, index: number) =>
    acme.call('POST', '/invites', { invites: [{ email: `p${index}@example.com`, grants: ['workspace_member'] }], deliver: 'link' });
  const answers = await Promise.all(Array.from({ length: 100 }, invite));
  const codes = answers.map((answer) => answer.body.code ?? answer.status);
  assert.equal(codes.filter((code) => code === 201).length, 20);
  assert.equal(codes.filter((code) => code === 'seat_limit_reached').length, 80);
  const secrets = answers.filter((answer) => answer.status === 201).map((answer) => answer.body.data[0].accept_url.split('/').pop());
  const accepted = await Promise.all(secrets.map((secret) => worker.call('POST', `/v1/invites/${secret}/accept`, null, {})));
  assert.deepEqual([...new Set(accepted.map((answer) => answer.status))], [201], 'a reserved seat never fails');
});

test("a removed member's personal token fails in the next request", async () => {
  const acme = await worker.tenant('token');
  const other = await acme.member('second@example.com', ['workspace_owner', 'workspace_member']);
  assert.equal((await acme.as(other.cookie, 'DELETE', `/members/${acme.owner}`)).status, 204);
  assert.equal((await worker.call('GET', '/v1/me', acme.token)).status, 401);
});

/** A service that may remove members and manage groups: no owner itself, so that only the rule in the database stops it. */
async function service(tenant: Tenant): Promise<string> {
  const made = await tenant.call('POST', '/tokens', { name: 'service', actions: ['member:remove', 'group:manage'] });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.secret;
}

/** Exactly one of two requests that together would leave no owner succeeds; the other hears why. */
function assertOneRefused(tenant: Tenant, answers: Answer[], round: number): void {
  const outcomes = answers.map((answer) => (answer.status < 300 ? 'done' : answer.body.code)).sort();
  assert.deepEqual(outcomes, ['done', 'last_owner'], `round ${round}: ${JSON.stringify(answers.map((answer) => answer.body))}`);
  assert.equal(worker.rows(`SELECT count(*) AS n FROM owners WHERE workspace_id = '${tenant.id}'`)[0].n, 1, `round ${round}`);
}

test('a service that removes both owners at the same moment, 20 times, removes one', async () => {
  for (let round = 0; round < 20; round += 1) {
    const acme = await worker.tenant(`service-${round}`);
    const other = await acme.member('second@example.com', ['workspace_owner', 'workspace_member']);
    const token = await service(acme);
    const remove = (id: string) => acme.call('DELETE', `/members/${id}`, undefined, token);
    assertOneRefused(acme, await Promise.all([remove(acme.owner), remove(other.id)]), round);
  }
});

const GROUP_ENDINGS: [string, (group: string, member: string) => [string, string, unknown?]][] = [
  ['deletes the owning group', (group) => ['DELETE', `/groups/${group}`]],
  ['strips the owning group', (group) => ['PUT', `/groups/${group}/grants`, { grants: [] }]],
  ['empties the owning group', (group, member) => ['DELETE', `/groups/${group}/members/${member}`]],
];

for (const [name, ending] of GROUP_ENDINGS) {
  test(`a service that ${name} and removes the other owner at the same moment, 20 times, does one`, async () => {
    for (let round = 0; round < 20; round += 1) {
      const acme = await worker.tenant(`${name.replaceAll(' ', '-')}-${round}`);
      const ann = await acme.member('ann@example.com', ['workspace_member']);
      const group = (await acme.call('POST', '/groups', { name: 'Owners', grants: ['workspace_owner'] })).body;
      assert.equal((await acme.call('POST', `/groups/${group.id}/members`, { members: [ann.id] })).status, 200);
      const token = await service(acme);
      // In turn each starts first: what is read before the other commits is refused by the database alone.
      const requests: [string, string, unknown?][] = [ending(group.id, ann.id), ['DELETE', `/members/${acme.owner}`]];
      if (round % 2 === 1) requests.reverse();
      const answers = await Promise.all(requests.map(([method, path, body]) => acme.call(method, path, body, token)));
      assertOneRefused(acme, answers, round);
    }
  });
}

test('two seats left and ten invites at once: two pending; their acceptances succeed, a third invite does not', async () => {
  const acme = await worker.tenant('three', { seat_limit: 3 });
  const invite = (_: unknown, index: number) =>
    acme.call('POST', '/invites', { invites: [{ email: `p${index}@example.com`, grants: ['workspace_member'] }], deliver: 'link' });
  const answers = await Promise.all(Array.from({ length: 10 }, invite));
  const secrets = answers.filter((answer) => answer.status === 201).map((answer) => answer.body.data[0].accept_url.split('/').pop());
  assert.equal(secrets.length, 2);
  assert.equal(answers.filter((answer) => answer.body.code === 'seat_limit_reached').length, 8);
  const accepts = secrets.map((secret) => worker.call('POST', `/v1/invites/${secret}/accept`, null, {}));
  const [late, ...accepted] = await Promise.all([invite(null, 11), ...accepts]);
  assert.deepEqual(accepted.map((answer) => answer.status), [201, 201]);
  assert.equal(late.body.code, 'seat_limit_reached');
  const { active, pending, limit } = (await acme.call('GET', '/seats')).body;
  assert.deepEqual([active, pending, limit], [3, 0, 3]);
});

test('50 acceptances of 50 reserved seats at once all succeed, also when the limit falls below use meanwhile', async () => {
  const acme = await worker.tenant('fifty', { seat_limit: 51 });
  const offers = Array.from({ length: 50 }, (_, index) => ({ email: `p${index}@example.com`, grants: ['workspace_member'] }));
  const made = await acme.call('POST', '/invites', { invites: offers, deliver: 'link' });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const secrets = made.body.data.map((invite: { accept_url: string }) => invite.accept_url.split('/').pop());
  const lower = worker.call('PATCH', `/v1/workspaces/${acme.id}`, BOOTSTRAP, { seat_limit: 2 });
  const accepts = secrets.map((secret: string) => worker.call('POST', `/v1/invites/${secret}/accept`, null, {}));
  const [lowered, ...accepted] = await Promise.all([lower, ...accepts]);
  assert.equal(lowered.status, 200);
  assert.deepEqual([...new Set(accepted.map((answer) => answer.status))], [201]);
  const one = { invites: [{ email: 'late@example.com', grants: ['workspace_member'] }] };
  assert.equal((await acme.call('POST', '/invites', one)).body.code, 'seat_limit_reached');
  assert.equal(worker.rows(`SELECT count(*) AS n FROM members WHERE workspace_id = '${acme.id}'`)[0].n, 51);
});
