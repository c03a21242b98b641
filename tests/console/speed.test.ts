// How much a first visit downloads, how fast 100,000 members answer, and what Lighthouse says.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Locator, Page } from 'playwright-core';

import { Crowd } from '../edge/support/crowd.ts';
import { chromiumPath, fromConsole, Site, type Finished } from './support/site.ts';

const DIST = new URL('../../www/dist/', import.meta.url).pathname;
const BUDGET = 250_000;
/** Times are told in each run and asserted in none but this: what else runs on the machine would decide. */
const IS_TIMED = process.env.ROLECALL_TIMED === '1';
/** So often Lighthouse may look at a page for it to be quick once. */
const RUNS = IS_TIMED ? 4 : 1;
const CROWD = new Crowd(1, 100_000);

/** What of the console a visit of an address loads until it shows what it is for, gzipped: by file. */
async function loaded(page: Page, path: string, shown: (page: Page) => Locator): Promise<Map<string, number>> {
  const files = new Map<string, number>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.startsWith('/v1/')) return;
    const file = /\.\w+$/.test(pathname) ? pathname : '/index.html';
    files.set(file, gzipSync(readFileSync(DIST + file), { level: 9 }).length);
  });
  await page.goto(path);
  // An idle network alone says little: a busy machine may take longer from one file to the next.
  await shown(page).waitFor();
  await page.waitForLoadState('networkidle');
  return files;
}

const aMember = (page: Page) => page.getByRole('table', { name: 'Members' }).getByRole('row').nth(5);
/** Only the package's checks can draw what follows it. */
const aDecision = (page: Page) => page.getByRole('heading', { name: 'In the workspace' });

/** Waits until the page has drawn what it has to show by now. */
const painted = (page: Page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0);

