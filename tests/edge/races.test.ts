// Rules that hold when requests meet: owners, invites, seats and authority on real workerd with D1.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Worker, type Answer, type Tenant } from './support/worker.ts';

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
  const outcomes = answers.map((answer) => answer.body?.code ?? answer.status).sort();
  assert.deepEqual(outcomes, [204, 'last_owner'], `round ${round}: ${JSON.stringify(answers.map((answer) => answer.body))}`);
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

test('a service that deletes the owning group and removes the other owner at the same moment, 20 times, does one', async () => {
  for (let round = 0; round < 20; round += 1) {
    const acme = await worker.tenant(`owning-group-${round}`);
    const ann = await acme.member('ann@example.com', ['workspace_member']);
    const group = (await acme.call('POST', '/groups', { name: 'Owners', grants: ['workspace_owner'] })).body;
    assert.equal((await acme.call('POST', `/groups/${group.id}/members`, { members: [ann.id] })).status, 200);
    const token = await service(acme);
    // In turn each starts first: what is read before the other commits is refused by the database alone.
    const paths = [`/groups/${group.id}`, `/members/${acme.owner}`];
    const answers = (round % 2 === 0 ? paths : paths.reverse()).map((path) => acme.call('DELETE', path, undefined, token));
    assertOneRefused(acme, await Promise.all(answers), round);
  }
});
