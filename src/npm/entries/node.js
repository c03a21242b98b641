// The package in Node: ready from the start.
import { readFileSync } from 'node:fs';
import { initSync } from './rolecall.js';

initSync({ module: readFileSync(new URL('./rolecall_bg.wasm', import.meta.url)) });

export { actions, catalog, parseGrant, parseInvites } from './rolecall.js';
export { Member, Workspace, actionHandle } from './workspace.js';
export async function init() {}
