// The package in Node: ready from the start.
import { readFileSync } from 'node:fs';
import { initSync } from './rolecall.js';

initSync({ module: readFileSync(new URL('./rolecall_bg.wasm', import.meta.url)) });

export { catalog, parseGrant, parseInvites } from './rolecall.js';
export { Member, Workspace, actionHandle, actions } from './workspace.js';
export async function init() {}
