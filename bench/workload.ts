// The workload: a workspace of so many members, and questions about it of which half are allowed. The same in each run.
import { dice, may, type World } from '../tests/edge/support/naive.ts';
import type { Given, Questions, RoleRow, Snapshot } from './engine.ts';
import { askedOf, isTopLevelCreate, kindOf, pairs, split, wakefulness } from './flat.ts';

const RESOURCES_OF_A_KIND = 1_000;
const GROUPS = 40;
const TEAMS = 100;
const ENVIRONMENTS = ['prod', 'staging', 'dev'];
const KINDS = ['source', 'destination', 'tracking_plan', 'space', 'warehouse', 'function'];
const AT = '2026-01-01T00:00:00Z';
export const QUESTIONS = 20_000;

/** Roles by what they are scoped to, with their weights. The workspace lacks Protocols: grants on tracking plans sleep. */
const SCOPED: [weight: number, on: string, roles: string[]][] = [
  [28, 'source', ['source_admin', 'source_read_only']],
  [14, 'destination', ['source_admin', 'source_read_only']],
  [10, 'tracking_plan', ['tracking_plan_admin', 'tracking_plan_read_only']],
  [16, 'space', ['engage_admin', 'engage_read_only', 'engage_user']],
  [10, 'warehouse', ['warehouse_admin', 'warehouse_read_only']],
  [10, 'function', ['function_admin', 'function_read_only']],
  [8, 'labels', ['source_admin', 'source_read_only', 'engage_admin', 'engage_user']],
  [4, 'pii', ['pii_access']],
];

type Dice = (limit: number) => number;
type Whole = Snapshot & { workspace: Record<string, unknown> } & Record<string, unknown>;
export type Workload = { snapshot: Whole; questions: Questions; allowed: number[] };

const pick = <T>(roll: Dice, list: readonly T[]): T => list[roll(list.length)]!;
const resource = (roll: Dice, kind: string): string => `${kind}/${kind.slice(0, 3)}-${String(roll(RESOURCES_OF_A_KIND)).padStart(4, '0')}`;

/** An id as the service makes them: 26 digits of base 32. */
function id(roll: Dice, prefix: string): string {
  let text = `${prefix}_01jd`;
  while (text.length < prefix.length + 26) text += '0123456789abcdefghijklmnopqrstuv'[roll(32)];
  return `${text}0`;
}

function scopedGrant(roll: Dice): string {
  let left = roll(100);
  const [, on, roles] = SCOPED.find(([weight]) => (left -= weight) < 0)!;
  const role = pick(roll, roles);
  if (roll(100) < 2 && role !== 'pii_access') return role;
  if (on === 'pii') return `${role}@${resource(roll, pick(roll, ['source', 'space']))}`;
  if (on !== 'labels') return `${role}@${resource(roll, on)}`;
  const team = `team:t${roll(TEAMS)}`;
  return roll(2) === 0 ? `${role}@{${team}}` : `${role}@{environment:${pick(roll, ENVIRONMENTS)},${team}}`;
}

