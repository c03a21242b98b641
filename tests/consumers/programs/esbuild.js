// esbuild doesn't follow addresses: it is shown the wasm, and makes an address of it.
import wasm from 'rolecall/rolecall_bg.wasm';
import small from 'rolecall/decide/rolecall_bg.wasm';
import { show } from './page.js';

await show(wasm, small);
