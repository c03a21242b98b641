// The other views of a workspace, and what somebody without rights sees.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';

import { acme, emailOf, journeys } from './support/site.ts';

const SLUG = 'rooms';

journeys('a workspace', SLUG, (suite) => {

  const { open } = suite;

  it('gets a group with roles, and people in it', async () => {
    const page = await open('groups');
    await page.getByRole('button', { name: 'New group' }).click();
    const dialog = page.getByRole('dialog', { name: 'New group' });
    await dialog.getByLabel('Name').fill('Marketing team');
    await dialog.getByLabel('Role', { exact: true }).selectOption({ label: 'Source Read-only' });
    await dialog.getByRole('button', { name: 'Add role' }).click();
    await dialog.getByRole('button', { name: 'Create group' }).click();
    await page.getByRole('heading', { name: 'Marketing team' }).waitFor();
    await page.getByLabel('Add by address').fill(emailOf('Elif Kaya', SLUG));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('list', { name: 'Members of Marketing team' }).getByText('Elif Kaya').waitFor();
  });

  it('lets people out of a group, and back in by Undo', async () => {
    const page = await open(`groups/${suite.acme.groups.Analysts}`);
    const list = page.getByRole('list', { name: 'Members of Analysts' });
    await list.getByRole('button', { name: 'Take out Dev Patel' }).click();
    await list.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await list.getByText('Dev Patel').waitFor();
  });

  it('shows what other roles of a group mean for everybody in it', async () => {
    const page = await open(`groups/${suite.acme.groups.Analysts}`);
    await page.getByRole('button', { name: 'Change roles or name' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change Analysts' });
    await dialog.getByRole('button', { name: /^Take away Source Read-only/ }).click();
    await dialog.getByRole('region', { name: 'Will no longer be able to' }).getByText('Dev Patel').first().waitFor();
  });

  it('shows what somebody else changed of a group meanwhile, and saves nothing over it', async () => {
    const { body } = await suite.acme.tenant.call('POST', '/groups', { name: 'Contested', grants: ['source_read_only'] });
    const page = await open(`groups/${body.id}`);
    await page.getByRole('button', { name: 'Change roles or name' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change Contested' });
    await dialog.getByLabel('Role', { exact: true }).selectOption({ label: 'Function Admin' });
    await dialog.getByRole('button', { name: 'Add role' }).click();
    await suite.acme.tenant.call('POST', `/groups/${body.id}/grants`, { grants: ['warehouse_read_only'] });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText(`owner@${SLUG}.example changed this group while you were editing`).waitFor();
    await dialog.getByText('Added: Warehouse Read-only on all warehouses').waitFor();
    await dialog.getByRole('button', { name: 'Compare mine with the new state' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('loses a group after its impact was seen', async () => {
    const { body } = await suite.acme.tenant.call('POST', '/groups', { name: 'Short-lived', grants: ['source_read_only'] });
    const page = await open(`groups/${body.id}`);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Short-lived' });
    await dialog.getByText('Nobody loses anything.').waitFor();
    await dialog.getByRole('button', { name: 'Delete group' }).click();
    await page.getByText('Short-lived is deleted').waitFor();
  });

  it('has its roles as a table, each with a page of its own', async () => {
    const page = await open('roles');
    const row = page.getByRole('row', { name: /^Source Admin/ });
    await row.getByText('view, create, edit, delete').first().waitFor();
    await row.getByRole('link').click();
    await page.getByText('Edit destinations').waitFor();
    await page.getByRole('link', { name: 'Who holds it' }).click();
    await page.getByRole('link', { name: 'Ben Ortiz' }).waitFor();
  });

  it('tells who can do something, and why', async () => {
    const page = await open('explorer');
    await page.getByLabel('Where').selectOption({ label: 'Website' });
    await page.getByLabel('Action').selectOption({ label: 'View sources' });
    await page.getByText(/^\d members can view sources$/).waitFor();
    await page.getByRole('list', { name: 'Who can view sources' }).getByRole('listitem').filter({ hasText: 'Dev Patel' }).getByText('through Analysts').waitFor();
    await page.reload();
    await page.getByText(/^\d members can view sources$/).waitFor();
  });

  it('tells what somebody can do, and what is missing', async () => {
    const page = await open('explorer/what');
    await page.getByLabel('Member').fill('chloe');
    await page.getByRole('list', { name: 'Members found' }).getByRole('button').click();
    await page.getByLabel('Where').selectOption({ label: 'Website' });
    await page.getByLabel('Action').selectOption({ label: 'Delete sources' });
    await page.getByText('Delete sources on source Website: not allowed').waitFor();
    await page.getByText('Source Admin on source Website').waitFor();
    await page.getByLabel('Action').selectOption({ label: 'View sources' });
    await page.getByText('View sources: 1 source').waitFor();
  });

  it('gets a resource with a label, which then can’t be deleted', async () => {
    const page = await open('resources');
    await page.getByRole('button', { name: 'New resource' }).click();
    const dialog = page.getByRole('dialog', { name: 'New resource' });
    await dialog.getByLabel('Id').fill('shop');
    await dialog.getByLabel('Name').fill('Shop');
    await dialog.getByLabel('environment:prod').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('list', { name: 'Resources' }).getByText('Shop', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Labels' }).click();
    await page.getByRole('button', { name: 'Delete environment:prod' }).click();
    await page.getByText('Take it off those first.').waitFor();
  });

  it('tells who loses what with a resource', async () => {
    const page = await open('resources');
    await page.getByRole('button', { name: 'Delete Website' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Website' });
    await dialog.getByRole('region', { name: 'Will no longer be able to' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('gets a label, and back one that was deleted', async () => {
    const page = await open('labels');
    await page.getByLabel('Key').fill('team');
    await page.getByLabel('Value').fill('growth');
    await page.getByRole('button', { name: 'New label' }).click();
    await page.getByRole('button', { name: 'Delete team:growth' }).click();
    await page.getByText('team:growth is deleted').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Delete team:growth' }).waitFor();
  });

  it('makes a token whose secret is shown once', async () => {
    const page = await open('tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    const dialog = page.getByRole('dialog', { name: 'New token' });
    await dialog.getByLabel('Name').fill('Checker');
    await dialog.getByRole('button', { name: 'Make token' }).click();
    const secret = await page.getByLabel('Secret', { exact: true }).inputValue();
    assert.match(secret, /^rcl_tok_/);
    assert.equal((await suite.acme.tenant.call('GET', '/members', undefined, secret)).status, 200);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('list', { name: 'Tokens' }).getByText('Checker').waitFor();
    assert.equal(await page.getByText(secret).count(), 0);
    await page.getByRole('button', { name: 'Delete Checker' }).click();
    await page.getByRole('button', { name: 'Delete token' }).click();
    await page.getByText('Checker is deleted').waitFor();
    assert.equal((await suite.acme.tenant.call('GET', '/members', undefined, secret)).status, 401);
  });

  it('filters its audit trail and exports what is left', async () => {
    const page = await open('audit');
    await page.getByLabel('Event', { exact: true }).selectOption({ label: 'Group created' });
    const list = page.getByRole('list', { name: 'Events' });
    await list.getByText('Group created').first().waitFor();
    await list.getByText('Invite accepted').first().waitFor({ state: 'detached' });
    assert.match(page.url(), /type=group\.created/);
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const lines = readFileSync(await (await waiting).path(), 'utf8').trim().split('\r\n');
    assert.ok(lines.length > 1);
    assert.ok(lines.slice(1).every((line) => line.includes('group.created')), lines.join('\n'));
  });

  it('tells in its audit trail whose access was changed, and how', async () => {
    const { ids, groups, tenant } = suite.acme;
    await tenant.call('POST', `/members/${ids.Ben}/grants`, { grants: ['function_read_only'] });
    await tenant.call('POST', `/groups/${groups.Analysts}/members`, { members: [ids.Ben] });
    await tenant.call('DELETE', `/groups/${groups.Analysts}/members/${ids.Ben}`);
    const page = await open('audit');
    const line = (words: string) => page.getByRole('list', { name: 'Events' }).getByRole('listitem').filter({ hasText: words }).first();
    await line('Member grants changed').getByText('Added Function Read-only').waitFor();
    await line('Put in').getByRole('link', { name: 'Analysts' }).waitFor();
    await line('Put in').getByText('Ben Ortiz').waitFor();
    await line('Took out').getByText('Ben Ortiz').waitFor();
    await line('Member grants changed').getByRole('link', { name: 'Ben Ortiz' }).click();
    await page.getByRole('dialog', { name: 'Ben Ortiz' }).getByRole('link', { name: 'History' }).click();
    await page.getByRole('dialog').getByText('Added Function Read-only').waitFor();
  });

  it('shows in its audit trail all that happened to one thing, and back to everything', async () => {
    const page = await open('audit?type=label.created');
    const list = page.getByRole('list', { name: 'Events' });
    await list.getByRole('link', { name: 'environment:prod' }).click();
    await page.waitForURL(/\/audit\?subject=environment%3Aprod$/);
    assert.equal(await page.getByLabel('Subject').inputValue(), 'environment:prod');
    assert.equal(await page.getByLabel('Event', { exact: true }).inputValue(), '');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await list.getByText('Group created').first().waitFor();
    assert.equal(await page.getByLabel('Subject').inputValue(), '');
  });

  it('says inside its frame that an address names no page', async () => {
    const page = await open('nowhere');
    await page.getByRole('heading', { name: 'This page doesn’t exist' }).waitFor();
    assert.equal(await page.getByRole('main').count(), 1);
    await page.getByRole('link', { name: 'Go to the start' }).click();
    await page.getByRole('heading', { name: 'Members' }).waitFor();
  });

  it('keeps its settings', async () => {
    const page = await open('settings');
    await page.getByLabel('Members are stale after, in days').fill('30');
    await page.getByLabel('Invites live, in hours').fill('9000');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByLabel('Invites live, in hours').and(page.locator('[aria-invalid]')).waitFor();
    await page.getByLabel('Invites live, in hours').fill('48');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByText('Settings saved').waitFor();
    const { body } = await suite.acme.tenant.call('GET', '');
    assert.deepEqual([body.settings.stale_after_days, body.settings.invite_ttl_hours], [30, 48]);
  });

  it('shows a member without rights what they may see', async () => {
    const email = emailOf('Chloe Martin', SLUG);
    const page = await open('', email);
    await page.getByRole('heading', { name: 'My access' }).waitFor();
    await page.getByText('on source Website').first().waitFor();
    const menu = page.getByRole('navigation', { name: 'Workspace' });
    assert.equal(await menu.getByRole('link', { name: 'Members' }).count(), 0);
    assert.equal(await menu.getByRole('link', { name: 'Roles' }).count(), 1);
    await page.goto(`/w/${SLUG}/members`);
    await page.getByRole('heading', { name: 'Your roles don’t open this page' }).waitFor();
    await page.goto(`/w/${SLUG}/settings`);
    assert.ok(await page.getByLabel('Name').isDisabled());
  });

  it('is made by who runs the deployment', async () => {
    const page = await suite.site.visitor();
    await page.goto('/new');
    await page.getByLabel('Name', { exact: true }).fill('Brand New');
    await page.getByLabel('Owner’s name').fill('Nora');
    await page.getByLabel('Owner’s e-mail').fill('nora@new.example');
    await page.getByLabel('Bootstrap token').fill('wrong');
    await page.getByRole('button', { name: 'Create workspace' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Bootstrap token').fill('dev-bootstrap');
    await page.getByRole('button', { name: 'Create workspace' }).click();
    await page.getByRole('heading', { name: 'Brand New is ready' }).waitFor();
  });

  it('is changed for another in the menu', async () => {
    await acme(suite.site, 'second', { owner: { email: `owner@${SLUG}.example`, name: 'Olga' } });
    const page = await open('groups');
    await page.getByRole('combobox', { name: 'Workspace' }).selectOption({ label: 'Acme second' });
    await page.waitForURL(/\/w\/second\/members/);
    await page.getByRole('link', { name: 'Ben Ortiz' }).waitFor();
  });

  it('is deleted by typing its name', async () => {
    const doomed = await acme(suite.site, 'doomed');
    const page = await suite.site.signedIn('owner@doomed.example');
    await page.goto('/w/doomed/settings');
    await page.getByRole('button', { name: 'Delete workspace' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Acme doomed' });
    assert.ok(await dialog.getByRole('button', { name: 'Delete for good' }).isDisabled());
    await dialog.getByLabel('Type Acme doomed to confirm').fill('Acme doomed');
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByRole('heading', { name: 'No workspace yet' }).waitFor();
    assert.notEqual((await doomed.tenant.call('GET', '')).status, 200);
  });

  it('keeps the chosen theme', async () => {
    const page = await open('roles');
    await page.getByRole('button', { name: 'Use the dark theme' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Use the light theme' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('data-mode'), 'dark');
  });

  it('says that there is a newer version when code of this one is gone', async () => {
    const page = await open('roles');
    await page.getByRole('heading', { name: 'Roles' }).waitFor();
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.getByRole('link', { name: 'Tokens' }).click();
    await page.getByRole('heading', { name: 'There is a newer version' }).waitFor();
    await page.unroute('**/assets/*.js');
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('heading', { name: 'Tokens' }).waitFor();
  });

  it('tells that it can’t be reached, and goes on when it can', async () => {
    const page = await open('roles');
    await page.getByRole('heading', { name: 'Roles' }).waitFor();
    await page.route('**/v1/workspaces/**', (route) => route.abort());
    await page.getByRole('link', { name: 'Labels' }).click();
    await page.getByText('Rolecall could not be reached').waitFor({ timeout: 20_000 });
    await page.unroute('**/v1/workspaces/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('list', { name: 'Labels' }).waitFor();
  });
});
