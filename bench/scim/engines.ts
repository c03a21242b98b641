// The engines as the bench holds them: Rolecall's Worker with a workspace for each size, and the peers, a process for each size.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from '../../tests/edge/support/worker.ts';
import { Client } from './client.ts';
import { cpu } from './cpu.ts';
import { crowd, groupName, groupSizes, users, type Group, type People } from './people.ts';
import { seed } from './seed.ts';

/** An engine filled with users of one size. */
export type Engine = { title: string; size: number; client: Client; cpu(): number };

/** What is started: the engines, their groups by size, and how they end. */
export type Started = { engines: Engine[]; groups: Map<number, Group[]>; stop(): void };

const SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const HERE = new URL('.', import.meta.url).pathname;
const TOKEN = 'the-token-of-the-peers';
export const OURS = 'Rolecall';
export const PEERS = { memory: 'scimmy-routers, in memory, as documented', sqlite: 'scimmy-routers, SQLite, tuned' };

/** A client with a SCIM token of a workspace, which takes an active connection. */
async function provider(worker: Worker, size: number): Promise<Client> {
  const tenant = crowd(size).tenant(worker);
  const connection = { protocol: 'oidc', name: 'Okta', issuer: 'https://idp.example', client_id: 'rolecall' };
  const connected = await tenant.call('POST', '/sso/connections', connection);
  const made = await tenant.call('POST', '/scim/tokens', { name: 'Okta' });
  if (connected.status !== 201 || made.status !== 201) throw new Error(JSON.stringify([connected.body, made.body]));
  return new Client(`${worker.url}/scim/v2`, made.body.secret);
}

async function makeGroup(client: Client, size: number, count: number): Promise<Group> {
  const members = users(size).slice(0, count).map(({ id }) => id);
  const body = { schemas: [SCHEMA], displayName: groupName(count), members: members.map((value) => ({ value })) };
  const made = await client.need({ method: 'POST', path: '/Groups', body });
  return { id: made.body.id, displayName: groupName(count), members };
}

async function peer(kind: keyof typeof PEERS, file: string, size: number): Promise<{ engine: Engine; child: ChildProcess }> {
  const flags = ['--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, join(HERE, 'peer.ts'), kind, file, TOKEN], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => { throw new Error(`${PEERS[kind]} did not start`); }),
  ]);
  const client = new Client(`http://127.0.0.1:${String(port).trim()}/scim/v2`, TOKEN);
  return { engine: { title: PEERS[kind], size, client, cpu: () => cpu([String(child.pid)]) }, child };
}

/** Starts the peers of a size with what Rolecall holds. */
async function peers(folder: string, people: People, size: number, children: ChildProcess[]): Promise<Engine[]> {
  const engines: Engine[] = [];
  for (const kind of ['memory', 'sqlite'] as const) {
    const file = join(folder, `${kind}-${size}.json`);
    writeFileSync(file, JSON.stringify(people));
    const { engine, child } = await peer(kind, file, size);
    children.push(child);
    engines.push(engine);
  }
  return engines;
}

/** Starts all of them; what it has started so far ends when one doesn't start. */
export async function start(folder: string, sizes: number[]): Promise<Started> {
  const [engines, children, groups]: [Engine[], ChildProcess[], Map<number, Group[]>] = [[], [], new Map()];
  const worker = await Worker.start((database) => seed(database, sizes));
  const stop = () => {
    for (const { client } of engines) client.close();
    for (const child of children) child.kill();
    worker.stop();
  };
  try {
    for (const size of sizes) {
      const client = await provider(worker, size);
      const own: Group[] = [];
      for (const count of groupSizes(size)) own.push(await makeGroup(client, size, count));
      groups.set(size, own);
      engines.push({ title: OURS, size, client, cpu: () => cpu(worker.processes(), 'workerd') });
      engines.push(...(await peers(folder, { users: users(size), groups: own }, size, children)));
    }
  } catch (error) {
    stop();
    throw error;
  }
  return { engines, groups, stop };
}
