// The installed package in Node: the one that the tests run in, and the oldest that the package says it works in.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { asEverywhere } from './support/expected.ts';
import { Consumer, ROOT, run } from './support/installed.ts';

const OLDEST = join(ROOT, 'tests/consumers/node_modules/node-20/bin/node');

let consumer: Consumer;
before(async () => void (consumer = await Consumer.install()));
after(() => consumer.remove());

test('in this Node', async () => asEverywhere(JSON.parse(await run(consumer.folder, process.execPath, 'node.js'))));

test('in the oldest Node that the package names', async () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'pkg/package.json'), 'utf8'));
  assert.equal((await run(consumer.folder, OLDEST, '--version')).trim(), `v${engines.node.replace('>=', '')}.0.0`);
  asEverywhere(JSON.parse(await run(consumer.folder, OLDEST, 'node.js')));
});
