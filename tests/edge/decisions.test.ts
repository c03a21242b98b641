// Decisions over HTTP: 10,000 random questions about random workspaces, in batches, against a model of its own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { dice, may, type Thing, type World } from './support/naive.ts';
import { BOOTSTRAP, Worker, type Tenant } from './support/worker.ts';

const WORKSPACES = 10;
const QUESTIONS = 1_000;
const KINDS = ['source', 'destination', 'tracking_plan', 'space', 'function', 'warehouse'];
const SETS = ['{env:prod}', '{env:dev}', '{team:a}', '{env:prod,team:a}'];
const NOUNS: Record<string, string[]> = {
  source: ['source'],
  destination: ['destination'],
  tracking_plan: ['tracking_plan'],
  space: ['space', 'audience', 'computed_trait', 'journey'],
  function: ['function'],
  warehouse: ['warehouse'],
};
const SCOPED: Record<string, string[]> = {
  source_admin: ['source', 'destination', 'labels'],
  source_read_only: ['source', 'destination', 'labels'],
  tracking_plan_admin: ['tracking_plan'],
  tracking_plan_read_only: ['tracking_plan'],
  engage_admin: ['space', 'labels'],
  engage_read_only: ['space', 'labels'],
  engage_user: ['space', 'labels'],
  function_admin: ['function'],
  function_read_only: ['function'],
  warehouse_admin: ['warehouse'],
  warehouse_read_only: ['warehouse'],
  pii_access: ['source', 'space', 'labels'],
};
const UNSCOPED = ['minimal_workspace_access', 'identity_admin', 'end_user_privacy_admin', 'entities_admin', 'entities_read_only', 'workspace_owner'];
const WORKSPACE_ACTIONS = ['workspace:view', 'workspace:edit', 'billing:manage', 'member:view', 'identity:view', 'identity:edit', 'privacy:manage', 'entity:edit', 'sso:manage'];

let worker: Worker;
before(async () => void (worker = await Worker.start()));
after(() => worker.stop());

type Roll = (limit: number) => number;
const pick = <T>(roll: Roll, items: T[]): T => items[roll(items.length)];

/** Registers random resources, some labelled, destinations with parents. */
async function things(roll: Roll, tenant: Tenant): Promise<Thing[]> {
  const made: Thing[] = [];
  for (const kind of KINDS) {
    for (let index = 0; index < 3; index += 1) {
      const labels: Record<string, string> = {};
      if (kind === 'source' || kind === 'space') {
        const env = pick(roll, ['', 'prod', 'dev']);
        if (env !== '') labels.env = env;
        if (roll(2) === 0) labels.team = 'a';
      }
      const parent = kind === 'destination' ? `source/r${roll(3)}` : undefined;
      const name = `${kind}/r${index}`;
      const body = { name, labels, ...(parent === undefined ? {} : { parent }) };
      const answer = await tenant.call('PUT', `/resources/${name}`, body);
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      made.push({ name, labels, parent });
    }
  }
  for (const [key, value] of [['env', 'prod'], ['env', 'dev'], ['team', 'a']]) {
    await tenant.call('POST', '/labels', { key, value });
  }
  return made;
}

function grant(roll: Roll, made: Thing[]): string {
  if (roll(6) === 0) return roll(12) === 0 ? 'workspace_owner' : pick(roll, UNSCOPED.slice(0, 5));
  const role = pick(roll, Object.keys(SCOPED));
  if (roll(3) === 0) return role;
  const kind = pick(roll, SCOPED[role]);
  if (kind === 'labels') return `${role}@${pick(roll, SETS)}`;
  return `${role}@${pick(roll, made.filter((thing) => thing.name.startsWith(`${kind}/`))).name}`;
}

/** A random workspace over HTTP, and the same as the naive model sees it. */
async function build(seed: number): Promise<{ tenant: Tenant; world: World }> {
  const roll = dice(seed);
  const tenant = await worker.tenant(`random-${seed}`);
  const made = await things(roll, tenant);
  const grants: Record<string, string[]> = { [tenant.owner]: ['workspace_owner'] };
  for (let index = 0; index < 8; index += 1) {
    const own = ['workspace_member', ...Array.from({ length: roll(4) }, () => grant(roll, made))];
    grants[(await tenant.member(`m${index}@example.com`, [...new Set(own)])).id] = own;
  }
  for (let index = 0; index < 3; index += 1) {
    const shared = [...new Set(Array.from({ length: 1 + roll(3) }, () => grant(roll, made)))];
    const group = await tenant.call('POST', '/groups', { name: `g${index}`, grants: shared });
    assert.equal(group.status, 201, JSON.stringify(group.body));
    const joined = Object.keys(grants).filter(() => roll(3) === 0);
    assert.equal((await tenant.call('POST', `/groups/${group.body.id}/members`, { members: joined })).status, 200);
    for (const member of joined) grants[member] = [...grants[member], ...shared];
  }
  const [plan, addOns] = pick(roll, [['business', ['protocols', 'engage']], ['team', ['engage']], ['free', []]] as [string, string[]][]);
  const billed = await worker.call('PATCH', `/v1/workspaces/${tenant.id}`, BOOTSTRAP, { plan, add_ons: addOns });
  assert.equal(billed.status, 200, JSON.stringify(billed.body));
  return { tenant, world: { plan, addOns, things: made, grants } };
}

type Question = { member: string; action: string; resource?: string };

function question(roll: Roll, world: World): Question {
  const member = roll(40) === 0 ? 'acc_00000000000000000000000000' : pick(roll, Object.keys(world.grants));
  if (roll(8) === 0) return { member, action: pick(roll, WORKSPACE_ACTIONS) };
  const kind = pick(roll, KINDS);
  const noun = pick(roll, NOUNS[kind]);
  const verbs = noun === kind ? ['view', 'edit', 'delete'] : ['view', 'create', 'edit', 'delete'];
  const isPii = roll(6) === 0;
  const action = isPii ? 'pii:view' : `${noun}:${pick(roll, verbs)}`;
  const id = pick(roll, ['r0', 'r1', 'r2', 'nowhere', '*']);
  if (roll(10) === 0) return { member, action: `${kind}:create` };
  return { member, action, resource: `${kind}/${id}` };
}

test(`${WORKSPACES * QUESTIONS} random decisions over HTTP are those of the naive model`, async () => {
  const seen = { allowed: 0, denied: 0, dormant: 0 };
  for (let seed = 1; seed <= WORKSPACES; seed += 1) {
    const { tenant, world } = await build(seed);
    const roll = dice(seed * 7_919);
    const checks = Array.from({ length: QUESTIONS }, () => question(roll, world));
    const answer = await tenant.call('POST', '/check/batch', { checks });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(answer.body.results.length, QUESTIONS);
    const richer = { ...world, plan: 'business', addOns: ['protocols', 'engage'] };
    checks.forEach(({ member, action, resource }, index) => {
      const says = may(world, member, action, resource);
      assert.equal(answer.body.results[index].allowed, says, `seed ${seed}: ${JSON.stringify(checks[index])} of ${world.grants[member]}`);
      seen[says ? 'allowed' : 'denied'] += 1;
      if (!says && may(richer, member, action, resource)) seen.dormant += 1;
    });
  }
  assert.ok(seen.allowed > 1_000 && seen.denied > 1_000 && seen.dormant > 100, JSON.stringify(seen));
});
