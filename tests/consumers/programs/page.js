// In a page: the result is left where a test finds it.
import { program } from './program.js';

export async function show(source) {
  const data = await (await fetch('/data.json')).json();
  globalThis.result = await program(data, source).catch((error) => ({ failed: String(error.stack) }));
}
