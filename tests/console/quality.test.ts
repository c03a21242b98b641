// What holds of every view: accessible, strict about what it loads, small, and quick.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

import { acme, fromConsole, settled, Site, visit, type Acme, type Finished } from './support/site.ts';
import { open, views } from './support/views.ts';

const SLUG = 'quality';
const WIDTHS = [360, 768, 1280, 3840];
const AXE = readFileSync(fromConsole.resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page: Page): Promise<string[]> {
  // By the browser's own tools, which no content security policy binds.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: AXE });
  const answer = await session.send('Runtime.evaluate', { expression: 'axe.run(document, { resultTypes: ["violations"] }).then(JSON.stringify)', awaitPromise: true });
  const results = JSON.parse(answer.result.value) as AxeResults;
  return results.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)} ${node.any[0]?.message ?? ''}`));
}

describe('each view', () => {
  let site: Site;
  let a: Acme;
  let all: Record<string, string>;
  before(async () => {
    site = await Site.start();
    a = await acme(site, SLUG, { seat_limit: 20 });
    await a.tenant.call('POST', '/invites', { invites: ['waiting', 'late'].map((name) => ({ email: `${name}@new.example`, grants: ['workspace_member', 'source_admin'] })) });
    site.worker.sql("UPDATE invites SET expires_at = 1700000000000 WHERE email = 'late@new.example'");
    await a.tenant.call('POST', '/tokens', { name: 'Checker', actions: ['member:view'] });
    const idp = await a.tenant.call('POST', '/sso/connections', { protocol: 'oidc', name: 'Okta', issuer: 'https://idp.example', client_id: 'x', active: false, role_mappings: [{ group: 'web', grants: ['source_admin@source/website'] }] });
    await a.tenant.call('POST', '/domains', { domain: 'quality.example', auto_join: 'request' });
    all = { ...views({ slug: SLUG, member: a.ids.Dev!, group: a.groups.Analysts!, connection: idp.body.id }), ...open };
  });
  after(() => site.stop());
  afterEach((test) => site.after(test as unknown as Finished));

  const signedIn = (options: Parameters<Site['signedIn']>[1] = {}) => site.signedIn(`owner@${SLUG}.example`, options);

  /** What one walk through every view finds, so that each is loaded once a theme. */
  async function walk(colorScheme: 'light' | 'dark') {
    const found = { axe: [] as string[], wide: [] as string[], headings: [] as string[] };
    const page = await signedIn({ colorScheme });
    for (const [name, path] of Object.entries(all)) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await visit(page, path);
      found.axe.push(...(await violations(page)).map((one) => `${name}: ${one}`));
      const ranks = await page.locator('h1').count();
      if (ranks !== 1 || !(await page.title()).endsWith(' · Rolecall')) found.headings.push(`${name}: ${ranks}, ${await page.title()}`);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.wide.push(`${name}: ${width} px`);
      }
    }
    return found;
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has no fault that axe finds, one heading of the first rank, a title, and no more than its width, ${colorScheme}`, async () => {
      assert.deepEqual(await walk(colorScheme), { axe: [], wide: [], headings: [] });
    });

    it(`has no fault that axe finds while a dialog is open, ${colorScheme}`, async () => {
      const page = await signedIn({ colorScheme });
      const found: string[] = [];
      for (const [path, button] of dialogs()) {
        await visit(page, `/w/${SLUG}/${path}`);
        await page.getByRole('button', { name: button, exact: true }).first().click();
        await settled(page);
        found.push(...(await violations(page)).map((one) => `${button}: ${one}`));
      }
      await visit(page, `/w/${SLUG}/members`);
      await page.getByLabel('Select all that are loaded').check();
      for (const button of ['Add roles', 'Add to a group', 'Remove']) {
        await page.getByRole('button', { name: button, exact: true }).first().click();
        await settled(page);
        found.push(...(await violations(page)).map((one) => `${button} together: ${one}`));
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
      await visit(page, `/w/${SLUG}/roles`);
      await page.keyboard.press('Control+k');
      await page.getByRole('option').first().waitFor();
      found.push(...(await violations(page)).map((one) => `palette: ${one}`));
      assert.deepEqual(found, []);
    });
  }

  const dialogs = (): [path: string, button: string][] => [
    [`members/${a.ids.Ben}`, 'Change access'],
    [`members/${a.ids.Ben}`, 'Rename'],
    [`members/${a.ids.Ben}`, 'Remove'],
    [`members/${a.tenant.owner}`, 'Remove'],
    ['groups', 'New group'],
    ['resources', 'New resource'],
    ['resources', 'Delete Website'],
    ['tokens', 'New token'],
    ['invites', 'Change'],
    ['stale/invites', 'Cancel invite: waiting@new.example'],
    [`groups/${a.groups.Analysts}`, 'Change roles or name'],
    [`groups/${a.groups.Analysts}`, 'Delete'],
    ['tokens', 'Delete Checker'],
    ['settings', 'Delete workspace'],
    [`members/${a.ids.Ben}`, 'Exempt from SSO'],
    ['domains', 'Give up quality.example'],
  ];

  it('comes with a policy that allows no script but the console’s own', async () => {
    for (const path of ['/', `/w/${SLUG}/members`, '/sign-in/x']) {
      const answer = await fetch(site.worker.url + path, { headers: { 'sec-fetch-mode': 'navigate' } });
      const policy = answer.headers.get('content-security-policy') ?? '';
      const scripts = /script-src ([^;]*)/.exec(policy)?.[1];
      assert.equal(scripts, "'self' 'wasm-unsafe-eval'", path);
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /unsafe-inline/);
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
      const html = await answer.text();
      assert.doesNotMatch(html, /<script>|\son\w+=|javascript:|https?:/);
    }
  });

  it('leaves the addresses of the API to the API', async () => {
    for (const path of ['/v1/nothing', '/access/v1/nothing', '/.well-known/nothing']) {
      const answer = await fetch(site.worker.url + path, { headers: { 'sec-fetch-mode': 'navigate', accept: 'text/html' } });
      assert.equal(answer.status, 404, path);
      assert.match(answer.headers.get('content-type') ?? '', /problem\+json/, path);
    }
    assert.equal((await (await fetch(`${site.worker.url}/healthz`)).json()).status, 'ok');
  });
});
