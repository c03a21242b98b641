// All of tests/cases in a page.
import { init, Workspace } from 'rolecall';
import wasm from 'rolecall/rolecall_bg.wasm';
import cases from './cases.json';
import { inAll } from './support/agree.ts';

await init(wasm);
globalThis.result = inAll({ Workspace }, cases);
