// Puts the functions of a module beside those that they resemble: a compressor names what stands near in fewer bits, which is
// a thirtieth of the download. The largest comes first, then always the one that shares most with the one before it.
// Usage: node scripts/order.mjs FILE.wat
import { readFileSync, writeFileSync } from 'node:fs';

const [, , file] = process.argv;
const [head, ...functions] = readFileSync(file, 'utf8').split(/^(?= \(func )/m);
const end = functions.at(-1).lastIndexOf('\n)') + 1;
const tail = functions.at(-1).slice(end);
functions.push(functions.pop().slice(0, end));

const numbers = new Map();
const number = (pair) => numbers.get(pair) ?? numbers.set(pair, numbers.size).get(pair);

/** Each two instructions that follow each other in a function, as numbers. */
function pairs(text) {
  const lines = text.split('\n').map((line) => line.trim());
  return new Set(lines.slice(1).map((line, index) => number(`${lines[index]}\n${line}`)));
}

/** How much of two sets is in both: from 0 to 1. */
function likeness(one, other) {
  const [few, many] = one.size < other.size ? [one, other] : [other, one];
  let shared = 0;
  for (const pair of few) shared += many.has(pair);
  return shared / (few.size + many.size - shared);
}

const left = new Set(functions.map((text) => ({ text, pairs: pairs(text) })));
const best = (score) => [...left].map((one) => [score(one), one]).reduce((most, next) => (next[0] > most[0] ? next : most))[1];
const ordered = [];
while (left.size > 0) {
  const last = ordered.at(-1);
  const next = best(last ? (one) => likeness(last.pairs, one.pairs) : (one) => one.pairs.size);
  left.delete(next);
  ordered.push(next);
}
writeFileSync(file, head + ordered.map(({ text }) => text).join('') + tail);
