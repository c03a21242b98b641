// E-mail domains: proved by a record, found at sign-in, and the way in for people who have an address there.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, it } from 'node:test';

import { acme, journeys } from './support/site.ts';

const SLUG = 'domains';
const OWNER = `owner@${SLUG}.example`;

/** A resolver that answers with the texts that were set here. */
const records = new Map<string, string>();
let resolver: Server;

async function resolving(): Promise<string> {
  resolver = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://resolver').searchParams.get('name') ?? '';
    const found = records.get(name);
    const answer = found === undefined ? { Status: 3 } : { Status: 0, Answer: [{ name, type: 16, data: `"${found}"` }] };
    response.writeHead(200, { 'content-type': 'application/dns-json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => resolver.listen(0, '127.0.0.1', done));
  return `DNS_RESOLVER="http://127.0.0.1:${(resolver.address() as AddressInfo).port}/dns-query"`;
}

journeys(
  'domains',
  SLUG,
  (suite) => {
    const { open } = suite;
    after(() => {
      resolver.closeAllConnections();
      resolver.close();
    });

    /** A domain that is proved, of a workspace. */
    const proved = async (domain: string, more: object = {}, tenant = suite.acme.tenant) => {
      const { body } = await tenant.call('POST', '/domains', { domain, ...more });
      records.set(body.record.name, body.record.value);
      const { status } = await tenant.call('POST', `/domains/${body.id}/verify`);
      assert.equal(status, 200);
      return body.id as string;
    };
    /** Somebody with an account and no workspace: a member who was removed. */
    const outsider = async (email: string) => {
      const { id } = await suite.acme.tenant.member(email, ['workspace_member']);
      const page = await suite.site.signedIn(email);
      await suite.acme.tenant.call('DELETE', `/members/${id}`);
      return page;
    };

    it('are proved by the record that is shown', async () => {
      const page = await open('domains');
      await page.getByLabel('Domain', { exact: true }).fill('gmail.com');
      await page.getByRole('button', { name: 'Add domain' }).click();
      await page.getByLabel('Domain', { exact: true }).and(page.locator('[aria-invalid]')).waitFor();
      await page.getByLabel('Domain', { exact: true }).fill('new-domain.example');
      await page.getByRole('button', { name: 'Add domain' }).click();
      const [name, value] = [await page.getByLabel('Name of the record', { exact: true }).inputValue(), await page.getByLabel('Value of the record', { exact: true }).inputValue()];
      assert.equal(name, '_rolecall-challenge.new-domain.example');
      await page.getByRole('button', { name: 'Verify new-domain.example' }).click();
      await page.getByRole('alert').getByText('has no TXT record').waitFor();
      records.set(name, value);
      await page.getByRole('button', { name: 'Verify new-domain.example' }).click();
      await page.getByText('new-domain.example is verified').waitFor();
      await page.getByRole('list', { name: 'Domains' }).getByText('Verified', { exact: true }).waitFor();
    });

    it('lead to the company’s login at sign-in, with a mailed link beside it', async () => {
      await proved('login.example');
      const made = await suite.acme.tenant.call('POST', '/sso/connections', { protocol: 'oidc', name: 'Okta', issuer: 'https://idp.example', client_id: 'x' });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      const page = await suite.site.visitor();
      await page.goto('/sign-in');
      await page.getByLabel('Work e-mail').fill('ann@login.example');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('heading', { name: 'Sign in by your company' }).waitFor();
      assert.match((await page.getByRole('link', { name: 'Go to Okta' }).getAttribute('href')) ?? '', /^\/v1\/sso\/idp_\w+\/login\?return_to=/);
      await page.getByRole('button', { name: 'Mail me a link instead' }).click();
      await page.getByRole('heading', { name: 'Check your mail' }).waitFor();
      await suite.acme.tenant.call('DELETE', `/sso/connections/${made.body.id}`);
    });

    it('let people in by themselves, where that is chosen', async () => {
      const page = await open('domains');
      await proved('walkin.example');
      await page.reload();
      const row = page.getByRole('list', { name: 'Domains' }).getByRole('listitem').filter({ hasText: 'walkin.example' });
      await row.getByText('walkin.example', { exact: true }).click();
      await row.getByLabel('By themselves').check();
      await row.getByRole('button', { name: 'Save how they come in' }).click();
      await page.getByText('walkin.example is saved').waitFor();
      const ann = await outsider('ann@walkin.example');
      await ann.goto('/');
      await ann.getByRole('button', { name: `Join Acme ${SLUG}` }).click();
      await ann.getByRole('heading', { name: 'My access' }).waitFor();
      await ann.getByText('Source Read-only').first().waitFor();
    });

    it('let people in who ask, when somebody says so', async () => {
      await proved('asks.example', { auto_join: 'request' });
      const bob = await outsider('bob@asks.example');
      await bob.goto('/');
      await bob.getByRole('button', { name: `Ask to join Acme ${SLUG}` }).click();
      await bob.getByText('Somebody there has to let you in.').waitFor();
      const page = await open('domains', OWNER);
      const list = page.getByRole('list', { name: 'Requests to join' });
      await list.getByText('bob@asks.example').waitFor();
      await list.getByRole('button', { name: /^Let .* in$/ }).click();
      await page.getByText(/is a member$/).waitFor();
      await bob.reload();
      await bob.getByRole('heading', { name: 'My access' }).waitFor();
    });

    it('are given up after saying what that means', async () => {
      const other = await acme(suite.site, 'gives-up');
      await proved('gone.example', {}, other.tenant);
      const page = await suite.site.signedIn('owner@gives-up.example');
      await page.goto('/w/gives-up/domains');
      await page.getByText('gone.example', { exact: true }).click();
      await page.getByRole('button', { name: 'Give up gone.example' }).click();
      await page.getByRole('dialog').getByText('Who joined by it stays.').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Give up', exact: true }).click();
      await page.getByText('gone.example is given up').waitFor();
      await page.getByRole('heading', { name: 'No domains yet' }).waitFor();
    });
  },
  undefined,
  resolving,
);
