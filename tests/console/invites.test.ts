// Inviting: the preview while it is written, problems beside their fields, and invites that wait.
import assert from 'node:assert/strict';
import { it } from 'node:test';

import { acme, journeys } from './support/site.ts';

const SLUG = 'invites';
const OWNER = `owner@${SLUG}.example`;

journeys('invites', SLUG, (suite) => {

  const { open } = suite;
  const invite = (email: string) => suite.acme.tenant.call('POST', '/invites', { invites: [{ email, grants: ['workspace_member'] }] });

  it('show what the invitee will and won’t be able to do, as roles are chosen', async () => {
    const page = await open('invite');
    const preview = page.getByRole('complementary', { name: 'Preview' });
    const sources = preview.getByRole('row', { name: /^Sources/ });
    await sources.getByRole('img', { name: 'no' }).first().waitFor();
    assert.equal(await sources.getByRole('img', { name: 'yes' }).count(), 0);
    await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Source Admin' });
    await page.getByRole('button', { name: 'Add role' }).click();
    await sources.getByRole('img', { name: 'yes' }).nth(3).waitFor();
    await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Unify and Engage Admin (Engage add-on)' });
    await page.getByLabel('Where it holds').selectOption({ label: 'Marketing' });
    await page.getByRole('button', { name: 'Add role' }).click();
    await preview.getByRole('row', { name: /^Spaces/ }).getByText('Marketing').first().waitFor();
  });

  it('hold where several labels are together, and say what is chosen and what is not yet', async () => {
    await suite.acme.tenant.call('POST', '/labels', { key: 'team', value: 'growth' });
    const page = await open('invite');
    await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Source Admin' });
    await page.getByLabel('Where it holds').selectOption({ label: 'environment:prod' });
    await page.getByLabel('And also labelled').selectOption({ label: 'team:growth' });
    await page.getByText('Not chosen yet: Source Admin on sources labelled environment:prod and team:growth.').waitFor();
    await page.getByRole('button', { name: 'Add role' }).click();
    await page.getByRole('list', { name: 'Chosen roles' }).getByText('Source Admin on sources labelled environment:prod and team:growth').waitFor();
    assert.equal(await page.getByText('Not chosen yet').count(), 0);
    assert.ok(await page.getByRole('button', { name: 'Add role' }).isDisabled());
    await page.getByLabel('E-mail addresses').fill('both@new.example');
    await page.getByRole('button', { name: 'Send invite' }).click();
    await page.getByRole('heading', { name: '1 invite sent' }).waitFor();
    const { body } = await suite.acme.tenant.call('GET', '/invites?status=pending');
    const found = body.data.find((one: { email: string }) => one.email === 'both@new.example');
    assert.deepEqual(found.grants.map((grant: { expression: string }) => grant.expression), ['workspace_member', 'source_admin@{environment:prod,team:growth}']);
  });

  it('count a group in', async () => {
    const page = await open('invite');
    await page.getByLabel('Analysts').check();
    const sources = page.getByRole('complementary', { name: 'Preview' }).getByRole('row', { name: /^Sources/ });
    await sources.getByRole('img', { name: 'yes' }).waitFor();
  });

  it('say beside the address that it is a member’s already, or none', async () => {
    const page = await open('invite');
    const field = page.getByLabel('E-mail addresses');
    await field.fill(`ben@${SLUG}.example`);
    await field.press('Enter');
    await page.getByRole('alert').getByText(`ben@${SLUG}.example:`).waitFor();
    assert.ok(await page.getByRole('button', { name: 'Send invite' }).isDisabled());
    await page.getByRole('button', { name: `Take away ben@${SLUG}.example` }).click();
    await field.fill('no-address');
    await field.press('Enter');
    await page.getByRole('alert').getByText('no-address:').waitFor();
  });

  it('say beside the roles that one at the level of the workspace is missing', async () => {
    const page = await open('invite');
    await page.getByRole('button', { name: 'Take away Workspace Member' }).click();
    await page.getByRole('alert').getByText('(workspace_role_required)').waitFor();
  });

  it('take a pasted list of addresses', async () => {
    const page = await open('invite');
    await page.getByLabel('E-mail addresses').evaluate((input) => {
      const data = new DataTransfer();
      data.setData('text', 'Ann <ann@new.example>, bob@new.example;\ncat@new.example');
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await page.getByRole('button', { name: 'Send 3 invites' }).click();
    await page.getByRole('heading', { name: '3 invites sent' }).waitFor();
    assert.equal(suite.site.worker.mails('cat@new.example').length, 1);
  });

  it('are shown as links to pass on, once', async () => {
    const page = await open('invite');
    await page.getByLabel('E-mail addresses').fill('link@new.example');
    await page.getByLabel('Send', { exact: true }).selectOption('link');
    await page.getByRole('button', { name: 'Send invite' }).click();
    const link = await page.getByLabel('link@new.example', { exact: true }).inputValue();
    assert.match(link, /\/invites\/rcl_inv_/);
    const visitor = await suite.site.visitor();
    await visitor.goto(new URL(link).pathname);
    await visitor.getByRole('heading', { name: `Join Acme ${SLUG}` }).waitFor();
  });

  it('say how many seats are missing', async () => {
    const small = await acme(suite.site, 'small', { seat_limit: 6 });
    const page = await suite.site.signedIn('owner@small.example');
    await page.goto('/w/small/invite');
    await page.getByLabel('E-mail addresses').fill('a@new.example b@new.example');
    await page.getByLabel('E-mail addresses').press('Tab');
    await page.getByText('1 seat is missing').waitFor();
    await page.getByRole('alert').getByText('(seat_limit_reached)').waitFor();
    assert.ok(await page.getByRole('button', { name: 'Send 2 invites' }).isDisabled());
    assert.equal(small.tenant.id.startsWith('ws_'), true);
  });

  it('that are pending and those that have expired stand apart', async () => {
    await invite('waiting@new.example');
    await invite('late@new.example');
    suite.site.worker.sql("UPDATE invites SET expires_at = 1700000000000 WHERE email = 'late@new.example'");
    const page = await open('invites');
    await page.getByRole('list', { name: 'pending invites' }).getByText('waiting@new.example').waitFor();
    assert.equal(await page.getByText('late@new.example').count(), 0);
    await page.getByRole('link', { name: 'Expired' }).click();
    await page.getByRole('list', { name: 'expired invites' }).getByText('late@new.example').waitFor();
  });

  it('are sent again: the expired one is pending anew and the old link is dead', async () => {
    await invite('again@new.example');
    const old = suite.site.mailed('again@new.example', 'invites');
    suite.site.worker.sql("UPDATE invites SET expires_at = 1700000000000 WHERE email = 'again@new.example'");
    const page = await open('invites/expired');
    await page.getByRole('group', { name: 'again@new.example' }).getByRole('button', { name: 'Resend' }).click();
    await page.getByText('A new link is on its way to again@new.example').waitFor();
    await page.getByRole('link', { name: 'Pending' }).click();
    await page.getByText('again@new.example').first().waitFor();
    assert.equal((await suite.site.worker.call('GET', `/v1/invites/${old}`, null)).status, 404);
  });

  it('are canceled at once, and offered again by Undo', async () => {
    await invite('taken@new.example');
    const page = await open('invites');
    await page.getByRole('group', { name: 'taken@new.example' }).getByRole('button', { name: 'Cancel invite' }).click();
    await page.getByRole('group', { name: 'taken@new.example' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('is invited again').waitFor();
    await page.getByRole('group', { name: 'taken@new.example' }).waitFor();
  });

  it('come back into the list when canceling is refused', async () => {
    await invite('stays@new.example');
    const page = await open('invites');
    await page.getByRole('group', { name: 'stays@new.example' }).waitFor();
    await page.route('**/invites/inv_*', (route) => (route.request().method() === 'DELETE' ? route.abort() : route.continue()));
    // The server is slow to tell how it is now: what is seen then is what the page has put back.
    await page.route('**/invites?*', () => undefined);
    const row = page.getByRole('group', { name: 'stays@new.example' });
    await row.getByRole('button', { name: 'Cancel invite' }).click();
    await page.getByText('Not canceled:').waitFor();
    await row.waitFor();
  });

  it('are looked for by an address that can be sent to somebody', async () => {
    await invite('sought@new.example');
    await invite('unsought@other.example');
    const page = await open('invites');
    await page.getByLabel('Search').fill('sought@new');
    await page.waitForURL(/\/invites\?q=sought%40new$/);
    await page.getByRole('link', { name: 'Groups' }).click();
    await page.getByRole('heading', { name: 'Groups' }).waitFor();
    await page.goBack();
    await page.getByText('sought@new.example').first().waitFor();
    assert.equal(await page.getByLabel('Search').inputValue(), 'sought@new');
    assert.equal(await page.getByText('unsought@other.example').count(), 0);
    await page.reload();
    await page.getByText('sought@new.example').first().waitFor();
    assert.equal(await page.getByText('unsought@other.example').count(), 0);
  });

  it('offer something else after a change', async () => {
    await invite('other@new.example');
    const page = await open('invites');
    await page.getByRole('group', { name: 'other@new.example' }).getByRole('button', { name: 'Change' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change the invite of other@new.example' });
    const save = dialog.getByRole('button', { name: 'Save' });
    assert.ok(await save.isDisabled());
    await dialog.getByRole('row', { name: 'Sources no no no no' }).waitFor();
    await dialog.getByLabel('Role', { exact: true }).selectOption({ label: 'Source Read-only' });
    await dialog.getByText('Not chosen yet: Source Read-only').waitFor();
    await dialog.getByRole('button', { name: 'Add role' }).click();
    await dialog.getByRole('row', { name: 'Sources yes no no no' }).waitFor();
    await dialog.getByRole('button', { name: 'Take away Workspace Member' }).click();
    await dialog.getByRole('alert').waitFor();
    assert.ok(await save.isDisabled());
    await dialog.getByLabel('Role', { exact: true }).selectOption({ label: 'Workspace Member' });
    await dialog.getByRole('button', { name: 'Add role' }).click();
    await save.click();
    await dialog.waitFor({ state: 'detached' });
    const visitor = await suite.site.visitor();
    await visitor.goto(`/invites/${suite.site.mailed('other@new.example', 'invites')}`);
    await visitor.getByText('Source Read-only').waitFor();
  });

  it('are canceled together, after it was asked for', async () => {
    await invite('many1@new.example');
    await invite('many2@new.example');
    const page = await open('invites');
    await page.getByLabel('Select many1@new.example').check();
    await page.getByLabel('Select many2@new.example').check();
    await page.getByRole('button', { name: 'Cancel selected' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel 2 invites' });
    await dialog.getByRole('button', { name: 'Keep them' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('2 invites selected').waitFor();
    await page.getByRole('button', { name: 'Cancel selected' }).click();
    await dialog.getByRole('button', { name: 'Cancel 2 invites' }).click();
    await page.getByText('2 invites canceled').waitFor();
    await page.getByRole('link', { name: 'Canceled' }).click();
    await page.getByText('many2@new.example').waitFor();
  });
});
