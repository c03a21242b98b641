// The example without a framework, in pkg/example: a tick shows what it would do, and nothing is sent.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import { Chromium } from './support/chromium.ts';
import { ROOT } from './support/installed.ts';

let chromium: Chromium;
before(async () => void (chromium = await Chromium.start()));
after(() => chromium?.stop());

/** The example, drawn. */
async function open(options?: BrowserContextOptions) {
  const { page, faults } = await chromium.open([join(ROOT, 'pkg')], '/example/index.html', options);
  await page.locator('#matrix input').first().waitFor();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  const chips = (resource: string, state: string) => page.locator('#result tr', { hasText: resource }).locator(`.${state}`).evaluateAll((all) => all.map((one) => one.firstChild?.textContent));
  return { page, faults, requests, chips, news: () => page.locator('#news').innerText() };
}

test('a tick shows what it would do, and taking it back shows that nothing is changed', async () => {
  const { page, faults, requests, chips, news } = await open();
  assert.equal(await news(), 'Nothing is changed yet');
  assert.ok(await page.locator('#save').isDisabled());

  await page.getByLabel('Source Admin on source/ios').check();
  assert.equal(await news(), 'Ben gains source:view, source:edit, source:delete on source/ios');
  assert.deepEqual(await chips('source/ios', 'gained'), ['source:view', 'source:edit', 'source:delete']);
  assert.equal(await page.locator('#count').innerText(), '3 actions gained');

  await page.getByLabel('Source Admin on source/web').uncheck();
  assert.match(await news(), /Ben loses source:view, source:edit, source:delete on source\/web\nBen loses destination:view.* on destination\/ads\nBen gains/s);
  assert.deepEqual(await chips('destination/ads', 'lost'), ['destination:view', 'destination:edit', 'destination:delete']);
  await page.locator('#save').click();
  assert.match(await page.locator('#request').innerText(), /PUT .*\/grants\nIf-Match: "7"[\s\S]*source_admin@source\/ios/);

  await page.locator('#reset').click();
  assert.equal(await news(), 'Nothing is changed yet');
  assert.deepEqual([requests, faults], [[], []]);
});

test('what a rule refuses can not be saved, and what they can do stays', async () => {
  const { page, faults, chips, news } = await open();
  await page.locator('#member').selectOption({ label: 'Ann' });
  await page.getByLabel('Workspace Member on workspace').check();
  await page.getByLabel('Workspace Owner on workspace').uncheck();
  assert.match(await news(), /^This can't be saved: .*owner/);
  assert.ok(await page.locator('#save').isDisabled());
  assert.deepEqual([await chips('workspace', 'lost'), faults], [[], []]);
});

test('it fits a narrow screen, in light and dark', async () => {
  const papers = new Set<string>();
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await open({ viewport: { width: 360, height: 800 }, colorScheme });
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360);
    papers.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
  }
  assert.equal(papers.size, 2);
});
