// The list of members, one member's panel, changing access and removing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import type { Page } from 'playwright-core';

import { acme, journeys } from './support/site.ts';

const SLUG = 'members';
const OWNER = `owner@${SLUG}.example`;

journeys('members', SLUG, (suite) => {

  const open = async (path = ''): Promise<Page> => {
    const page = await suite.site.signedIn(OWNER);
    await page.goto(`/w/${SLUG}/members${path}`);
    await page.getByRole('table', { name: 'Members' }).or(page.getByRole('dialog')).first().waitFor();
    return page;
  };
  const names = (page: Page) => page.getByRole('table', { name: 'Members' }).getByRole('link').allTextContents();

  it('are found by the beginning of a name, and the search is part of the address', async () => {
    const page = await open();
    await page.getByLabel('Search').fill('chl');
    await page.getByRole('link', { name: 'Ben Ortiz' }).waitFor({ state: 'detached' });
    await page.waitForURL(/q=chl/);
    assert.deepEqual(await names(page), ['Chloe Martin']);
    await page.reload();
    await page.getByRole('link', { name: 'Chloe Martin' }).waitFor();
    assert.equal(await page.getByLabel('Search').inputValue(), 'chl');
  });

  it('say what to do when nobody matches', async () => {
    const page = await open();
    await page.getByLabel('Search').fill('zzz');
    await page.getByRole('heading', { name: 'Nobody matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('link', { name: 'Ben Ortiz' }).waitFor();
  });

  it('are filtered by role, group and resource', async () => {
    const page = await open();
    const filter = page.getByRole('search');
    await filter.getByLabel('Role').selectOption({ label: 'Source Admin' });
    await page.getByRole('link', { name: 'Elif Kaya' }).waitFor({ state: 'detached' });
    assert.deepEqual(await names(page), ['Ben Ortiz']);
    await filter.getByLabel('Role').selectOption('');
    await filter.getByLabel('Group').selectOption({ label: 'Analysts' });
    await page.getByRole('link', { name: 'Ben Ortiz' }).waitFor({ state: 'detached' });
    assert.deepEqual(await names(page), ['Dev Patel']);
    await filter.getByLabel('Group').selectOption('');
    await filter.getByLabel('Resource').selectOption({ label: 'Website' });
    await page.getByRole('link', { name: 'Dev Patel' }).waitFor({ state: 'detached' });
    assert.deepEqual(await names(page), ['Chloe Martin']);
  });

  it('are saved as a file, narrowed as the list is', async () => {
    const page = await open('?q=d');
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const file = await waiting;
    assert.match(file.suggestedFilename(), /^members-members-.*\.csv$/);
    const [head, dev, ...more] = readFileSync(await file.path(), 'utf8').trim().split('\r\n');
    assert.equal(head, '"id","email","name","grants","groups","grants_by_groups","is_owner","provisioned_by","joined_at","last_active_at"');
    assert.match(dev!, /"dev@members.example","Dev Patel","workspace_member;tracking_plan_admin","Analysts","source_read_only through Analysts","no","invite"/);
    assert.deepEqual(more, []);
  });

  it('are sorted by the head of a column', async () => {
    const page = await open();
    await page.getByRole('columnheader', { name: 'Joined' }).getByRole('button').click();
    await page.waitForURL(/sort=joined_at/);
    await page.locator('[role=columnheader][aria-sort=ascending]', { hasText: 'Joined' }).waitFor();
    await page.getByRole('table', { name: 'Members' }).getByRole('row').nth(1).getByText('Olga').waitFor();
  });

  it('show their roles and are sorted on a narrow screen as well', async () => {
    const page = await suite.site.signedIn(OWNER, { viewport: { width: 360, height: 740 } });
    await page.goto(`/w/${SLUG}/members`);
    await page.getByRole('row', { name: /Chloe Martin/ }).getByText('Source Read-only').filter({ visible: true }).waitFor();
    await page.getByLabel('Sort by').selectOption({ label: 'Joined' });
    await page.waitForURL(/sort=joined_at/);
    await page.getByRole('link', { name: 'Olga' }).waitFor();
  });

  it('show each grant and why it is there', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'Dev Patel' }).click();
    const panel = page.getByRole('dialog', { name: 'Dev Patel' });
    await panel.getByText('Tracking Plan Admin').waitFor();
    await panel.getByText('through the group').waitFor();
    await panel.getByRole('link', { name: 'Analysts' }).waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    assert.match(page.url(), /\/members$/);
  });

  it('show what access comes to, with the reason for each', async () => {
    const page = await open(`/${suite.acme.ids.Chloe}/effective`);
    const panel = page.getByRole('dialog', { name: 'Chloe Martin' });
    await panel.getByRole('button', { name: 'Why: View sources on Website' }).click();
    await panel.getByText('View sources on source Website: allowed').waitFor();
    await panel.getByText('Source Read-only on source Website, given directly').first().waitFor();
    await panel.getByLabel('On', { exact: true }).selectOption({ label: 'iOS app' });
    await panel.getByText('not allowed').waitFor();
    await panel.getByText('One of these would allow it').waitFor();
    await panel.getByText('Source Admin on source iOS app').waitFor();
  });

  it('have a history', async () => {
    const page = await open(`/${suite.acme.ids.Elif}/history`);
    await page.getByRole('dialog').getByText('Member joined').waitFor();
  });

  it('get other roles after their difference was seen, and back by Undo', async () => {
    const page = await open(`/${suite.acme.ids.Chloe}`);
    await page.getByRole('button', { name: 'Change access' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change access of Chloe Martin' });
    await dialog.getByLabel('Role', { exact: true }).selectOption({ label: 'Source Admin' });
    await dialog.getByLabel('Where it holds').selectOption({ label: 'iOS app' });
    await dialog.getByRole('button', { name: 'Add role' }).click();
    const gains = dialog.getByRole('region', { name: 'Will be able to' });
    await gains.getByText('View, edit and delete sources').waitFor();
    await gains.getByText('source iOS app').first().waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    const held = async () => (await suite.acme.tenant.call('GET', `/members/${suite.acme.ids.Chloe}`)).body.grants.map((grant: { expression: string }) => grant.expression);
    assert.ok((await held()).includes('source_admin@source/ios'));
    await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Access of Chloe Martin is as it was').waitFor();
    assert.deepEqual(await held(), ['workspace_member', 'source_read_only@source/website']);
  });

  it('show what somebody else changed meanwhile, and save nothing over it', async () => {
    const page = await open(`/${suite.acme.ids.Elif}`);
    await page.getByRole('button', { name: 'Change access' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change access of Elif Kaya' });
    await dialog.getByLabel('Role', { exact: true }).selectOption({ label: 'Function Admin' });
    await dialog.getByRole('button', { name: 'Add role' }).click();
    await suite.acme.tenant.call('POST', `/members/${suite.acme.ids.Elif}/grants`, { grants: ['warehouse_read_only'] });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText(`${OWNER} changed this member while you were editing`).waitFor();
    await dialog.getByText('Added: Warehouse Read-only on all warehouses').waitFor();
    await dialog.getByRole('button', { name: 'Compare mine with the new state' }).click();
    const losses = dialog.getByRole('region', { name: 'Will no longer be able to' });
    await losses.getByText('View warehouses').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('keep the last owner, and say why and what to do first', async () => {
    const page = await open(`/${suite.acme.tenant.owner}`);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove Olga' });
    await dialog.getByText('Olga is the last Workspace Owner').waitFor();
    await dialog.getByText('add Workspace Owner and save').waitFor();
    assert.ok(await dialog.getByRole('button', { name: 'Remove from the workspace' }).isDisabled());
  });

  it('say so when the last owner would lose the role', async () => {
    const page = await open(`/${suite.acme.tenant.owner}`);
    await page.getByRole('button', { name: 'Change access' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change access of Olga' });
    await dialog.getByRole('button', { name: 'Take away Workspace Owner' }).click();
    await dialog.getByText('(last_owner)').waitFor();
  });

  it('are removed after the impact was seen; an owner by typing the address', async () => {
    const { id } = await suite.acme.tenant.member(`second@${SLUG}.example`, ['workspace_owner']);
    const page = await open(`/${id}`);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: /^Remove / });
    await dialog.getByText('They lose access at once').waitFor();
    const remove = dialog.getByRole('button', { name: 'Remove from the workspace' });
    assert.ok(await remove.isDisabled());
    await dialog.getByLabel(/to confirm/).fill(`second@${SLUG}.example`);
    await remove.click();
    await page.getByText('was removed').waitFor();
    assert.equal((await suite.acme.tenant.call('GET', `/members/${id}`)).status, 404);
  });

  it('go back to what they were when a change is refused', async () => {
    const page = await open(`/${suite.acme.ids.Ben}`);
    await page.getByRole('dialog', { name: 'Ben Ortiz' }).getByRole('button', { name: 'Rename' }).waitFor();
    const refusal = '{"code":"conflict","title":"Conflict","status":409,"detail":"Not now.","request_id":"1"}';
    // The server is slow to tell how it is now: what is seen then is what the page has put back.
    await page.route(`**/members/${suite.acme.ids.Ben}`, (route) => (route.request().method() === 'PATCH' ? route.fulfill({ status: 409, contentType: 'application/problem+json', body: refusal }) : undefined));
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('dialog', { name: 'Rename' }).getByLabel('Name').fill('Benjamin');
    await page.getByRole('dialog', { name: 'Rename' }).getByRole('button', { name: 'Save' }).click();
    await page.getByText('The name is as it was: Not now.').waitFor();
    await page.getByRole('dialog', { name: 'Ben Ortiz' }).waitFor();
  });

  it('get a role together', async () => {
    const page = await open();
    await page.getByLabel('Select Ben Ortiz').check();
    await page.getByLabel('Select Elif Kaya').check();
    const bar = page.getByRole('group', { name: 'Selected members' });
    await bar.getByText('2 members selected').waitFor();
    await bar.getByRole('button', { name: 'Add roles' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add roles: 2 members' });
    await dialog.getByLabel('Role', { exact: true }).selectOption({ label: 'Function Read-only' });
    await dialog.getByRole('button', { name: 'Add role', exact: true }).click();
    await dialog.getByRole('region', { name: 'Will be able to' }).getByText('Ben Ortiz').waitFor();
    await dialog.getByRole('button', { name: 'Add roles', exact: true }).click();
    await page.getByText('Done for 2 members').waitFor();
    const { body } = await suite.acme.tenant.call('GET', '/members?role=function_read_only');
    assert.deepEqual(body.data.map((one: { name: string }) => one.name).sort(), ['Ben Ortiz', 'Elif Kaya']);
  });

  it('who are gone have a panel that says so', async () => {
    const page = await open('/acc_00000000000000000000000000');
    await page.getByRole('heading', { name: 'Not a member' }).waitFor();
  });
});
