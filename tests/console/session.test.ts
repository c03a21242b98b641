// Signing in and out, and being invited.
import assert from 'node:assert/strict';
import { it } from 'node:test';

import { acme, journeys } from './support/site.ts';

journeys('signing in', 'session', (suite) => {

  it('asks for an address, mails a link, and spends it by a click', async () => {
    const page = await suite.site.visitor();
    await page.goto('/w/session/groups');
    await page.getByLabel('Work e-mail').fill('owner@session.example');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor();
    const secret = suite.site.mailed('owner@session.example', 'sign-in');
    await page.goto(`/sign-in/${secret}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Groups', exact: true }).waitFor();
    assert.match(page.url(), /\/w\/session\/groups$/);
  });

  it('says what to do with a link that was used', async () => {
    const secret = await suite.site.signInSecret('owner@session.example');
    await suite.site.worker.call('POST', `/v1/sessions/email/${secret}`, null);
    const page = await suite.site.visitor();
    await page.goto(`/sign-in/${secret}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'This link was used already' }).waitFor();
    await page.getByRole('link', { name: 'Ask for a new link' }).click();
    await page.getByLabel('Work e-mail').waitFor();
  });

  it('says what to do with a link that has expired', async () => {
    const secret = await suite.site.signInSecret('owner@session.example');
    suite.site.worker.sql('UPDATE sign_in_links SET expires_at = 1 WHERE used_at IS NULL');
    const page = await suite.site.visitor();
    await page.goto(`/sign-in/${secret}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'This link has expired' }).waitFor();
  });

  it('signs out', async () => {
    const page = await suite.site.signedIn('ben@session.example');
    await page.goto('/');
    await page.getByRole('heading', { name: 'My access' }).waitFor();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByLabel('Work e-mail').waitFor();
    await page.goto('/w/session/members');
    await page.getByLabel('Work e-mail').waitFor();
  });

  it('signs out everywhere', async () => {
    const [here, there] = [await suite.site.signedIn('dev@session.example'), await suite.site.signedIn('dev@session.example')];
    await there.goto('/w/session/roles');
    await here.goto('/w/session/me');
    await here.getByRole('button', { name: 'Sign out everywhere' }).click();
    await here.getByLabel('Work e-mail').waitFor();
    await there.reload();
    await there.getByLabel('Work e-mail').waitFor();
  });

  it('asks to sign in anew when the session has ended meanwhile, and goes on at the same place', async () => {
    const page = await suite.site.signedIn('elif@session.example');
    await page.goto('/w/session/roles');
    await page.getByRole('heading', { name: 'Roles' }).waitFor();
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Labels' }).click();
    await page.getByLabel('Work e-mail').waitFor();
    await page.goto(`/sign-in/${await suite.site.signInSecret('elif@session.example')}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Labels' }).waitFor();
  });

  it('does not say whether a workspace exists that is not one’s own', async () => {
    const page = await suite.site.signedIn('owner@session.example');
    await page.goto('/w/other/members');
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
  });

  it('invites and accepts in two browsers', async () => {
    const owner = await suite.site.signedIn('owner@session.example');
    await owner.goto('/w/session/invite');
    await owner.getByLabel('E-mail addresses').fill('nina@session.example');
    await owner.keyboard.press('Enter');
    await owner.getByRole('button', { name: 'Send invite' }).click();
    await owner.getByRole('heading', { name: '1 invite sent' }).waitFor();

    const nina = await suite.site.visitor();
    await nina.goto(`/invites/${suite.site.mailed('nina@session.example', 'invites')}`);
    await nina.getByRole('heading', { name: 'Join Acme session' }).waitFor();
    await nina.getByText('Workspace Member').waitFor();
    await nina.getByLabel('Your name').fill('Nina');
    await nina.getByRole('button', { name: 'Accept and join' }).click();
    await nina.getByRole('heading', { name: 'My access' }).waitFor();

    await owner.getByRole('link', { name: 'Members', exact: true }).click();
    await owner.getByRole('link', { name: 'Nina' }).waitFor();
  });

  for (const [state, change, heading] of [
    ['expired', "expires_at = 1", 'This invite has expired'],
    ['canceled', 'cancel', 'This invite was canceled'],
    ['used', 'accept', 'This invite was used already'],
  ] as const) {
    it(`has a page for an invite that is ${state}`, async () => {
      const secret = await suite.acme.tenant.invite(`${state}@session.example`, ['workspace_member']);
      if (change === 'accept') await suite.site.worker.call('POST', `/v1/invites/${secret}/accept`, null, {});
      else if (change === 'cancel') {
        const { body } = await suite.acme.tenant.call('GET', '/invites?status=pending');
        await suite.acme.tenant.call('DELETE', `/invites/${body.data.find((one: { email: string }) => one.email === 'canceled@session.example').id}`);
      } else suite.site.worker.sql(`UPDATE invites SET expires_at = 1 WHERE email = '${state}@session.example'`);
      const page = await suite.site.visitor();
      await page.goto(`/invites/${secret}`);
      await page.getByRole('heading', { name: heading }).waitFor();
    });
  }

  it('tells somebody who is invited which things a role is on, in words', async () => {
    const secret = await suite.acme.tenant.invite('worded@session.example', ['workspace_member', 'source_read_only@source/website']);
    const page = await suite.site.visitor();
    await page.goto(`/invites/${secret}`);
    await page.getByText('Source Read-only · source website').waitFor();
  });

  it('says so when a link to an invite is cut off', async () => {
    const page = await suite.site.visitor();
    await page.goto('/invites/rcl_inv_cut');
    await page.getByRole('heading', { name: 'This invite doesn’t work' }).waitFor();
  });
});
