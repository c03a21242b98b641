// Takes out of a wasm file what nothing in the package shows: the words of panics, which end in a trap here, the paths of
// sources, which only panics name and which tell where it was built, and the hashes in the names of imports, which no
// compressor gets smaller. And has it start faster.
// All formatting goes with them, since the package joins its words by hand: where a function formats all the same, this says
// which, for it would trap.
// Usage: node scripts/snip.mjs FOLDER, before the names of functions are stripped.
import { readFileSync, writeFileSync } from 'node:fs';
import binaryen from 'binaryen';

const [, , folder] = process.argv;
const [wasm, glue] = ['rolecall_bg.wasm', 'rolecall.js'].map((name) => `${folder}/${name}`);
const SAYS = /::panicking::|::panic_fmt|fmt::Debug>::fmt|rust_begin_unwind|rust_panic|slice_error_fail|slice_index_fail|::(unwrap|expect)_failed/;
const FORMATS = /\bfmt::|cell::Borrow(Mut)?Error|str::count::/;
const PATHS = /(?:(?:\/[\w.@+-]+)+|src\/[\w/.-]+)\.rs/g;
/** What those functions would have said: nothing looks at it any more, but it stays in the data. */
const WORDS = new RegExp([
  'slice index starts at | but ends at |range (?:start|end) index | out of range for slice of length ',
  'copy_from_slice: source slice length \\(|\\) does not match destination slice length \\(|mid > len|capacity overflow',
  'cannot access a Thread Local Storage value during or after destruction: |RefCell already (?:mutably )?borrowed',
  'attempt to join into collection with len > usize::MAX|Tried to shrink to a larger capacity|assertion failed: step != 0',
  'assertion `left  right` failed(?:: )?|\\n +(?:left|right): |==!=matches|0001020304(?:\\d\\d){95}|0x0123456789ABCDEF',
].join('|'), 'g');
/** Tables of Unicode that only `Debug` looks at: how each begins, and so many of its bytes. Another Rust may have others. */
const TABLES = [['000601010301040205070702', 808], ['000103050506060207060807', 652], ['83042000910560005d13a000', 128], ['00700007002d010101020102', 751]];
const HASHES = /(?<=__wbg_\w+_)[0-9a-f]{16}/g;

const says = (name) => SAYS.test(name) || FORMATS.test(name);

/** Throws where a function that is left calls one that is taken out but for panics. */
function refuseFormats(module) {
  let within = '';
  for (const line of module.emitText().split('\n')) {
    within = /^ \(func \$("[^"]+"|\S+)/.exec(line)?.[1] ?? within;
    const called = /\((?:return_)?call \$("[^"]+"|[^\s)]+)/.exec(line)?.[1];
    if (called && FORMATS.test(called) && !says(within)) throw new Error(`${within} calls ${called}: join its words by hand`);
  }
}

function withoutWords(bytes) {
  binaryen.setDebugInfo(true);
  const module = binaryen.readBinary(bytes);
  let snipped = 0;
  for (let index = 0; index < module.getNumFunctions(); index += 1) {
    const pointer = module.getFunctionByIndex(index);
    const { name, base } = binaryen.getFunctionInfo(pointer);
    if (base !== '' || !says(name)) continue;
    binaryen.Function.setBody(pointer, module.unreachable());
    snipped += 1;
  }
  if (snipped === 0) throw new Error(`${wasm} has no panics: are its names stripped?`);
  refuseFormats(module);
  startInside(module);
  return module.emitBinary();
}

/** Makes the start a function of the module. As it comes it is one of the glue, handed back as it is: an engine makes code for that
 *  at once, which takes longer than all other exports together. */
function startInside(module) {
  const { value } = binaryen.getExportInfo(module.getExport('__wbindgen_start'));
  module.addFunction('start_inside', binaryen.none, binaryen.none, [], module.call(value, [], binaryen.none));
  module.removeExport('__wbindgen_start');
  module.addFunctionExport('start_inside', '__wbindgen_start');
}

/** A text of the same length for each hash, so that nothing moves in the file. */
function counted() {
  const numbers = new Map();
  return (hash) => {
    if (!numbers.has(hash)) numbers.set(hash, numbers.size);
    return String(numbers.get(hash)).padStart(hash.length, '0');
  };
}

function withoutTables(bytes) {
  for (const [start, length] of TABLES) {
    const at = bytes.indexOf(Buffer.from(start, 'hex'));
    if (at >= 0) bytes.fill(0, at, at + length);
  }
  return bytes;
}

const number = counted();
const short = (text) => text.replace(HASHES, number);
const gone = (words) => '\0'.repeat(words.length);
const text = withoutTables(Buffer.from(withoutWords(readFileSync(wasm)))).toString('latin1');
writeFileSync(wasm, short([PATHS, WORDS].reduce((left, some) => left.replace(some, gone), text)), 'latin1');
writeFileSync(glue, short(readFileSync(glue, 'utf8')));
