// Sign-in with two real identity providers in a real browser, with both Workers: the certified `oidc-provider` with its own
// pages, and `samlp`, whose form comes from another site.
import assert from 'node:assert/strict';
import { after, before, beforeEach, it } from 'node:test';
import type { Page } from 'playwright-core';

import { identity } from '../edge/support/certificate.ts';
import { IdentityProvider } from '../edge/support/provider.ts';
import { Provider } from '../edge/support/samlp.ts';
import { journeys } from './support/site.ts';

const SLUG = 'providers';
const FONTS = 'https://fonts.googleapis.com';

journeys(
  'identity providers',
  SLUG,
  (suite) => {
    const { open } = suite;
    const saml = new Provider();
    let oidc: IdentityProvider;
    let byOidc: { id: string; login_url: string };
    let bySaml: { id: string; login_url: string; metadata_url: string };
    const connect = async (body: object) => {
      const made = await suite.acme.tenant.call('POST', '/sso/connections', body);
      assert.equal(made.status, 201, JSON.stringify(made.body));
      return made.body;
    };
    before(async () => {
      const { url } = suite.site.worker;
      oidc = await IdentityProvider.start('RS256', `${url}/v1/sso/oidc/callback`, { pages: true });
      await saml.start(() => `${url}/v1/sso/saml/acs`);
      const role_mappings = [{ group: 'Analysts', grants: ['source_admin@source/website'] }];
      const client = { client_id: 'rolecall', client_secret: 'hush' };
      byOidc = await connect({ protocol: 'oidc', name: 'Okta', issuer: oidc.issuer, ...client, role_mappings });
      const metadata_xml = await (await fetch(`${saml.url}/metadata`)).text();
      bySaml = await connect({ protocol: 'saml', name: 'ADFS', metadata_xml, role_mappings, idp_initiated: true });
      // A domain that is proved, by which the page of sign-in finds where people go.
      const domain = await suite.acme.tenant.call('POST', '/domains', { domain: 'people.example' });
      suite.site.worker.sql(`UPDATE domains SET verified_at = 1 WHERE id = '${domain.body.id}'`);
    });
    beforeEach(() => {
      suite.site.friends = [oidc.issuer, saml.url, FONTS];
      Object.assign(saml, { options: {}, denies: false });
    });
    after(() => {
      oidc.stop();
      saml.stop();
    });

    /** Somebody's browser, at the page where the certified provider asks who they are. */
    const atOidc = async (to: string): Promise<Page> => {
      const page = await suite.site.visitor();
      // The provider's pages name a font of another site.
      await page.context().route(`${FONTS}/**`, (route) => route.abort());
      await page.goto(`${byOidc.login_url}?return_to=${to}`);
      await page.getByRole('heading', { name: 'Sign-in' }).waitFor();
      assert.ok(page.url().startsWith(oidc.issuer));
      return page;
    };
    const consent = async (page: Page, login: string) => {
      await page.getByPlaceholder('Enter any login').fill(login);
      await page.getByPlaceholder('and password').fill('any');
      await page.getByRole('button', { name: 'Sign-in' }).click();
      await page.getByRole('button', { name: 'Continue' }).click();
    };
    /** Asserts that a browser has come to the page of a refusal, which says what to do, and that the workspace was told. */
    const refused = async (page: Page, heading: string, code: string) => {
      await page.getByRole('heading', { name: heading }).waitFor();
      assert.ok((await page.getByRole('alert').innerText()).length > 40);
      await page.getByText(code, { exact: true }).waitFor();
      assert.ok((await page.context().cookies()).every(({ name }) => name !== '__Host-rolecall'));
      const told = await suite.acme.tenant.call('GET', '/audit-events?type=sso.refused&limit=1');
      assert.equal(told.body.data[0].after.code, code);
    };
    /** Only one of the two signs people of the domain in. */
    const discovered = async (one: { id: string }) => {
      for (const { id } of [byOidc, bySaml]) {
        const { status } = await suite.acme.tenant.call('PATCH', `/sso/connections/${id}`, { active: id === one.id });
        assert.equal(status, 200);
      }
    };
    const both = () => Promise.all([byOidc, bySaml].map(({ id }) => suite.acme.tenant.call('PATCH', `/sso/connections/${id}`, { active: true })));
    /** Begins where everybody begins, with an address of the domain. */
    const fromSignIn = async (page: Page, email: string, provider: string) => {
      await page.goto(`/w/${SLUG}/me`);
      await page.getByLabel('Work e-mail').fill(email);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('link', { name: `Go to ${provider}` }).click();
    };

    it('OIDC: who signs in on the provider’s page is a member, whom the console shows with what their group gives', async () => {
      oidc.people.set('nina', { sub: 'nina', email: 'Nina@people.example', email_verified: true, name: 'Nina Berg', groups: ['Analysts'] });
      const page = await atOidc(`/w/${SLUG}/me`);
      await consent(page, 'nina');
      await page.waitForURL(`${suite.site.worker.url}/w/${SLUG}/me`);
      await page.getByText('on source Website').first().waitFor();
      const owner = await open('members?q=nina');
      await owner.getByRole('link', { name: /Nina Berg/ }).first().click();
      await owner.getByText('nina@people.example').first().waitFor();
      await owner.getByText('on source Website').first().waitFor();
      const { body } = await suite.acme.tenant.call('GET', '/members/nina@people.example');
      assert.deepEqual([body.provisioned_by, body.groups.length], ['jit', 1]);
    });

    it('OIDC: from the page of sign-in, by the address', async () => {
      await discovered(byOidc);
      oidc.people.set('omar', { sub: 'omar', email: 'omar@people.example', email_verified: true, name: 'Omar' });
      const page = await suite.site.visitor();
      await page.context().route(`${FONTS}/**`, (route) => route.abort());
      await fromSignIn(page, 'omar@people.example', 'Okta');
      await consent(page, 'omar');
      await page.waitForURL(`${suite.site.worker.url}/w/${SLUG}/me`);
      await both();
    });

    it('OIDC: who cancels on the provider’s page is told so, and comes back to begin again', async () => {
      const page = await atOidc(`/w/${SLUG}/roles`);
      await page.getByRole('link', { name: 'Cancel' }).click();
      await refused(page, 'The identity provider denied the login', 'sso_denied');
      const owner = await open('audit');
      await owner.getByText('by Rolecall, single sign-on').first().waitFor();
      await page.getByRole('button', { name: 'Sign in another way' }).click();
      await page.getByLabel('Work e-mail').waitFor();
    });

    it('OIDC: who has no address there, or one that nobody verified, is told what is missing', async () => {
      oidc.people.set('lee', { sub: 'lee', name: 'Lee' });
      oidc.people.set('max', { sub: 'max', email: 'max@elsewhere.example', email_verified: false });
      const [lee, max] = [await atOidc('/'), await atOidc('/')];
      await consent(lee, 'lee');
      await refused(lee, 'The identity provider named no e-mail address', 'email_missing');
      await consent(max, 'max');
      await refused(max, 'Your e-mail address isn’t verified', 'email_unverified');
    });

    it('SAML: from the page of sign-in by the address, and by a form of another site back', async () => {
      await discovered(bySaml);
      saml.user = { email: 'sam@people.example', name: 'Sam Reed', groups: ['Analysts'] };
      const page = await suite.site.visitor();
      await fromSignIn(page, 'sam@people.example', 'ADFS');
      await page.waitForURL(`${suite.site.worker.url}/w/${SLUG}/me`);
      await page.getByText('on source Website').first().waitFor();
      const owner = await open('members?q=sam');
      await owner.getByRole('link', { name: /Sam Reed/ }).first().waitFor();
      await both();
    });

    it('SAML: from the address of the connection, and from the provider’s own dashboard', async () => {
      saml.user = { email: 'tess@people.example', name: 'Tess', groups: [] };
      const page = await suite.site.visitor();
      await page.goto(`${bySaml.login_url}?return_to=/w/${SLUG}/roles`);
      await page.waitForURL(`${suite.site.worker.url}/w/${SLUG}/roles`);
      saml.options = { audience: bySaml.metadata_url };
      const other = await suite.site.visitor();
      await other.goto(`${saml.url}/sso?RelayState=/w/${SLUG}/me`);
      await other.waitForURL(`${suite.site.worker.url}/w/${SLUG}/me`);
      await other.getByRole('heading', { level: 1 }).waitFor();
    });

    it('SAML: a login that the provider may not begin, or that is signed by others, ends on a page that says what to do', async () => {
      const page = await suite.site.visitor();
      saml.options = { key: identity('evil').key };
      await page.goto(`${bySaml.login_url}?return_to=/w/${SLUG}/roles`);
      await refused(page, 'The identity provider signs with a key that isn’t known here', 'saml_signature_mismatch');
      saml.options = { lifetimeInSeconds: -120 };
      await page.goto(bySaml.login_url);
      await refused(page, 'The login took too long', 'saml_expired');
      saml.options = {};
      saml.denies = true;
      await page.goto(bySaml.login_url);
      await refused(page, 'The identity provider denied the login', 'saml_status');
      saml.denies = false;
      saml.options = { audience: bySaml.metadata_url };
      await suite.acme.tenant.call('PATCH', `/sso/connections/${bySaml.id}`, { idp_initiated: false });
      await page.goto(`${saml.url}/sso?RelayState=/w/${SLUG}/me`);
      await refused(page, 'Sign in here first', 'saml_unsolicited');
    });
  },
  undefined,
  async () => ({ saml: true }),
);
