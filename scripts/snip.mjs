// Takes out of a wasm file what nothing in the package shows: the words of panics, which end in a trap here, the paths of
// sources, which only panics name and which tell where it was built, and the hashes in the names of imports, which no
// compressor gets smaller. And has it start faster.
// With `--format` it takes out all formatting too: for a build that joins its words by hand, where only panics would format.
// Usage: node scripts/snip.mjs FOLDER [--format], before the names of functions are stripped.
import { readFileSync, writeFileSync } from 'node:fs';
import binaryen from 'binaryen';

const [, , folder, formatting] = process.argv;
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
  'assertion `left  right` failed(?:: )?|\\n +(?:left|right): |==!=matches',
].join('|'), 'g');
/** The digits that numbers are formatted by. */
const DIGITS = /0001020304(?:\d\d){95}|0x0123456789ABCDEF/g;
const HASHES = /(?<=__wbg_\w+_)[0-9a-f]{16}/g;

const says = (name) => SAYS.test(name) || (formatting === '--format' && FORMATS.test(name));

function withoutWords(bytes) {
  const module = binaryen.readBinary(bytes);
  let snipped = 0;
  for (let index = 0; index < module.getNumFunctions(); index += 1) {
    const pointer = module.getFunctionByIndex(index);
    const { name, base } = binaryen.getFunctionInfo(pointer);
    if (base !== '' || !says(name)) continue;
    binaryen.Function.setBody(pointer, module.unreachable());
    snipped += 1;
  }
  startInside(module);
  if (snipped === 0) throw new Error(`${wasm} has no panics: are its names stripped?`);
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

const number = counted();
const short = (text) => text.replace(HASHES, number);
const gone = (words) => '\0'.repeat(words.length);
const text = Buffer.from(withoutWords(readFileSync(wasm))).toString('latin1').replace(PATHS, gone).replace(WORDS, gone);
writeFileSync(wasm, short(formatting === '--format' ? text.replace(DIGITS, gone) : text), 'latin1');
writeFileSync(glue, short(readFileSync(glue, 'utf8')));
