// Where the wasm of the engines lies.
import { fileURLToPath } from 'node:url';

const PLACES: Record<string, string> = {
  rolecall: '../pkg/rolecall_bg.wasm',
  'rolecall/decide': '../pkg/decide/rolecall_bg.wasm',
  cedar: 'node_modules/@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm',
};

export function wasmOf(engine: string): string {
  const place = PLACES[engine];
  if (place === undefined) throw new Error(`no wasm of ${engine}`);
  return fileURLToPath(new URL(place, import.meta.url));
}
