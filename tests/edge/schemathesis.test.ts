// The document against real workerd: schemathesis makes requests of openapi.json, right and wrong ones, and holds each
// answer against it. What it asks is the same in each run.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { seed, type Parameters, type Seeded } from './support/seeded.ts';
import { ELSEWHERE } from './support/seeded-sso.ts';
import { BOOTSTRAP, Worker, type Json } from './support/worker.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const DOCUMENT = join(ROOT, 'openapi.json');

/** Of all checks the one is left out that is no rule here: a body that the document allows may name what isn't there. */
const CHECKS = ['--checks', 'all', '--exclude-checks', 'positive_data_acceptance'];

/** What asks others, who aren't there: the second Worker and a name server. A 501 or 503 is right then. */
const OUTSIDE = ['samlConsume', 'verifyDomain'];

/** Seconds of asking; with the start and the reports that is under three minutes. What is wrong is asked second, until they are over. */
const MOST = 150;

let worker: Worker;
let seeded: Seeded;
let folder: string;
let started: number;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rolecall-schemathesis-'));
  worker = await Worker.start();
  seeded = await seed(worker);
  started = Date.now();
});
after(() => {
  worker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The operations of the document: id, method, path, and a pattern of it; those that say more of their path come first. */
type Operation = { id: string; method: string; path: string; pattern: RegExp };

function operations(): Operation[] {
  const paths: [string, Record<string, Json>][] = Object.entries(JSON.parse(readFileSync(DOCUMENT, 'utf8')).paths);
  const literal = (path: string): number => path.replace(/\{\w+\}/g, '').length;
  paths.sort(([one], [other]) => literal(other) - literal(one));
  return paths.flatMap(([path, item]) => {
    const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);
    return Object.entries(item).map(([method, { operationId: id }]) => ({ id, method: method.toUpperCase(), path, pattern }));
  });
}

const toml = (value: string | string[]): string => JSON.stringify(value);

/** The parameters of an operation in the configuration. What is drawn from a list is left to chance now and then. */
function parameters({ id, path }: Operation, dictionaries: string[]): string {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const shared = Object.entries(seeded.everywhere).filter(([name]) => inPath.includes(name));
  const all: Parameters = { ...Object.fromEntries(shared), ...seeded.own[id] };
  const rows = Object.entries(all).map(([name, value]) => {
    const key = toml(inPath.includes(name) ? `path.${name}` : name);
    if (typeof value === 'string') return `${key} = ${toml(value)}`;
    const dictionary = `d${dictionaries.length}`;
    dictionaries.push(`[dictionaries.${dictionary}]\nvalues = ${toml(value)}`);
    return `${key} = { dictionary = ${toml(dictionary)}, probability = 0.9 }`;
  });
  return rows.join(', ');
}

/** These take the body of `evaluate`: one of the five is asked with all that can be wrong with it. */
const SAME_BODY = ['evaluateAll', 'searchSubjects', 'searchResources', 'searchActions'];

/** The configuration: who calls, and with which values of parameters. */
function configuration(): string {
  const dictionaries: string[] = [];
  const sessions = new Map([['closeSession', seeded.cookies[0]], ['closeSessions', seeded.cookies[1]]]);
  const tables = operations().map((operation) => {
    const { id } = operation;
    const cookie = sessions.get(id);
    return [
      '[[operations]]', `include-operation-id = ${toml(id)}`, `parameters = { ${parameters(operation, dictionaries)} }`,
      ...(cookie === undefined ? [] : [`headers = { Cookie = ${toml(cookie)}, Origin = ${toml(worker.url)} }`]),
      ...(SAME_BODY.includes(id) ? ['phases = { coverage = { enabled = false } }'] : []),
    ].join('\n');
  });
  const credentials = [`bearer = { bearer = ${toml(seeded.acme.token)} }`, `bootstrap = { bearer = ${toml(BOOTSTRAP)} }`];
  // What an earlier run found would be asked first in the next.
  const same = ['[cache]', 'enabled = false', '[generation]', 'deterministic = true', 'database = "none"'];
  return [...same, '[auth.openapi]', ...credentials, ...tables, ...dictionaries, ''].join('\n');
}

/** Runs phases to their end, and answers the requests with their answers. */
async function run(phases: string, options: string[]): Promise<{ request: Json; response: Json }[]> {
  const [config, report] = [join(folder, 'schemathesis.toml'), join(folder, `${phases}.har`)];
  writeFileSync(config, configuration());
  const args = ['--config-file', config, 'run', DOCUMENT, '--url', worker.url, '--phases', phases, ...options, ...CHECKS];
  args.push(...OUTSIDE.flatMap((id) => ['--exclude-operation-id', id]));
  const reports = ['--no-color', '--warnings', 'off', '--report', 'har', '--report-har-path', report];
  const child = spawn(join(ROOT, 'scripts/schemathesis'), [...args, ...reports], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise((done) => child.on('close', done));
  assert.equal(code, 0, output);
  return JSON.parse(readFileSync(report, 'utf8')).log.entries;
}

test('what the document allows is answered as it says, and each route does its work', async () => {
  const entries = await run('examples,fuzzing', ['--mode', 'positive', '--max-examples', '5']);
  const all = operations();
  const worked = new Set<string>();
  for (const { request, response } of entries) {
    const { pathname } = new URL(request.url);
    const found = all.find(({ method, pattern }) => method === request.method && pattern.test(pathname));
    if (found !== undefined && response.status < 300) worked.add(found.id);
  }
  const wanted = all.map(({ id }) => id).filter((id) => !ELSEWHERE.includes(id));
  assert.deepEqual(wanted.filter((id) => !worked.has(id)), [], 'these never succeeded');
});

test('what the document does not allow is refused as it says', async () => {
  const left = MOST - Math.ceil((Date.now() - started) / 1000);
  assert.ok(left > 10, `only ${left} seconds are left of ${MOST}`);
  const entries = await run('coverage', ['--max-time', String(left)]);
  assert.ok(entries.length > 100, `only ${entries.length} requests`);
});
