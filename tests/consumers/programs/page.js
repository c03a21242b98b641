// In a page: the result is left where a test finds it.
import { program } from './program.js';

export async function show(source, smallSource) {
  const data = await (await fetch('/data.json')).json();
  globalThis.result = await program(data, source, smallSource).catch((error) => ({ failed: String(error.stack) }));
}
