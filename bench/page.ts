// A measurement in a page that holds nothing else. The clock is the wall's: a page is told no CPU time.
import { measure, Mismatch, type Place, type Task } from './measure.ts';
import { wasmBytes, watchWasm } from './memory.ts';

watchWasm();
const page = globalThis as unknown as {
  /** From outside: collects, and tells the bytes of the heap and of the buffers. */
  benchHeap(): Promise<number>;
  benchRun(task: Task): Promise<unknown>;
};

async function fetched(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

page.benchRun = async (task) => {
  const place: Place = {
    clock: () => performance.now(),
    memory: async () => (await page.benchHeap()) + wasmBytes(),
    file: (name) => fetched(`/${task.folder}/${name}`),
    wasm: (engine) => fetched(`/wasm/${engine}`),
  };
  try {
    return await measure(task, place);
  } catch (error) {
    return { wrong: error instanceof Mismatch ? error.message : String((error as Error).stack) };
  }
};
