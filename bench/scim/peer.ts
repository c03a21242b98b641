// A peer in a process of its own: scimmy-routers on Express over one of the stores. Takes the store, the file with its people and the
// token as arguments, prints its port, and ends with its input.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import { memory } from './memory.ts';
import type { People } from './people.ts';
import { sqlite } from './sqlite.ts';
import { META, type StoredGroup, type Wanted } from './store.ts';

const MOST_MS = 3_600_000;

const [kind, file = '', token] = process.argv.slice(2);
const people = JSON.parse(readFileSync(file, 'utf8')) as People;
const store = kind === 'sqlite' ? sqlite(people, `${file}.sqlite`) : memory(people);

const found = <T>(thing: T | undefined, id: string): T => {
  if (thing === undefined) throw new SCIMMY.Types.Error(404, null as never, `Resource ${id} not found`);
  return thing;
};

type Handler = (resource: Wanted, instance: StoredGroup) => unknown;
const declare = (resource: unknown, handlers: Record<string, Handler>) => SCIMMY.Resources.declare(resource as never, handlers as never);

declare(SCIMMY.Resources.User, {
  egress: (wanted) => (wanted.id === undefined ? store.users(wanted) : found(store.user(wanted.id), wanted.id)),
});
declare(SCIMMY.Resources.Group, {
  egress: (wanted) => (wanted.id === undefined ? store.groups(wanted) : found(store.group(wanted.id), wanted.id)),
  ingress: ({ id = '' }, { displayName, members }) => {
    const group = { id, displayName, members, meta: META };
    store.putGroup(group);
    return group;
  },
});

const app = express();
const authenticate = (request: express.Request): string => {
  if (request.header('authorization') !== `Bearer ${token}`) throw new Error('another token');
  return 'provider';
};
app.use('/scim/v2', new SCIMMYRouters({ type: 'bearer', handler: authenticate }));
const server = app.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.stdin.on('end', () => process.exit()).resume();
setTimeout(() => process.exit(1), MOST_MS);
