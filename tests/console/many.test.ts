// Workspaces with more than a page holds: nothing ends unsaid, and many are taken and changed at once.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';

import { Crowd } from '../edge/support/crowd.ts';
import { Site, type Finished } from './support/site.ts';

/** More members than a page loads into the package. */
const CROWD = new Crowd(3, 5_400);
const MANY = 450;

/** Things of each kind, more than one page of the API and than a browser's own list is good for. */
function fill(site: Site): void {
  const ws = CROWD.workspace;
  const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY})`;
  const by = CROWD.member(1);
  site.worker.sql(`
    INSERT INTO resources (workspace_id, kind, id, name, labels, created_by, created_at, updated_at) ${numbers} SELECT '${ws}', 'space', printf('sp%04d', i), printf('Space %04d', i), '{}', '${by}', 1, 1 FROM n;
    INSERT INTO labels (workspace_id, key, value, created_at) ${numbers} SELECT '${ws}', 'many', printf('v%04d', i), 1 FROM n;
    INSERT INTO groups (workspace_id, id, name, created_at) ${numbers} SELECT '${ws}', printf('grp_9%024d0', i), printf('Many %04d', i), 1 FROM n;`);
}

describe('a large workspace', () => {
  let site: Site;
  before(async () => {
    site = await Site.start((database) => CROWD.write(database));
    fill(site);
  });
  after(() => site.stop());
  afterEach((test) => site.after(test as unknown as Finished));

  const open = async (path: string): Promise<Page> => {
    const page = await site.signedIn(CROWD.email(1));
    await page.goto(`/w/${CROWD.workspace}/${path}`);
    return page;
  };
  const total = async (path: string): Promise<number> => {
    const tenant = CROWD.tenant(site.worker);
    let [sum, cursor] = [0, ''];
    do {
      const { body } = await tenant.call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`);
      sum += body.data.length;
      cursor = body.next_cursor ?? '';
    } while (cursor !== '');
    return sum;
  };

  it('says who can do something, that these are not all, and counts and saves all when asked', async () => {
    const page = await open('explorer/who?action=source:edit&resource=source/s1');
    await page.getByText(/^At least [\d,]+ members? can edit sources$/).waitFor();
    await page.getByRole('button', { name: 'Count all' }).click();
    const all = await total('/access/members?action=source:edit&resource=source/s1');
    await page.getByText(`${all.toLocaleString('en')} ${all === 1 ? 'member' : 'members'} can edit sources`, { exact: true }).waitFor();
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const lines = readFileSync(await (await waiting).path(), 'utf8').trim().split('\r\n');
    assert.equal(lines.length, all + 1);
  });

  it('says what a group’s other roles mean by the server, since the page has not everybody', async () => {
    const page = await open('groups');
    await page.getByRole('list', { name: 'Groups' }).getByRole('link', { name: 'Group 0' }).click();
    await page.getByRole('button', { name: 'Change roles or name' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change Group 0' });
    await dialog.getByRole('button', { name: /^Take away/ }).first().click();
    await dialog.getByRole('region', { name: 'Will no longer be able to' }).getByText('Person').first().waitFor();
  });

  for (const [view, last] of [['resources', 'Space 0450'], ['labels', 'many:v0450'], ['groups', 'Many 0450']] as const) {
    it(`lists all its ${view} as one scrolls, few at a time, and finds the last by its name`, async () => {
      const page = await open(view);
      const list = page.getByRole('list', { name: new RegExp(`^${view}$`, 'i') });
      await list.getByRole('listitem').nth(20).waitFor();
      await page.getByText('The first 200 rows; there are more.').waitFor();
      assert.ok((await list.getByRole('listitem').count()) < 100);
      await page.getByLabel('Search').fill(last);
      await list.getByText(last, { exact: true }).first().waitFor();
      assert.equal(await list.getByRole('listitem').count(), 1);
      await page.getByLabel('Search').fill('');
      const end = list.getByText(last, { exact: true }).first();
      while (!(await end.isVisible())) await page.evaluate(() => (scrollBy(0, 3_000), new Promise((done) => requestAnimationFrame(done))));
      assert.equal(await page.getByText('there are more').count(), 0);
    });
  }

  it('finds each resource in a field that is searched, by keyboard', async () => {
    const page = await open('explorer/who?action=space:view&resource=workspace');
    const field = page.locator('input').and(page.getByRole('combobox', { name: 'Where' }));
    await field.focus();
    await page.keyboard.type('space 0444');
    await page.getByRole('option', { name: 'Space 0444' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/resource=space%2Fsp0444/);
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[role=combobox][aria-autocomplete]')?.value === 'Space 0444');
    await page.getByText(/can view spaces$/).first().waitFor();
  });

  it('takes all members that match, and puts them into a group', async () => {
    const page = await open('members?role=source_admin');
    const table = page.getByRole('table', { name: 'Members' });
    await table.getByRole('row').nth(5).waitFor();
    await page.getByLabel('Select all that are loaded').check();
    const bar = page.getByRole('group', { name: 'Selected members' });
    await bar.getByText('100 members selected').waitFor();
    await bar.getByRole('button', { name: 'Select all that match' }).click();
    const all = await total('/members?role=source_admin');
    assert.ok(all > 200, String(all));
    await bar.getByText(`${all.toLocaleString('en')} members selected`).waitFor();
    await bar.getByRole('button', { name: 'Add to a group' }).click();
    const dialog = page.getByRole('dialog', { name: `Add to a group: ${all.toLocaleString('en')} members` });
    await page.locator('input').and(dialog.getByRole('combobox', { name: 'Group' })).focus();
    await page.keyboard.type('Many 0007');
    await page.getByRole('option', { name: 'Many 0007' }).click();
    await dialog.getByText(`Shown for the first 100 of ${all.toLocaleString('en')} members`).waitFor();
    await dialog.getByRole('button', { name: 'Add to a group' }).click();
    await page.getByText(`Done for ${all.toLocaleString('en')} members`).waitFor({ timeout: 240_000 });
    assert.equal(await total(`/members?group=grp_9${String(7).padStart(24, '0')}0`), all);
  });

  it('stops halfway, says how many are left, and goes on with them', async () => {
    const page = await open('members?q=p00000');
    await page.getByRole('table', { name: 'Members' }).getByRole('row').nth(5).waitFor();
    await page.getByLabel('Select all that are loaded').check();
    await page.getByRole('button', { name: 'Add roles' }).click();
    const dialog = page.getByRole('dialog', { name: /^Add roles/ });
    await dialog.getByLabel('Role', { exact: true }).selectOption({ label: 'Function Admin' });
    await dialog.getByRole('button', { name: 'Add role', exact: true }).click();
    // The server answers some, and then none until the stop is asked for.
    let answered = 0;
    let release = () => undefined as void;
    const stopped = new Promise<void>((done) => (release = done));
    await page.route('**/grants', async (route) => {
      if (++answered > 10) await stopped;
      await route.continue();
    });
    await dialog.getByRole('button', { name: 'Add roles', exact: true }).click();
    await dialog.getByText(/^10 of \d+ members$/).waitFor();
    await dialog.getByRole('button', { name: 'Stop' }).click();
    release();
    await dialog.getByText(/was stopped\. \d+ were not tried/).waitFor();
    await dialog.getByRole('button', { name: /^Try these \d+ again$/ }).click();
    await page.getByText(/^Done for \d+ members$/).waitFor({ timeout: 240_000 });
    assert.equal(await total('/members?role=function_admin'), await total('/members?q=p00000'));
  });

  it('tells who was refused and why, saves that, and tries them again', async () => {
    const page = await open('members?q=p000001');
    await page.getByRole('table', { name: 'Members' }).getByRole('row').nth(5).waitFor();
    await page.getByLabel('Select all that are loaded').check();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove: 10 members' });
    const remove = dialog.getByRole('button', { name: 'Remove', exact: true });
    assert.ok(await remove.isDisabled());
    await dialog.getByLabel('Type 10 to confirm').fill('10');
    const doomed = CROWD.member(15);
    const refuse = JSON.stringify({ title: 'Conflict', status: 409, code: 'last_owner', detail: 'a workspace has an owner', request_id: 'x' });
    await page.route(`**/members/${doomed}`, (route) => (route.request().method() === 'DELETE' ? route.fulfill({ status: 409, contentType: 'application/problem+json', body: refuse }) : route.continue()));
    await remove.click();
    await dialog.getByText('Done for 9 of 10 members.').waitFor();
    await dialog.getByText(`${CROWD.email(15)}: a workspace has an owner`).waitFor();
    const waiting = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download the report' }).click();
    assert.match(readFileSync(await (await waiting).path(), 'utf8'), new RegExp(`"${CROWD.email(15)}","refused","a workspace has an owner"`));
    await page.unroute(`**/members/${doomed}`);
    await dialog.getByRole('button', { name: 'Try this one again' }).click();
    await page.getByText('Done for 10 members').waitFor();
    assert.equal(await total('/members?q=p000001'), 0);
  });

  it('takes every pending invite, more than the page has read', async () => {
    const page = await open('invites');
    await page.getByLabel('Select all', { exact: true }).check();
    const bar = page.getByRole('group', { name: 'Selected pending invites' });
    await bar.getByText('200 invites selected').waitFor();
    await bar.getByRole('button', { name: 'Select every pending invite' }).click();
    await bar.getByText('540 invites selected').waitFor();
    await bar.getByRole('button', { name: 'Cancel selected' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel 540 invites' }).click();
    await page.getByText('540 invites canceled').waitFor({ timeout: 240_000 });
    await page.getByRole('heading', { name: 'No pending invites' }).waitFor();
  });
});
