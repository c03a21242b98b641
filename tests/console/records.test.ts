// How a file of invites is cut into pieces.
import assert from 'node:assert/strict';
import { it } from 'node:test';

import { linesOf, recordsOf } from '../../www/src/views/import/records.ts';

const CASES: [name: string, text: string, lines: number[]][] = [
  ['nothing', '', []],
  ['a line', 'a,b', [1]],
  ['lines that end alike', 'a\nb\n', [1, 1]],
  ['lines of Windows', 'a\r\nb\r\n', [1, 1]],
  ['a break in a quoted cell', 'a,"x\ny"\nb\n', [2, 1]],
  ['a doubled quote', 'a,"x ""\n"" y"\nb', [2, 1]],
  ['an empty line', 'a\n\nb', [1, 1, 1]],
];

for (const [name, text, lines] of CASES) {
  it(`${name}: every record once, with the lines that it takes`, () => {
    const records = recordsOf(text);
    assert.equal(records.join(''), text);
    assert.deepEqual(records.map(linesOf), lines);
  });
}
