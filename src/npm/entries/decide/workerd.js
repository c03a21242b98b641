// The smaller entry in a Cloudflare Worker, where an import of wasm gives a compiled module: ready from the start.
import module from './rolecall_bg.wasm';
import { initSync } from './rolecall.js';

initSync({ module });

export { Member, Workspace, actionHandle, actions } from './checks.js';
export async function init() {}
