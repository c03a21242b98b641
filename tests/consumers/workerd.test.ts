// The installed package in a Worker on workerd: the program, and all of tests/cases.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { asEverywhere, CASES } from './support/expected.ts';
import { Consumer } from './support/installed.ts';
import { Wrangler } from './support/wrangler.ts';

let consumer: Consumer;
let wrangler: Wrangler;
before(async () => {
  consumer = await Consumer.install();
  consumer.withCases();
  wrangler = await Wrangler.start(consumer.folder);
});
after(() => {
  wrangler?.stop();
  consumer?.remove();
});

test('in a Worker', async () => {
  const body = readFileSync(join(consumer.folder, 'public/data.json'));
  asEverywhere(await (await fetch(wrangler.url, { method: 'POST', body })).json());
});

test('all cases decide in workerd as they do in the core', async () => {
  assert.deepEqual(await (await fetch(`${wrangler.url}/cases`)).json(), { cases: CASES, differences: [] });
});
