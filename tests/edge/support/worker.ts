// The built Worker under real workerd with D1, in a state folder of its own, and what tests say to it.
import { createDecipheriv } from 'node:crypto';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const ROOT = new URL('../../..', import.meta.url).pathname;
const WRANGLER = join(ROOT, 'node_modules/.bin/wrangler');
export const BOOTSTRAP = 'dev-bootstrap';

export type Json = any;
export type Answer = { status: number; body: Json; headers: Headers };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** What a test's deployment has beside the Worker itself. */
export type Options = { vars?: string; saml?: boolean };

/** The Worker that verifies SAML, as it is built. */
function samlConfiguration(folder: string): string {
  const path = join(folder, 'wrangler.saml.toml');
  const text = readFileSync(join(ROOT, 'wrangler.saml.toml'), 'utf8');
  const main = `main = ${JSON.stringify(join(ROOT, 'build-saml/index.js'))}`;
  writeFileSync(path, text.replace(/\[build\][\s\S]*/, '').replace('main = "build-saml/index.js"', main));
  return path;
}

/** A configuration without the build step: the tests run what is built. */
function configuration(folder: string, { vars = '', saml = false }: Options): string {
  // wrangler wants the folder of the console; what is tested of the API needs nothing in it.
  mkdirSync(join(ROOT, 'www/dist'), { recursive: true });
  const text = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')
    .replace(/\[build\][\s\S]*?(?=\n\[)/, '')
    .replace(/\[\[services\]\][\s\S]*?(?=\n\[)/, (services) => (saml ? services : ''))
    .replace('main = "build/index.js"', `main = ${JSON.stringify(join(ROOT, 'build/index.js'))}`)
    .replace('directory = "www/dist"', `directory = ${JSON.stringify(join(ROOT, 'www/dist'))}`)
    .replace('migrations_dir = "migrations"', `migrations_dir = ${JSON.stringify(join(ROOT, 'migrations'))}`);
  const path = join(folder, 'wrangler.toml');
  writeFileSync(path, text);
  writeFileSync(join(folder, '.dev.vars'), `${readFileSync(join(ROOT, '.dev.vars.example'), 'utf8')}\n${vars}`);
  return path;
}

/** Opens the file of the Worker's own database. */
function withDatabase<T>(folder: string, options: { readOnly?: boolean }, use: (database: DatabaseSync) => T): T {
  const place = join(folder, 'state/v3/d1/miniflare-D1DatabaseObject');
  const file = readdirSync(place).find((name) => name.endsWith('.sqlite') && name !== 'metadata.sqlite');
  if (file === undefined) throw new Error('no database file');
  const database = new DatabaseSync(join(place, file), options);
  try {
    // The Worker locks it for a moment, now and then.
    database.exec('PRAGMA busy_timeout = 5000');
    return use(database);
  } finally {
    database.close();
  }
}

export class Worker {
  url: string;
  /** What the server has written to its log. */
  output = '';
  #server: ChildProcess;
  #folder: string;

  private constructor(url: string, server: ChildProcess, folder: string) {
    this.url = url;
    this.#server = server;
    this.#folder = folder;
  }

  /** Starts a Worker on a database of its own; `seed` fills it before anything is served, `vars` are more lines of .dev.vars. */
  static async start(seed?: (database: DatabaseSync) => void, vars: string | Options = ''): Promise<Worker> {
    const folder = mkdtempSync(join(tmpdir(), 'rolecall-'));
    const options = typeof vars === 'string' ? { vars } : vars;
    const config = configuration(folder, options);
    const env = { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' };
    const shared = ['--config', config, '--persist-to', join(folder, 'state')];
    const migrated = spawnSync(WRANGLER, ['d1', 'migrations', 'apply', 'rolecall', '--local', ...shared], { env, encoding: 'utf8' });
    if (migrated.status !== 0) throw new Error(`migrations failed: ${migrated.stdout}${migrated.stderr}`);
    if (seed !== undefined) withDatabase(folder, {}, seed);
    const port = await freePort();
    const flags = ['--local', '--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0', '--show-interactive-dev-session=false'];
    const beside = options.saml ? ['--config', samlConfiguration(folder)] : [];
    const server = spawn(WRANGLER, ['dev', ...shared, ...beside, ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const worker = new Worker(`http://127.0.0.1:${port}`, server, folder);
    server.stdout?.on('data', (chunk) => (worker.output += chunk));
    server.stderr?.on('data', (chunk) => (worker.output += chunk));
    const deadline = Date.now() + 90_000;
    while (!(await worker.#answers())) {
      if (server.exitCode !== null || Date.now() > deadline) {
        worker.stop();
        throw new Error(`the Worker did not start: ${worker.output}`);
      }
    }
    return worker;
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/healthz`, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      await new Promise((done) => setTimeout(done, 100));
      return false;
    }
  }

  /** Ends the server and what it started, by its process group. */
  stop(): void {
    if (this.#server.pid !== undefined) process.kill(-this.#server.pid, 'SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The most memory that each process of the server has held, together, in bytes; `anew` begins to measure. 0 where no /proc tells. */
  memory({ anew = false } = {}): number {
    if (!existsSync('/proc/self/clear_refs')) return 0;
    const peaks = this.processes().map((pid) => {
      if (anew) writeFileSync(`/proc/${pid}/clear_refs`, '5');
      return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    });
    return peaks.reduce((sum, kilobytes) => sum + kilobytes * 1024, 0);
  }

  /** The ids of the server's processes. None where no /proc tells. */
  processes(): string[] {
    return existsSync('/proc/self/stat') ? readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && this.#owns(pid)) : [];
  }

  /** Whether a process is of the group that the server leads. */
  #owns(pid: string): boolean {
    try {
      const [, group] = /\) \S+ \d+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return Number(group) === this.#server.pid;
    } catch {
      return false;
    }
  }

  async call(method: string, path: string, token: string | null, body?: Json, headers: Record<string, string> = {}): Promise<Answer> {
    const all: Record<string, string> = { ...headers };
    if (token !== null) all.authorization = `Bearer ${token}`;
    if (body !== undefined) all['content-type'] ??= 'application/json';
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(this.url + path, { method, headers: all, body: text, signal: AbortSignal.timeout(60_000) });
    const received = await response.text();
    const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
    const read = isJson ? JSON.parse(received) : received;
    return { status: response.status, body: received === '' ? null : read, headers: response.headers };
  }

  /** Rows of the Worker's own database file, read beside it. */
  rows(sql: string): Json[] {
    return withDatabase(this.#folder, { readOnly: true }, (database) => database.prepare(sql).all());
  }

  /** Changes the Worker's own database file beside it. */
  sql(sql: string): void {
    withDatabase(this.#folder, {}, (database) => database.exec(sql));
  }

  /** Makes what the Worker keeps of identity providers older. */
  ageCache(ms: number): void {
    const files = readdirSync(join(this.#folder, 'state/v3/kv'), { recursive: true, withFileTypes: true });
    for (const file of files.filter((one) => one.isFile() && one.parentPath.endsWith('blobs'))) {
      const path = join(file.parentPath, file.name);
      writeFileSync(path, readFileSync(path, 'utf8').replace(/^\[(\d{13}),/, (_, at) => `[${Number(at) - ms},`));
    }
  }

  /** Runs the cron, to its end. */
  async cron(): Promise<void> {
    const answer = await fetch(`${this.url}/cdn-cgi/handler/scheduled`, { signal: AbortSignal.timeout(60_000) });
    if (!answer.ok) throw new Error(`cron: ${answer.status} ${await answer.text()}`);
  }

  /** The mail in the outbox to an address, opened, oldest first. */
  mails(to: string): { subject: string; text: string; html: string }[] {
    const rows = this.rows(`SELECT id, sealed FROM outbox WHERE to_email = '${to}' AND sealed IS NOT NULL ORDER BY id`);
    return rows.map(({ id, sealed }) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('chacha20-poly1305', Buffer.alloc(32), bytes.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(id), { plaintextLength: bytes.length - 28 });
      decipher.setAuthTag(bytes.subarray(-16));
      return JSON.parse(decipher.update(bytes.subarray(12, -16)).toString() + decipher.final().toString());
    });
  }

  async tenant(slug: string, more: Json = {}): Promise<Tenant> {
    const owner = { email: `owner@${slug}.example`, name: 'Olga' };
    const body = { name: slug, slug, plan: 'business', add_ons: ['protocols', 'engage'], owner, ...more };
    const made = await this.call('POST', '/v1/workspaces', BOOTSTRAP, body);
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return new Tenant(this, made.body.workspace.id, made.body.owner.id, made.body.token.secret);
  }
}

/** A workspace with its owner's token. */
export class Tenant {
  worker: Worker;
  id: string;
  owner: string;
  token: string;

  constructor(worker: Worker, id: string, owner: string, token: string) {
    this.worker = worker;
    this.id = id;
    this.owner = owner;
    this.token = token;
  }

  call(method: string, path: string, body?: Json, token: string = this.token, headers: Record<string, string> = {}): Promise<Answer> {
    return this.worker.call(method, `/v1/workspaces/${this.id}${path}`, token, body, headers);
  }

  /** Invites by link; answers the secret. */
  async invite(email: string, grants: string[]): Promise<string> {
    const made = await this.call('POST', '/invites', { invites: [{ email, grants }], deliver: 'link' });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return made.body.data[0].accept_url.split('/').pop();
  }

  /** Makes a member; answers their id and their session cookie. */
  async member(email: string, grants: string[]): Promise<{ id: string; cookie: string }> {
    const accepted = await this.worker.call('POST', `/v1/invites/${await this.invite(email, grants)}/accept`, null, {});
    if (accepted.status !== 201) throw new Error(JSON.stringify(accepted.body));
    const cookie = accepted.headers.get('set-cookie')?.split(';')[0] ?? '';
    return { id: accepted.body.id, cookie };
  }

  /** Calls as a person, from the Worker's own pages. */
  as(cookie: string, method: string, path: string, body?: Json): Promise<Answer> {
    return this.worker.call(method, `/v1/workspaces/${this.id}${path}`, null, body, { cookie, origin: this.worker.url });
  }
}
