// What is asked of each engine, row by row, and what is the right answer.
import { deepStrictEqual as same } from 'node:assert';
import type { Answer, Ask, Client, Json } from './client.ts';
import type { Group, User } from './people.ts';

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const PAGE = 100;
/** How many come back to a group, at most, before they are taken out again. */
const ADDED = 50;

/** One row of the table: requests that differ from turn to turn, and what has to be true of an answer. */
export type Row = {
  name: string;
  ask(turn: number): Ask;
  check(answer: Answer, turn: number): void;
  /** For what can be asked so often alone: how often. */
  most?: number;
  /** How that becomes possible again. */
  reset?: (client: Client) => Promise<void>;
  /** What is left to do after so many turns, and what has to be true then. */
  after?: (client: Client, turns: number) => Promise<void>;
};

/** A user as far as the engines have to agree: who made the id, when and where it is differ. */
function known({ id, userName, externalId, displayName, name, emails, active }: Json): User {
  const { givenName, familyName } = name;
  return { id, userName, externalId, displayName, name: { givenName, familyName }, emails: emails.map(({ value, type, primary }: Json) => ({ value, type, primary })), active };
}

/** Goes through the users without an order that a cache would like. */
const pick = (users: User[], turn: number): User => users[(turn * 7_919) % users.length] as User;

const byId = (users: User[]): Row => ({
  name: 'GET by id',
  ask: (turn) => ({ method: 'GET', path: `/Users/${pick(users, turn).id}` }),
  check: ({ body }, turn) => same(known(body), pick(users, turn)),
});

const byName = (users: User[]): Row => ({
  name: 'filter by userName',
  ask: (turn) => ({ method: 'GET', path: `/Users?filter=${encodeURIComponent(`userName eq "${pick(users, turn).userName}"`)}` }),
  check({ body }, turn) {
    same([body.totalResults, body.Resources.map(known)], [1, [pick(users, turn)]]);
  },
});

const page = (users: User[], which: string, from: number): Row => ({
  name: `${which} page of ${PAGE}`,
  ask: () => ({ method: 'GET', path: `/Users?startIndex=${from + 1}&count=${PAGE}` }),
  check({ body }) {
    same([body.totalResults, body.startIndex], [users.length, from + 1]);
    same(body.Resources.map(known), users.slice(from, from + PAGE));
  },
});

const patch = (group: Group, operation: Json): Ask => ({ method: 'PATCH', path: `/Groups/${group.id}`, body: { schemas: [PATCH], Operations: [operation] } });

async function members(client: Client, group: Group): Promise<string[]> {
  const { body } = await client.need({ method: 'GET', path: `/Groups/${group.id}` });
  return (body.members ?? []).map(({ value }: Json) => value).sort();
}

/** Some members are taken out, and come back one by one: the group is as large as its name says, or a little smaller. */
const add = (group: Group): Row => ({
  name: `member add, group of ${group.members.length.toLocaleString('en')}`,
  ask: (turn) => patch(group, { op: 'add', path: 'members', value: [{ value: group.members[turn] }] }),
  check: ({ status }) => same(status < 300, true),
  most: ADDED,
  async reset(client) {
    const out = group.members.slice(0, ADDED).map((value) => ({ value }));
    await client.need(patch(group, { op: 'remove', path: 'members', value: out }));
  },
  async after(client, turns) {
    const isThere = (id: string) => !group.members.slice(turns, ADDED).includes(id);
    same(await members(client, group), group.members.filter(isThere));
    const rest = group.members.slice(turns, ADDED).map((value) => ({ value }));
    if (rest.length > 0) await client.need(patch(group, { op: 'add', path: 'members', value: rest }));
  },
});

export const rows = (users: User[], groups: Group[]): Row[] => [
  byId(users),
  byName(users),
  page(users, 'first', 0),
  page(users, 'last', users.length - PAGE),
  ...groups.map(add),
];
