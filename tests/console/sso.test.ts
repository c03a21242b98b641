// Single sign-on in guided steps: connect, try, map groups, require; and what people meet who are refused.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Page } from 'playwright-core';

import { IdentityProvider } from '../edge/support/provider.ts';
import { acme, emailOf, journeys } from './support/site.ts';

const SLUG = 'sso';
const OWNER = `owner@${SLUG}.example`;

journeys('single sign-on', SLUG, (suite) => {
  const { open } = suite;
  let idp: IdentityProvider;
  before(async () => {
    idp = await IdentityProvider.start('ES256', `${suite.site.worker.url}/v1/sso/oidc/callback`);
  });
  after(() => idp.stop());

  /** A connection of a name, made by the API. */
  const connected = async (name: string, more: object = {}): Promise<string> => {
    suite.site.friends = [idp.issuer];
    const { status, body } = await suite.acme.tenant.call('POST', '/sso/connections', { protocol: 'oidc', name, issuer: idp.issuer, client_id: 'rolecall', client_secret: 'hush', ...more });
    assert.equal(status, 201, JSON.stringify(body));
    return body.id;
  };
  /** Opens the address of a trial as somebody else would. */
  const answerTrial = async (page: Page) => {
    const url = await page.getByLabel('Address of this trial', { exact: true }).inputValue();
    const other = await suite.site.visitor();
    await other.goto(url);
    await other.getByRole('heading', { name: 'The login was tried' }).waitFor();
  };

  it('is set up in steps: what the provider is told, what it says of itself, a login that is tried, then on', async () => {
    suite.site.friends = [idp.issuer];
    const page = await open('sso');
    await page.getByRole('link', { name: 'Connect a provider' }).first().click();
    assert.match(await page.getByLabel('Redirect URI', { exact: true }).inputValue(), /\/v1\/sso\/oidc\/callback$/);
    await page.getByLabel('Name').fill('Okta');
    await page.getByLabel('Issuer').fill('ftp://idp.example');
    await page.getByLabel('Client ID').fill('rolecall');
    await page.getByLabel('Client secret').fill('hush');
    await page.getByRole('button', { name: 'Connect, and try a login next' }).click();
    await page.getByText('is no issuer').first().waitFor();
    await page.getByLabel('Issuer').fill(idp.issuer);
    await page.getByRole('button', { name: 'Connect, and try a login next' }).click();
    await page.getByText('Switched off').waitFor();
    idp.next = { sub: 'nina', email: 'nina@sso.example', email_verified: true, name: 'Nina', groups: ['Analysts'] };
    await page.getByRole('button', { name: 'Try a login' }).click();
    await answerTrial(page);
    await page.getByText('The login works. It would make them a member.').waitFor();
    await page.getByText('nina@sso.example, verified').waitFor();
    await page.getByText('Source Read-only').waitFor();
    assert.equal((await suite.acme.tenant.call('GET', '/members?q=nina')).body.data.length, 0);
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByText('Okta is switched on').waitFor();
    await page.getByRole('link', { name: 'All connections' }).click();
    await page.getByRole('list', { name: 'Connections' }).getByText('On', { exact: true }).waitFor();
  });

  it('tells why a login that is tried is refused, and what the provider said', async () => {
    const id = await connected('Unverified');
    idp.next = { sub: 'mallory', email: 'mallory@elsewhere.example', email_verified: false };
    const page = await open(`sso/${id}/test`);
    await page.getByRole('button', { name: 'Try a login' }).click();
    await answerTrial(page);
    await page.getByText('Your e-mail address isn’t verified').waitFor();
    await page.getByText('(email_unverified)').waitFor();
    await page.getByText('mallory@elsewhere.example, not verified').waitFor();
  });

  it('maps a group of the provider to a role on one resource', async () => {
    const id = await connected('Mapped');
    const page = await open(`sso/${id}/groups`);
    await page.getByRole('button', { name: 'Map a group' }).click();
    await page.getByLabel('Group at the provider').fill('web-team');
    await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Source Admin' });
    await page.getByLabel('Where it holds').selectOption({ label: 'Website' });
    await page.getByRole('button', { name: 'Add role' }).click();
    await page.getByRole('button', { name: 'Save groups and roles' }).click();
    await page.getByText('Groups and roles are saved').waitFor();
    await page.getByRole('link', { name: 'The group here' }).click();
    await page.getByText('The identity provider decides who is in this group.').waitFor();
    await page.getByText('on source Website').waitFor();
    idp.next = { sub: 'wanda', email: 'wanda@sso.example', email_verified: true, groups: ['web-team'] };
    await page.goto(`/w/${SLUG}/sso/${id}/test`);
    await page.getByRole('button', { name: 'Try a login' }).click();
    await answerTrial(page);
    await page.getByText('In the groups').waitFor();
    await page.getByText('on source Website').waitFor();
  });

  it('loses a connection by typing its name', async () => {
    const id = await connected('Doomed');
    const page = await open(`sso/${id}`);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Doomed' });
    assert.ok(await dialog.getByRole('button', { name: 'Delete connection' }).isDisabled());
    await dialog.getByLabel('Type Doomed to confirm').fill('Doomed');
    await dialog.getByRole('button', { name: 'Delete connection' }).click();
    await page.getByText('Doomed is deleted').waitFor();
    assert.equal((await suite.acme.tenant.call('GET', `/sso/connections/${id}`)).status, 404);
  });

  it('exempts a member, and back by Undo', async () => {
    const page = await open(`members/${suite.acme.ids.Dev}`);
    await page.getByRole('button', { name: 'Exempt from SSO' }).click();
    await page.getByRole('dialog', { name: /^Exempt Dev Patel/ }).getByRole('button', { name: 'Exempt', exact: true }).click();
    await page.getByText('SSO-exempt').first().waitFor();
    await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click();
    await page.getByText('SSO-exempt').first().waitFor({ state: 'detached' });
  });

  it('is required only by who has signed in by it; others are then led to it', async () => {
    const inside = await acme(suite.site, 'strict');
    suite.site.friends = [idp.issuer];
    await inside.tenant.call('POST', '/sso/connections', { protocol: 'oidc', name: 'Okta', issuer: idp.issuer, client_id: 'rolecall', client_secret: 'hush' });
    const page = await suite.site.signedIn('owner@strict.example');
    await page.goto('/w/strict/sso');
    await page.getByRole('button', { name: 'Require single sign-on' }).click();
    idp.next = { sub: 'olga', email: 'owner@strict.example', email_verified: true };
    await page.getByRole('link', { name: 'Sign in by Okta now, and come back here' }).click();
    await page.waitForURL(/\/w\/strict\/sso$/);
    await page.getByRole('button', { name: 'Require single sign-on' }).click();
    await page.getByText('Single sign-on is required from now on').waitFor();
    const ben = await suite.site.signedIn(emailOf('Ben Ortiz', 'strict'));
    await ben.goto('/w/strict/roles');
    idp.next = { sub: 'ben', email: 'ben@strict.example', email_verified: true };
    await ben.goto('/w/strict/labels');
    await ben.getByRole('link', { name: 'Sign in by SSO' }).click();
    await ben.waitForURL(/\/w\/strict\/labels$/);
    await ben.getByRole('list', { name: 'Labels' }).waitFor();
  });

  it('has a page for a login that was refused, with what to do and the code', async () => {
    const page = await suite.site.visitor();
    await page.goto(`/sign-in?error=email_unverified&return_to=/w/${SLUG}/roles`);
    await page.getByRole('heading', { name: 'Your e-mail address isn’t verified' }).waitFor();
    await page.getByText('email_unverified').waitFor();
    await page.getByRole('button', { name: 'Sign in another way' }).click();
    await page.getByLabel('Work e-mail').fill(OWNER);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor();
  });

  it('says which plan it takes', async () => {
    await suite.site.worker.tenant('small-plan', { plan: 'team', add_ons: [] });
    const page = await suite.site.signedIn('owner@small-plan.example');
    await page.goto('/w/small-plan/sso');
    await page.getByText('Single sign-on takes the Business plan').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Connect a provider' }).count(), 0);
  });
});
