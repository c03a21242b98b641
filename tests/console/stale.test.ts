// Stale access: what is listed and why, and how it ends.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';

import { acme, emailOf, journeys, type Acme, type Site } from './support/site.ts';

const SLUG = 'stale';
const LONG_AGO = 1_700_000_000_000;

/** A workspace in which Ben hasn't been for long, Elif never was, a token isn't used and an invite isn't opened. */
async function fill(site: Site): Promise<Acme> {
  const filled = await acme(site, SLUG);
  const { ids, tenant } = filled;
  await tenant.call('POST', '/tokens', { name: 'Forgotten', actions: ['member:view'] });
  await tenant.call('POST', '/invites', { invites: ['lost', 'found'].map((name) => ({ email: `${name}@new.example`, grants: ['workspace_member', 'source_admin'] })) });
  site.worker.sql(`
    UPDATE members SET joined_at = ${LONG_AGO}, last_active_at = ${LONG_AGO} WHERE account_id = '${ids.Ben}';
    UPDATE members SET joined_at = ${LONG_AGO}, last_active_at = NULL WHERE account_id = '${ids.Elif}';
    UPDATE tokens SET created_at = ${LONG_AGO} WHERE name = 'Forgotten';`);
  return filled;
}

journeys('stale access', SLUG, (suite) => {
  const { open } = suite;

  it('is listed with why it is stale and what it holds', async () => {
    const page = await open('stale');
    const list = page.getByRole('list', { name: 'Stale access' });
    const row = (name: string) => list.getByRole('listitem').filter({ hasText: name });
    await row('Ben Ortiz').getByText(/Last active \d+ years ago/).waitFor();
    await row('Ben Ortiz').getByText('Source Admin on all sources').waitFor();
    await row('Elif Kaya').getByText(/Never active; joined/).waitFor();
    await row('Forgotten').getByText(/Never used; made/).waitFor();
    await row('Forgotten').getByText('See members and their access').waitFor();
    await row('lost@new.example').getByText(/Never opened; sent/).waitFor();
    await page.getByRole('navigation', { name: 'Kinds' }).getByRole('link', { name: 'Tokens' }).click();
    await row('Ben Ortiz').waitFor({ state: 'detached' });
    await row('Forgotten').waitFor();
  });

  it('is exported whole', async () => {
    const page = await open('stale/members');
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const lines = readFileSync(await (await waiting).path(), 'utf8').trim().split('\r\n');
    assert.match(lines[0]!, /^kind,id,email,name/);
    assert.ok(lines.length > 2 && lines.slice(1).every((line) => line.startsWith('member,')), lines.join('\n'));
  });

  it('ends one by one, after its impact was seen', async () => {
    const page = await open('stale');
    await page.getByRole('button', { name: 'Remove: Elif Kaya' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove Elif Kaya' });
    await dialog.getByText('They lose access at once').waitFor();
    await dialog.getByRole('button', { name: 'Remove from the workspace' }).click();
    await page.getByText('Elif Kaya was removed').waitFor();
    await page.getByRole('button', { name: 'Remove: Elif Kaya' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Cancel invite: found@new.example' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel invite' }).click();
    await page.getByText('The invite of found@new.example is canceled').waitFor();
  });

  it('ends together, by typing how many', async () => {
    const page = await open('stale');
    for (const name of ['Ben Ortiz', 'Forgotten', 'lost@new.example']) await page.getByLabel(`Select ${name}`, { exact: true }).check();
    await page.getByRole('button', { name: 'End access of selected' }).click();
    const dialog = page.getByRole('dialog', { name: 'End access of 3' });
    await dialog.getByText('1 member loses access at once').waitFor();
    await dialog.getByText('1 invite is canceled').waitFor();
    const end = dialog.getByRole('button', { name: 'End access' });
    assert.ok(await end.isDisabled());
    await dialog.getByLabel('Type 3 to confirm').fill('3');
    await end.click();
    await page.getByText('Access ended for 3').waitFor();
    assert.equal((await suite.acme.tenant.call('GET', `/members/${suite.acme.ids.Ben}`)).status, 404);
    assert.equal((await suite.acme.tenant.call('GET', '/access/stale?kind=token')).body.data.length, 0);
  });

  it('is no page for who may not see members', async () => {
    const page = await open('stale', emailOf('Chloe Martin', SLUG));
    await page.getByRole('heading', { name: 'Your roles don’t open this page' }).waitFor();
  });
}, fill);
