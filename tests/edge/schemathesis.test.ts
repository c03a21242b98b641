// The document against real workerd: schemathesis makes requests of openapi.json, right and wrong ones, and holds each
// answer against it. What it asks is the same in each run.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { seed, type Parameters, type Seeded } from './support/seeded.ts';
import { BOOTSTRAP, Worker, type Json } from './support/worker.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const DOCUMENT = join(ROOT, 'openapi.json');

/** Of all checks the one is left out that is no rule here: a body that the document allows may name what isn't there. */
const CHECKS = ['--checks', 'all', '--exclude-checks', 'positive_data_acceptance'];

/** Seconds that one run may take; the two together stay under two minutes. */
const MOST = 55;

let worker: Worker;
let seeded: Seeded;
let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rolecall-schemathesis-'));
  worker = await Worker.start();
  seeded = await seed(worker);
});
after(() => {
  worker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const toml = (value: string | string[]): string => JSON.stringify(value);

/** The configuration: who calls, and with which values of parameters. One that is drawn is left to chance now and then. */
function configuration(): string {
  const dictionaries: string[] = [];
  const bind = (prefix: string, parameters: Parameters): string[] =>
    Object.entries(parameters).map(([name, value]) => {
      if (typeof value === 'string') return `${toml(name)} = ${toml(value)}`;
      const dictionary = `${prefix}_${name.replace('.', '_')}`;
      dictionaries.push(`[dictionaries.${dictionary}]`, `values = ${toml(value)}`);
      return `${toml(name)} = { dictionary = ${toml(dictionary)}, probability = 0.9 }`;
    });
  const own = Object.entries(seeded.own).flatMap(([id, parameters]) => [
    '[[operations]]', `include-operation-id = ${toml(id)}`, `parameters = { ${bind(id, parameters).join(', ')} }`,
  ]);
  const sessions = ['closeSession', 'closeSessions'].flatMap((id, index) => [
    '[[operations]]', `include-operation-id = ${toml(id)}`,
    `headers = { Cookie = ${toml(seeded.cookies[index])}, Origin = ${toml(worker.url)} }`,
  ]);
  const credentials = [`bearer = { bearer = ${toml(seeded.acme.token)} }`, `bootstrap = { bearer = ${toml(BOOTSTRAP)} }`];
  return [
    '[generation]', 'deterministic = true', 'database = "none"', '[auth.openapi]', ...credentials,
    '[parameters]', ...bind('all', seeded.everywhere), ...own, ...sessions, ...dictionaries, '',
  ].join('\n');
}

/** Runs one phase to its end, and answers the requests with their answers. */
async function run(phase: string, options: string[]): Promise<{ request: Json; response: Json }[]> {
  const [config, report] = [join(folder, 'schemathesis.toml'), join(folder, `${phase}.har`)];
  writeFileSync(config, configuration());
  const args = ['--config-file', config, 'run', DOCUMENT, '--url', worker.url, '--phases', phase, ...options, ...CHECKS];
  const reports = ['--no-color', '--warnings', 'off', '--report', 'har', '--report-har-path', report];
  const child = spawn(join(ROOT, 'scripts/schemathesis'), [...args, ...reports], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise((done) => child.on('close', done));
  assert.equal(code, 0, output);
  return JSON.parse(readFileSync(report, 'utf8')).log.entries;
}

/** The operations of the document: id, method, and a pattern of the path; those that say more of it come first. */
function operations(): { id: string; method: string; pattern: RegExp }[] {
  const paths: [string, Record<string, Json>][] = Object.entries(JSON.parse(readFileSync(DOCUMENT, 'utf8')).paths);
  const literal = (path: string): number => path.replace(/\{\w+\}/g, '').length;
  paths.sort(([one], [other]) => literal(other) - literal(one));
  return paths.flatMap(([path, item]) =>
    Object.entries(item).map(([method, { operationId: id }]) =>
      ({ id, method: method.toUpperCase(), pattern: new RegExp(`^${path.replace(/\./g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`) })));
}

test('what the document allows is answered as it says, and each route does its work', async () => {
  const entries = await run('fuzzing', ['--mode', 'positive', '--max-examples', '8']);
  const all = operations();
  const worked = new Set<string>();
  for (const { request, response } of entries) {
    const { pathname } = new URL(request.url);
    const found = all.find(({ method, pattern }) => method === request.method && pattern.test(pathname));
    if (found !== undefined && response.status < 300) worked.add(found.id);
  }
  assert.deepEqual(all.map(({ id }) => id).filter((id) => !worked.has(id)), [], 'these never succeeded');
});

test('what the document does not allow is refused as it says', async () => {
  const entries = await run('coverage', ['--max-time', String(MOST)]);
  assert.ok(entries.length > 500, `only ${entries.length} requests`);
});
