// Takes the words of panics out of a wasm file: a panic ends in a trap, and nothing in the package shows what it would say.
// Usage: node scripts/snip.mjs FILE, before the names of functions are stripped.
import { readFileSync, writeFileSync } from 'node:fs';
import binaryen from 'binaryen';

const [, , file] = process.argv;
const SAYS = /::panicking::|::panic_fmt|fmt::Debug>::fmt|rust_begin_unwind|rust_panic|slice_error_fail|slice_index_fail|::(unwrap|expect)_failed/;

const module = binaryen.readBinary(readFileSync(file));
let snipped = 0;
for (let index = 0; index < module.getNumFunctions(); index += 1) {
  const pointer = module.getFunctionByIndex(index);
  const { name, base } = binaryen.getFunctionInfo(pointer);
  if (base !== '' || !SAYS.test(name)) continue;
  binaryen.Function.setBody(pointer, module.unreachable());
  snipped += 1;
}
if (snipped === 0) throw new Error(`${file} has no panics: are its names stripped?`);
writeFileSync(file, module.emitBinary());
