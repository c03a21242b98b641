// Provisioning by SCIM: a token for the provider, what it does with it, and what is told of that.
import assert from 'node:assert/strict';
import { it } from 'node:test';

import { journeys } from './support/site.ts';

const SLUG = 'scim';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

journeys('provisioning', SLUG, (suite) => {
  const { open } = suite;

  /** A request of the provider. */
  const provider = (token: string, method: string, path: string, body?: object) =>
    fetch(`${suite.site.worker.url}/scim/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: body && JSON.stringify(body),
    });

  it('comes after single sign-on', async () => {
    const page = await open('scim');
    await page.getByRole('link', { name: 'Set up single sign-on' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Make token' }).count(), 0);
  });

  it('begins with a token that is shown once, and tells what the provider did', async () => {
    const made = await suite.acme.tenant.call('POST', '/sso/connections', { protocol: 'oidc', name: 'Okta', issuer: 'https://okta.example', client_id: 'rolecall' });
    assert.equal(made.status, 201);
    const page = await open('scim');
    assert.equal(await page.getByLabel('Base URL', { exact: true }).inputValue(), `${suite.site.worker.url}/scim/v2`);
    await page.getByLabel('Name of the provider').fill('Okta');
    await page.getByRole('button', { name: 'Make token' }).click();
    const dialog = page.getByRole('dialog', { name: 'Okta is ready' });
    const token = await dialog.getByLabel('Token', { exact: true }).inputValue();
    await dialog.getByRole('button', { name: 'Done' }).click();

    const created = await provider(token, 'POST', '/Users', { schemas: [USER], userName: 'nora@scim.example', displayName: 'Nora' });
    assert.equal(created.status, 201);
    const again = await provider(token, 'POST', '/Users', { schemas: [USER], userName: 'NORA@scim.example' });
    assert.equal(again.status, 409);
    await page.reload();
    const journal = page.getByRole('region', { name: 'See what it did' });
    await journal.getByText('Refused', { exact: true }).waitFor();
    await journal.getByText('Done', { exact: true }).waitFor();
    await page.getByLabel('Show').selectOption({ label: 'What was refused' });
    await journal.getByText('Done', { exact: true }).waitFor({ state: 'detached' });
    await page.getByText(/last sync/).waitFor();
    const { body } = await suite.acme.tenant.call('GET', '/members?q=nora');
    assert.equal(body.data[0].provisioned_by, 'scim');
  });

  it('says before a removal that the provider may bring somebody back, and shows afterwards who that is', async () => {
    const { body } = await suite.acme.tenant.call('GET', '/members?q=nora');
    const nora = body.data[0].id;
    let page = await open(`members/${nora}`);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove Nora' });
    await dialog.getByText(/may bring them back, by its next sync: unassign them there first/).waitFor();
    await dialog.getByRole('button', { name: 'Remove from the workspace' }).click();
    await dialog.waitFor({ state: 'detached' });
    page = await open('scim');
    const people = page.getByRole('list', { name: 'People whom the provider knows' });
    await people.getByText('nora@scim.example').waitFor();
    await people.getByText('Removed here, still assigned').waitFor();

    const made = await suite.acme.tenant.call('POST', '/scim/tokens', { name: 'Second' });
    const out = { schemas: [PATCH], Operations: [{ op: 'replace', path: 'active', value: false }] };
    assert.equal((await provider(made.body.secret, 'PATCH', `/Users/${nora}`, out)).status, 200);
    assert.equal((await suite.acme.tenant.call('DELETE', `/scim/tokens/${made.body.id}`)).status, 204);
    await page.getByLabel('People', { exact: true }).selectOption({ label: 'Taken out by the provider' });
    await people.getByText('nora@scim.example').waitFor();
    await people.getByText('Taken out by the provider', { exact: true }).waitFor();
  });

  it('rotates its token without a gap, and ends with it', async () => {
    const page = await open('scim');
    await page.getByRole('button', { name: 'Rotate Okta' }).click();
    const dialog = page.getByRole('dialog', { name: 'Okta is ready' });
    const next = await dialog.getByLabel('Token', { exact: true }).inputValue();
    await dialog.getByRole('button', { name: 'Done' }).click();
    assert.equal((await provider(next, 'GET', '/Users?count=1')).status, 200);
    await page.getByText(/works until/).waitFor();
    await page.getByRole('button', { name: 'Delete Okta' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    // Behind the dialog nothing has a role: its end is waited for first.
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Delete Okta' }).nth(1).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Delete Okta' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No tokens yet').waitFor();
    assert.equal((await provider(next, 'GET', '/Users?count=1')).status, 401);
  });
});
