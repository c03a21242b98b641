// The smaller entry in Node: ready from the start.
import { readFileSync } from 'node:fs';
import { initSync } from './rolecall.js';

initSync({ module: readFileSync(new URL('./rolecall_bg.wasm', import.meta.url)) });

export { Member, Workspace, actionHandle, actions } from './checks.js';
export async function init() {}
