// The document against real workerd: schemathesis makes requests of openapi.json, right and wrong ones, over all routes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { seed, BOOTSTRAP, type Seeded } from './support/seeded.ts';
import { Worker } from './support/worker.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const SECONDS = 120;

let worker: Worker;
let seeded: Seeded;
let folder: string;
before(async () => {
  worker = await Worker.start();
  seeded = await seed(worker);
  folder = mkdtempSync(join(tmpdir(), 'rolecall-schemathesis-'));
});
after(() => {
  worker.stop();
  if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true }); else console.log(folder);
});

const text = (value: string): string => JSON.stringify(value);
const list = (values: string[]): string => `[${values.map(text).join(', ')}]`;

/** The configuration: who calls, and which ids there are to ask for. */
function configuration(): string {
  const lines = [
    'seed = 1',
    '[generation]', 'deterministic = true', 'database = "none"', 'mode = "all"', `max-examples = ${process.env.EXAMPLES ?? 10}`,
    '[auth.openapi]',
    `bearer = { bearer = ${text(seeded.acme.token)} }`,
    `bootstrap = { bearer = ${text(BOOTSTRAP)} }`,
    `session = { api_key = ${text(seeded.sessions[0])} }`,
  ];
  const bound: string[] = [];
  const bind = (prefix: string, parameters: Record<string, string[]>): string[] =>
    Object.entries(parameters).map(([name, values]) => {
      const dictionary = `${prefix}${name.replace('.', '_')}`;
      bound.push(`[dictionaries.${dictionary}]`, `values = ${list(values)}`);
      return `${text(name)} = { dictionary = ${text(dictionary)}, probability = 0.9 }`;
    });
  lines.push('[parameters]', ...bind('', seeded.parameters));
  const own = { ...seeded.own, closeSession: {}, closeSessions: {} };
  for (const [id, parameters] of Object.entries(own)) {
    lines.push('[[operations]]', `include-operation-id = ${text(id)}`);
    if (id.startsWith('close')) lines.push(`headers = { Origin = ${text(worker.url)} }`);
    lines.push(`parameters = { ${bind(`${id}_`, parameters).join(', ')} }`);
  }
  return [...lines, ...bound, ''].join('\n');
}

/** Runs it to its end; answers its exit code and what it said. */
function run(args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((done) => {
    const child = spawn(join(ROOT, 'scripts/schemathesis'), args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: (SECONDS + 60) * 1000 });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => done({ code, output }));
  });
}

const CHECKS = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_headers_conformance', 'response_schema_conformance'];

test('each route answers what the document says', async () => {
  const config = join(folder, 'schemathesis.toml');
  writeFileSync(config, configuration());
  const checks = process.env.CHECKS ?? CHECKS.join(',');
  const { code, output } = await run(['--config-file', config, 'run', join(ROOT, 'openapi.json'), '--url', worker.url, '--checks', checks,
    '--phases', process.env.PHASES ?? 'examples,coverage,fuzzing', '--no-color', '--report', 'har', '--report-har-path', join(folder, 'report.har')]);
  assert.equal(code, 0, output);
});
