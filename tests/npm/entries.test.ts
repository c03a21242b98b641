// The ways into the package: each entry is there and exports what the types declare; a browser's is started.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';

const PACKAGE = JSON.parse(readFileSync('pkg/package.json', 'utf8'));

test('each file that the package names is there, and each entry exports the same', async () => {
  const { exports, files, types } = PACKAGE;
  for (const name of [...files, types, ...Object.values(exports['.'] as object)]) readFileSync(`pkg/${name}`);
  const names = (entry: string) =>
    [...readFileSync(`pkg/${entry}`, 'utf8').matchAll(/export (?:\{ (.*) \}|async function (\w+))/g)]
      .flatMap(([, list, name]) => list?.split(', ') ?? [name!]).sort();
  const declared = [...readFileSync('pkg/index.d.ts', 'utf8').matchAll(/export declare (?:class|function) (\w+)/g)].map(([, name]) => name!);
  for (const entry of ['node.js', 'browser.js', 'workerd.js']) assert.deepEqual(names(entry), declared.sort(), entry);
});

test('the entry for browsers is ready after init', async () => {
  const browser = await import(new URL('../../pkg/browser.js', import.meta.url).href);
  assert.throws(() => browser.catalog());
  await browser.init(readFileSync('pkg/rolecall_bg.wasm'));
  assert.equal(browser.catalog().length, 19);
});

test('what a browser fetches stays under its limit', () => {
  const files = ['rolecall_bg.wasm', 'rolecall.js', 'workspace.js', 'browser.js'];
  const sizes = files.map((name) => brotliCompressSync(readFileSync(`pkg/${name}`)).length);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(all < 103_000, `${all} bytes with brotli`);
});
