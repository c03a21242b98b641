// The package in a Cloudflare Worker, where an import of wasm gives a compiled module: ready from the start.
import module from './rolecall_bg.wasm';
import { initSync } from './rolecall.js';

initSync({ module });

export { Member, Workspace, actions, catalog, parseGrant, parseInvites } from './rolecall.js';
export async function init() {}
