// The ways into the package: each entry is there and exports what the types declare; a browser's is started.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';

const PACKAGE = JSON.parse(readFileSync('pkg/package.json', 'utf8'));

const FOLDERS = { '.': 'pkg', './decide': 'pkg/decide' };

/** What a module shows. */
const exportsOf = (entry: string) =>
  [...readFileSync(entry, 'utf8').matchAll(/\bexport ?\{([^}]*)\}/g)]
    .flatMap(([, list]) => list!.split(',').map((one) => one.split(' as ').at(-1)!)).sort();

test('each file that the package names is there', () => {
  const { exports, files, types } = PACKAGE;
  const named = Object.values(exports).flatMap((one) => (typeof one === 'string' ? one : Object.values(one as object)));
  for (const name of [...files, types, ...named] as string[]) assert.ok(existsSync(`pkg/${name}`), name);
});

for (const [subpath, folder] of Object.entries(FOLDERS)) {
  test(`each entry of ${subpath} exports what its types declare`, () => {
    const types = readFileSync(`${folder}/index.d.ts`, 'utf8');
    const declared = [...types.matchAll(/export declare (?:class|function|const) (\w+)/g)].map(([, name]) => name!);
    const passedOn = [...types.matchAll(/^export \{ (.*) \} from/gm)].flatMap(([, list]) => list!.split(', '));
    const wanted = [...declared, ...passedOn].sort();
    assert.ok(wanted.includes('Workspace') && wanted.includes('init'));
    for (const entry of ['node.js', 'browser.js', 'workerd.js']) assert.deepEqual(exportsOf(`${folder}/${entry}`), wanted, entry);
  });
}

for (const folder of Object.values(FOLDERS)) {
  test(`each entry of ${folder} is one file, so that nothing is fetched one after the other`, () => {
    for (const entry of ['node.js', 'browser.js', 'workerd.js']) {
      const imported = readFileSync(`${folder}/${entry}`, 'utf8').matchAll(/(?:from|import) ?["']([^"']+)["']/g);
      for (const [, name] of imported) assert.match(name!, /^node:|\.wasm$/, entry);
    }
  });

  test(`the classes of ${folder} have their names`, async () => {
    const { Workspace, Member } = await import(new URL(`../../${folder}/node.js`, import.meta.url).href);
    assert.deepEqual([Workspace.name, Member.name], ['Workspace', 'Member']);
  });
}

test('the entry for browsers is ready after init', async () => {
  const browser = await import(new URL('../../pkg/browser.js', import.meta.url).href);
  assert.throws(() => browser.catalog());
  await browser.init(readFileSync('pkg/rolecall_bg.wasm'));
  assert.equal(browser.catalog().length, 19);
});

test('the smaller entry for browsers is ready after init', async () => {
  const browser = await import(new URL('../../pkg/decide/browser.js', import.meta.url).href);
  assert.throws(() => browser.actions());
  await browser.init(readFileSync('pkg/decide/rolecall_bg.wasm'));
  assert.ok(browser.actions().length > 50);
});

for (const [folder, files, limit] of [
  ['pkg', ['rolecall_bg.wasm', 'browser.js'], 82_000],
  ['pkg/decide', ['rolecall_bg.wasm', 'browser.js'], 20_000],
] as const) {
  test(`what a browser fetches of ${folder} stays under its limit`, () => {
    const sizes = files.map((name) => brotliCompressSync(readFileSync(`${folder}/${name}`)).length);
    const all = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(all < limit, `${all} bytes with brotli`);
  });
}
