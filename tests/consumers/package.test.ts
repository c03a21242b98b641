// The tarball: exactly what should be published is in it, and the judges of packages have nothing to say.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pack, ROOT, run, tool } from './support/installed.ts';

const CONTENTS = [
  'LICENSE', 'README.md', 'browser.js', 'decide/browser.js', 'decide/index.d.ts', 'decide/node.js', 'decide/rolecall_bg.wasm', 'decide/workerd.js',
  'index.d.ts', 'node.js', 'package.json', 'rolecall_bg.wasm', 'workerd.js',
];

let folder: string;
let packed: { tarball: string; names: string[] };
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rolecall-pack-'));
  packed = await pack(folder);
});
after(() => rmSync(folder, { recursive: true }));

test('the tarball holds exactly what is published', () => assert.deepEqual(packed.names, CONTENTS));

test('publint has nothing to say', async () => {
  const said = await run(folder, tool('publint'), 'run', packed.tarball, '--strict');
  assert.match(said, /All good!/);
});

test('types resolve in every way that takes modules', async () => {
  // The wasm has no types: what its import gives is the bundler's to say.
  await run(folder, tool('attw'), packed.tarball, '--profile', 'esm-only', '--exclude-entrypoints', './rolecall_bg.wasm', './decide/rolecall_bg.wasm');
});

test('no file points to a source map that is not there', () => {
  for (const name of CONTENTS.filter((one) => one.endsWith('.js'))) {
    assert.doesNotMatch(readFileSync(join(ROOT, 'pkg', name), 'utf8'), /sourceMappingURL/, name);
  }
});