/** A list of grants as a snapshot holds it: each once. */
function given(roll: Dice, expressions: string[]): Given[] {
  return [...new Set(expressions)].map((expression) => ({ id: id(roll, 'gnt'), expression, created_at: AT, created_by: `acc_${'0'.repeat(26)}` }));
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

function resources(roll: Dice): Snapshot['resources'] {
  return KINDS.flatMap((kind) => times(RESOURCES_OF_A_KIND, (index) => {
    const isLabelled = (kind === 'source' || kind === 'space') && roll(10) > 0;
    return {
      resource: `${kind}/${kind.slice(0, 3)}-${String(index).padStart(4, '0')}`,
      labels: isLabelled ? { environment: pick(roll, ENVIRONMENTS), team: `t${roll(TEAMS)}` } : {} as Record<string, string>,
      parent: kind === 'destination' ? resource(roll, 'source') : null,
    };
  }));
}

function groups(roll: Dice) {
  return times(GROUPS, (index) => ({
    id: id(roll, 'grp'),
    name: `Group ${index}`,
    grants: given(roll, [
      scopedGrant(roll), scopedGrant(roll),
      `${pick(roll, ['source_read_only', 'engage_read_only'])}@{environment:${pick(roll, ENVIRONMENTS)},team:t${roll(TEAMS)}}`,
      ...(index % 10 === 0 ? ['function_read_only'] : []),
    ]),
  }));
}

function members(roll: Dice, count: number, groupIds: string[]) {
  return times(count, (index) => {
    const base = index === 0 || roll(200) === 0 ? 'workspace_owner' : 'workspace_member';
    const joined = new Set(times(pick(roll, [0, 0, 0, 1, 1, 1, 1, 2, 2, 2]), () => pick(roll, groupIds)));
    return {
      id: id(roll, 'acc'), email: `person${index}@example.com`, name: `Person ${index}`,
      grants: given(roll, [base, ...times(4 + roll(5), () => scopedGrant(roll))]),
      groups: [...joined],
    };
  }).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function snapshotOf(roll: Dice, count: number): Workload['snapshot'] {
  const groupRows = groups(roll);
  return {
    version: 7,
    workspace: {
      id: `ws_${'0'.repeat(26)}`, slug: 'acme', name: 'Acme', plan: 'business', add_ons: ['engage'], seat_limit: null, created_at: AT,
      settings: { invite_ttl_hours: 168, provisioned_grants: ['source_read_only'], require_sso: false, stale_after_days: 90 },
    },
    resources: resources(roll),
    labels: [
      ...ENVIRONMENTS.map((value) => ({ key: 'environment', value })),
      ...times(TEAMS, (index) => ({ key: 'team', value: `t${index}` })),
    ],
    groups: groupRows,
    members: members(roll, count, groupRows.map((group) => group.id)),
    invites: [],
    seats: { active: count, pending: 0, limit: null },
  };
}

/** Whether a question can be asked: a scope may reach nothing that has the action, which leaves it without a resource. */
function isAsked(action: string, target: string | null): boolean {
  if (target !== null) return true;
  return action !== 'pii:view' && (askedOf(action) === 'workspace' || (isTopLevelCreate(action) && action !== 'destination:create'));
}

/** Draws questions about a workspace, and answers them by the naive model. */
class Asker {
  #roll: Dice;
  #snapshot: Snapshot;
  #actions: Map<string, string[]>;
  #all: string[];
  #isAwake: (expression: string) => boolean;
  #groups: Map<string, string[]>;
  #things: Map<string, World['things'][number]>;
  #below = new Map<string, string[]>();
  #seen = new Map<string, string[]>();

  constructor(roll: Dice, snapshot: Snapshot, catalog: RoleRow[]) {
    this.#roll = roll;
    this.#snapshot = snapshot;
    this.#actions = new Map(catalog.map((row) => [row.role, row.actions]));
    this.#all = this.#actions.get('workspace_owner')!;
    this.#isAwake = wakefulness({ snapshot, catalog, bytes: new Uint8Array() });
    this.#groups = new Map(snapshot.groups.map(({ id, grants }) => [id, grants.map((one) => one.expression)]));
    this.#things = new Map(snapshot.resources.map(({ resource: name, labels, parent }) => [name, { name, labels, ...(parent === null ? {} : { parent }) }]));
    for (const { resource: name, parent } of snapshot.resources) {
      if (parent !== null) this.#below.set(parent, [...(this.#below.get(parent) ?? []), name]);
    }
  }

  /** Own grants and those of groups. */
  #held({ grants, groups: joined }: Snapshot['members'][number]): string[] {
    return [...grants.map((one) => one.expression), ...joined.flatMap((one) => this.#groups.get(one)!)];
  }

  /** Something to ask an action of: one resource, now and then all of a kind, or the workspace. */
  #target(action: string): string | null {
    const kind = action === 'pii:view' ? pick(this.#roll, ['source', 'destination', 'space']) : askedOf(action);
    if (kind === 'workspace') return null;
    if (action === 'destination:create') return resource(this.#roll, 'source');
    if (isTopLevelCreate(action)) return null;
    return this.#roll(100) < 4 ? `${kind}/*` : resource(this.#roll, kind);
  }

  /** The names of the resources that a scope reaches, with those below. */
  #reached(scope: string): string[] {
    const wanted = scope.startsWith('{') ? pairs(scope) : [];
    const fits = ({ labels }: World['things'][number]) => wanted.every(([key, value]) => labels[key] === value);
    const names = wanted.length === 0 ? [scope] : [...this.#things.values()].filter(fits).map(({ name }) => name);
    return names.flatMap((name) => [name, ...(this.#below.get(name) ?? [])]);
  }

  /** A resource that a scope reaches and an action is asked of, where there is one. */
  #within(scope: string, action: string): string | null {
    if (isTopLevelCreate(action)) return this.#target(action);
    const reached = this.#seen.get(scope) ?? this.#reached(scope);
    this.#seen.set(scope, reached);
    const right = action === 'pii:view' ? reached : reached.filter((name) => kindOf(name) === askedOf(action));
    return right.length === 0 ? null : pick(this.#roll, right);
  }

  /** A question near to what a member holds, or about anything. */
  draw(isNear: boolean): [member: string, action: string, resource: string | null] {
    const roll = this.#roll;
    const member = pick(roll, this.#snapshot.members);
    if (!isNear) {
      const isOfWorkspace = roll(10) === 0;
      const action = pick(roll, this.#all.filter((one) => (one !== 'pii:view' && askedOf(one) === 'workspace') === isOfWorkspace));
      const [who, target] = [roll(50) === 0 ? `acc_${'v'.repeat(25)}0` : member.id, this.#target(action)];
      return [who, action, roll(50) === 0 && target !== null ? `${kindOf(target)}/no-such` : target];
    }
    const { role, scope } = split(pick(roll, this.#held(member)));
    const action = pick(roll, this.#actions.get(role)!);
    const target = scope === '*' ? this.#target(action) : this.#within(scope, action);
    // What a role says of a scope is often just short of another action on it.
    const near = this.#all.filter((one) => one !== 'pii:view' && askedOf(one) === askedOf(action) && !isTopLevelCreate(one));
    const isKept = roll(4) > 0 || action === 'pii:view' || isTopLevelCreate(action);
    return [member.id, isKept ? action : pick(roll, near), target];
  }

  /** What the naive model says, which looks through the resources one by one: it is given those that bear on it. */
  answer(member: string, action: string, target: string | null, grants: string[]): boolean {
    const thing = this.#things.get(target ?? '');
    const things = [thing, this.#things.get(thing?.parent ?? '')].filter((one) => one !== undefined);
    const { plan, add_ons: addOns } = this.#snapshot.workspace;
    return may({ plan, addOns, things, grants: { [member]: grants } }, member, action, target ?? undefined);
  }

  /** As many questions, of which every second is allowed; in no order. */
  questions(count: number): Pick<Workload, 'questions' | 'allowed'> {
    const held = new Map(this.#snapshot.members.map((member) => [member.id, member]));
    const drawn = times(count, (index) => {
      for (;;) {
        const question = this.draw(index % 2 === 0 || this.#roll(2) === 0);
        if (!isAsked(question[1], question[2])) continue;
        const member = held.get(question[0]);
        const isAllowed = this.answer(...question, member === undefined ? [] : this.#held(member));
        if (isAllowed === (index % 2 === 0)) return { question, isAllowed, order: this.#roll(2 ** 31) };
      }
    }).sort((a, b) => a.order - b.order);
    const column = <P extends 0 | 1 | 2>(place: P) => drawn.map(({ question }) => question[place]);
    return {
      questions: { members: column(0), actions: column(1), resources: column(2) },
      allowed: drawn.map(({ isAllowed }) => (isAllowed ? 1 : 0)),
    };
  }
}

export function workload(count: number, catalog: RoleRow[], questions = QUESTIONS): Workload {
  const roll = dice(count);
  const snapshot = snapshotOf(roll, count);
  return { snapshot, ...new Asker(roll, snapshot, catalog).questions(questions) };
}
