// What a browser downloads for each engine: bundled, minified, compressed by brotli as servers compress what stays.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { wasmOf } from './wasm.ts';

/** Of each engine what a page imports, the wasm that it brings along, and what it takes of Node. */
const PEERS: Record<string, { code: string; hasWasm?: true; inject?: string }> = {
  rolecall: { code: `export * from 'rolecall'`, hasWasm: true },
  'rolecall/decide': { code: `export * from 'rolecall/decide'`, hasWasm: true },
  casl: { code: `export { createMongoAbility } from '@casl/ability'` },
  'better-auth': { code: `export { createAccessControl } from 'better-auth/plugins/access'` },
  casbin: { code: `export { newEnforcer, newModelFromString } from 'casbin'`, inject: 'buffer.ts' },
  cedar: { code: `export { default, preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/web'`, hasWasm: true },
};

const brotli = (bytes: Uint8Array): number =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;

async function code(contents: string, inject?: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: new URL('.', import.meta.url).pathname },
    bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2024', write: false, logLevel: 'error', external: ['fs'],
    inject: inject === undefined ? [] : [new URL(inject, import.meta.url).pathname],
  });
  return outputFiles[0]!.contents;
}

/** Bytes by engine. */
export async function downloads(): Promise<Record<string, number>> {
  const rows = Object.entries(PEERS).map(async ([name, { code: text, hasWasm, inject }]) =>
    [name, brotli(await code(text, inject)) + (hasWasm ? brotli(readFileSync(wasmOf(name))) : 0)] as const);
  return Object.fromEntries(await Promise.all(rows));
}
