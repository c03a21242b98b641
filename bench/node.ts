// A measurement in a Node process of its own: takes the task as an argument, prints the result as JSON. Exits with 1 where
// decisions differ.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure, Mismatch, type Place, type Task } from './measure.ts';
import { wasmBytes, watchWasm } from './memory.ts';
import { wasmOf } from './wasm.ts';

watchWasm();
const task = JSON.parse(process.argv[2]!) as Task;
const collect = (globalThis as unknown as { gc?: () => void }).gc ?? (() => { throw new Error('needs --expose-gc'); });

/** Bytes of a file in a buffer of their own. */
function read(path: string): Uint8Array<ArrayBuffer> {
  const bytes = readFileSync(path);
  return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
}

const place: Place = {
  clock() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  async memory() {
    collect();
    await new Promise((done) => setImmediate(done));
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers + wasmBytes();
  },
  file: async (name) => read(join(task.folder, name)),
  wasm: async (engine) => read(wasmOf(engine)),
};

try {
  console.log(JSON.stringify(await measure(task, place)));
} catch (error) {
  console.error(error instanceof Mismatch ? error.message : error);
  process.exitCode = 1;
}