describe('the console', () => {
  let site: Site;
  before(async () => {
    site = await Site.start((database) => CROWD.write(database));
  });
  after(() => site.stop());
  afterEach((test) => site.after(test as unknown as Finished));

  const members = `/w/${CROWD.workspace}/members`;
  const signedIn = () => site.signedIn(CROWD.email(1));

  it('downloads at most 250 KB at a first visit', async (test) => {
    const files = await loaded(await signedIn(), members, aMember);
    test.diagnostic(`${(sum(files.values()) / 1000).toFixed(1)} KB gzipped in ${files.size} files`);
    assert.ok(sum(files.values()) <= BUDGET, JSON.stringify([...files]));
  });

  it('downloads the smaller entry where a view only checks, within the same 250 KB', async (test) => {
    const page = await signedIn();
    const wasm = (files: Map<string, number>) => [...files].filter(([file]) => file.endsWith('.wasm')).map(([, size]) => size);
    assert.deepEqual(wasm(await loaded(page, members, aMember)), []);
    const files = await loaded(await signedIn(), `/w/${CROWD.workspace}/me`, aDecision);
    test.diagnostic(`${(sum(files.values()) / 1000).toFixed(1)} KB gzipped in ${files.size} files, wasm included`);
    assert.ok(sum(files.values()) <= BUDGET, JSON.stringify([...files]));
    assert.equal(wasm(files).length, 1);
    assert.ok(wasm(files)[0]! < 30_000, JSON.stringify([...files]));
  });

  it('downloads the whole package when a reason is asked for', async () => {
    const page = await signedIn();
    const files = await loaded(page, `/w/${CROWD.workspace}/me`, aDecision);
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByText('allowed', { exact: true }).waitFor();
    assert.equal([...files.keys()].filter((file) => file.endsWith('.wasm')).length, 2);
  });

  it('answers typing in under 50 ms with 100,000 members', async (test) => {
    const page = await signedIn();
    await page.goto(members);
    const table = page.getByRole('table', { name: 'Members' });
    await table.getByRole('row').nth(5).waitFor();
    await page.locator(`[role=table][aria-rowcount="${CROWD.size + 1}"]`).waitFor();
    await scrollTo(page, 1_000);
    await page.evaluate(() => {
      const times: number[] = [];
      Object.assign(window, { times });
      // From the key to the next picture, as the browser measures it.
      new PerformanceObserver((list) => times.push(...list.getEntries().filter((entry) => entry.name === 'keydown').map((entry) => entry.duration))).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
    });
    const keys = 'p0099999';
    for (const key of keys) {
      await page.getByLabel('Search').pressSequentially(key);
      await painted(page);
    }
    await page.getByText(CROWD.email(99_999)).waitFor();
    // What is faster than 16 ms isn't told.
    const slow = await page.evaluate(() => (window as unknown as { times: number[] }).times);
    const times = [...slow, ...Array<number>(Math.max(0, keys.length - slow.length)).fill(16)].sort((a, b) => a - b);
    test.diagnostic(`${keys.length} keys: median ${times[keys.length >> 1]} ms, worst ${times.at(-1)} ms`);
    assert.ok(!IS_TIMED || times[keys.length >> 1]! < 50, JSON.stringify(times));
  });

  it('keeps few rows in the page however far one scrolls', async () => {
    const page = await signedIn();
    await page.goto(members);
    await scrollTo(page, 2_000);
    assert.ok((await page.getByRole('row').count()) < 60);
  });

  /** Scrolls until the row of that number has been seen. */
  async function scrollTo(page: Page, wanted: number): Promise<void> {
    const table = page.getByRole('table', { name: 'Members' });
    await table.getByRole('row').nth(5).waitFor();
    const reached = () => table.locator('[role=row]').evaluateAll((rows) => Math.max(...rows.map((row) => Number(row.getAttribute('aria-rowindex')))));
    const deadline = Date.now() + 60_000;
    while ((await reached()) < wanted) {
      assert.ok(Date.now() < deadline, `row ${await reached()} of ${wanted}`);
      await table.evaluate((element) => element.parentElement!.scrollBy(0, 100_000));
      await painted(page);
    }
  }

  const rooms = ['invite', 'explorer/who?action=source:edit&resource=source/s1', 'stale', 'groups', 'settings'].map((path) => [path.split('/')[0]!, `/w/${CROWD.workspace}/${path}`] as const);
  for (const [name, path] of [['sign-in', '/sign-in'], ['members', members], ...rooms] as const) {
    // Rooms that work out access begin with the workspace and the package: how fast is told of them, not asserted.
    const isFirst = name === 'sign-in' || name === 'members';
    it(`pleases Lighthouse: ${name}`, async (test) => {
      const page = await signedIn();
      const cookies = (await page.context().cookies()).map((one) => `${one.name}=${one.value}`).join('; ');
      let scores = await lighthouse(site.worker.url + path, cookies);
      // What else runs on the machine only makes a page slower than it is.
      for (let run = 1; isFirst && run < RUNS && scores.performance! < 95; run++) {
        const again = await lighthouse(site.worker.url + path, cookies);
        if (again.performance! > scores.performance!) scores = again;
      }
      test.diagnostic(JSON.stringify(scores));
      assert.equal(scores.accessibility, 100);
      assert.equal(scores['best-practices'], 100);
      assert.ok(!IS_TIMED || !isFirst || scores.performance! >= 95, JSON.stringify(scores));
    });
  }

  it('has no file that a view doesn’t load by itself larger than the first visit', () => {
    const scripts = readdirSync(`${DIST}assets`).filter((file) => file.endsWith('.js'));
    const sizes = scripts.map((file) => gzipSync(readFileSync(`${DIST}assets/${file}`)).length);
    assert.ok(Math.max(...sizes) < 100_000);
  });
});

type Scores = Partial<Record<string, number>>;

/** The scores of a page, out of 100, as on an administrator's desktop. */
async function lighthouse(url: string, cookies: string): Promise<Scores> {
  const load = (name: string) => import(pathToFileURL(fromConsole.resolve(name)).href);
  const { default: run, desktopConfig } = await load('lighthouse');
  const { launch } = await load('chrome-launcher');
  const chrome = await launch({ chromePath: chromiumPath(), chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  try {
    const flags = { port: chrome.port, output: 'json', logLevel: 'error', onlyCategories: ['performance', 'accessibility', 'best-practices'], extraHeaders: { Cookie: cookies } };
    const { lhr } = await run(url, flags, desktopConfig);
    const failed = Object.values(lhr.audits as Record<string, { id: string; score: number | null; scoreDisplayMode: string }>).filter((audit) => audit.score !== null && audit.score < 1 && audit.scoreDisplayMode === 'binary');
    if (failed.length > 0) console.log(`Lighthouse: ${failed.map((audit) => audit.id).join(', ')}`);
    const metrics = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'speed-index'];
    console.log(`Lighthouse: ${metrics.map((name) => `${name} ${lhr.audits[name].displayValue}`).join(', ')}`);
    return Object.fromEntries(Object.entries(lhr.categories as Record<string, { score: number }>).map(([name, { score }]) => [name, Math.round(score * 100)]));
  } finally {
    chrome.kill();
  }
}
