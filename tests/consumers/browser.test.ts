// The installed package in Chromium: through two bundlers and through none; and all of tests/cases.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Chromium } from './support/chromium.ts';
import { asEverywhere, CASES } from './support/expected.ts';
import { Consumer, run, tool } from './support/installed.ts';

let consumer: Consumer;
let chromium: Chromium;
before(async () => {
  consumer = await Consumer.install();
  chromium = await Chromium.start();
});
after(async () => {
  await chromium?.stop();
  consumer?.remove();
});

const inside = (...path: string[]) => join(consumer.folder, ...path);

/** Bundles a program with the wasm as a file beside it, whose address it is told. */
async function esbuild(program: string): Promise<string> {
  const out = inside(`out-${program}`);
  await run(consumer.folder, tool('esbuild', 'root'), `${program}.js`, '--bundle', '--format=esm', '--loader:.wasm=file', `--outdir=${out}`, '--public-path=/', '--log-level=error');
  return out;
}

async function html(out: string, program: string): Promise<unknown> {
  writeFileSync(join(out, 'index.html'), `<!doctype html><title>esbuild</title><script type="module" src="/${program}.js"></script>`);
  return chromium.result([out, inside('public')], '/');
}

test('by a script of the page, with no bundler', async () => asEverywhere(await chromium.result([consumer.folder, inside('public')], '/plain.html')));

test('built by Vite', async () => {
  await run(consumer.folder, tool('vite'), 'build', '--logLevel', 'error', '--target', 'es2022');
  assert.match(readFileSync(inside('dist/index.html'), 'utf8'), /assets\//);
  asEverywhere(await chromium.result([inside('dist')], '/'));
});

test('bundled by esbuild', async () => asEverywhere(await html(await esbuild('esbuild'), 'esbuild')));

test('all cases decide in Chromium as they do in the core', async () => {
  consumer.withCases();
  assert.deepEqual(await html(await esbuild('cases'), 'cases'), { cases: CASES, differences: [] });
});
