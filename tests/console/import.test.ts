// Importing a file of invites.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import type { Page } from 'playwright-core';

import { acme, journeys } from './support/site.ts';

const SLUG = 'import';

/** So many rows, each tenth of them wrong in one of three ways. */
function rows(number: number): string {
  const wrong = ['no-address,X,workspace_member,', 'bad-role@new.example,X,workspace_member;emperor,', 'bad-group@new.example,X,workspace_member,Nobodies'];
  const lines = Array.from({ length: number }, (_, index) => (index % 10 === 9 ? wrong[Math.floor(index / 10) % 3] : `p${index}@new.example,"Person, ${index}",workspace_member;source_read_only,Analysts`));
  return `email,name,grants,groups\r\n${lines.join('\r\n')}\r\n`;
}

journeys('importing', SLUG, (suite) => {

  const choose = async (text: string, slug = SLUG): Promise<Page> => {
    const page = await suite.site.signedIn(`owner@${slug}.example`);
    await page.goto(`/w/${slug}/import`);
    await page.getByLabel(/Drop a CSV file/).setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    return page;
  };
  const number = async (page: Page, outcome: string) => Number((await page.locator(`[data-outcome=${outcome}]`).textContent())?.replace(/\D/g, ''));

  it('tells what is wrong by line and column with no request, then on the server, then sends the others', async () => {
    const page = await choose(rows(60));
    await page.getByRole('heading', { name: 'people.csv: 60 rows' }).waitFor();
    assert.equal(await number(page, 'invalid'), 6);
    assert.equal(await number(page, 'invited'), 54);
    const list = page.getByRole('region', { name: 'Rows' });
    await list.getByText('Line 11', { exact: true }).waitFor();
    await list.getByText(/^email: /).first().waitFor();
    await list.getByText(/^grants: /).first().waitFor();
    await page.getByRole('button', { name: 'Dry run on the server' }).click();
    await page.getByText('Checked by the server; nothing was sent.').waitFor();
    assert.equal(await number(page, 'invalid'), 6);
    await page.getByRole('button', { name: 'Send 54 invites' }).click();
    await page.getByRole('heading', { name: '54 invites sent' }).waitFor();
    assert.equal((await suite.acme.tenant.call('GET', '/seats')).body.pending, 54);
  });

  it('says that the same people are invited already', async () => {
    const page = await choose(rows(60));
    await page.getByRole('heading', { name: 'people.csv: 60 rows' }).waitFor();
    assert.equal(await number(page, 'already_invited'), 54);
    assert.ok(await page.getByRole('button', { name: /^Send 0 invites/ }).isDisabled());
  });

  it('sends 5,000 rows with bad lines in pieces, with progress and a report to keep', async () => {
    const text = rows(5_000).replaceAll('@new.example', '@large.example');
    const page = await choose(text);
    await page.getByRole('heading', { name: 'people.csv: 5,000 rows' }).waitFor();
    const wrong = await number(page, 'invalid');
    assert.equal(wrong, 500);
    await page.getByRole('button', { name: 'Send 4,500 invites' }).click();
    await page.getByRole('progressbar', { name: 'Sending' }).waitFor();
    await page.getByRole('heading', { name: '4,500 invites sent' }).waitFor({ timeout: 120_000 });
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the report' }).click();
    const report = readFileSync(await (await waiting).path(), 'utf8').trim().split('\r\n');
    assert.equal(report.length, 5_001);
    assert.match(report[10]!, /^"11","[^"]*","invalid","email invalid_email/);
    assert.match(report[5_000]!, /^"5001",/);
  });

  it('leaves to the server what a page of a large workspace doesn’t have', async () => {
    await acme(suite.site, 'huge');
    suite.site.worker.sql("UPDATE workspaces SET pending_count = 6000 WHERE slug = 'huge'");
    const page = await choose(rows(20), 'huge');
    await page.getByText('This workspace is large').waitFor();
    // Whether there is such a group isn't known here.
    assert.equal(await number(page, 'invalid'), 2);
    await page.getByRole('button', { name: 'Dry run on the server' }).click();
    await page.getByText('Checked by the server; nothing was sent.').waitFor();
    assert.equal(await number(page, 'invited'), 18);
    await page.goto('/w/huge/invite');
    await page.getByLabel('Analysts').check();
    await page.getByRole('complementary', { name: 'Preview' }).getByRole('row', { name: /^Sources/ }).getByRole('img', { name: 'yes' }).waitFor();
    await page.getByLabel('E-mail addresses').fill('ben@huge.example');
    await page.getByLabel('E-mail addresses').press('Enter');
    await page.getByRole('alert').getByText('ben@huge.example:').waitFor();
  });

  it('goes on where the connection broke, and calls a repeated address what it is', async () => {
    const lines = rows(2_400).replaceAll('@new.example', '@broken.example').trimEnd().split('\r\n');
    await acme(suite.site, 'broken');
    const page = await choose([...lines, lines[1]!, ''].join('\r\n'), 'broken');
    await page.getByRole('heading', { name: 'people.csv: 2,401 rows' }).waitFor();
    assert.equal(await number(page, 'duplicate'), 1);
    let sent = 0;
    await page.route('**/invites/bulk?*', (route) => (++sent === 2 ? route.abort() : route.continue()));
    await page.getByRole('button', { name: /^Send / }).click();
    await page.getByText('1,000 of 2,401 rows sent').waitFor();
    await page.getByRole('alert').getByText('Rolecall could not be reached').waitFor();
    await page.getByRole('button', { name: 'Go on with the rest' }).click();
    await page.getByRole('heading', { name: '2,160 invites sent' }).waitFor({ timeout: 60_000 });
    assert.equal(await number(page, 'duplicate'), 1);
    assert.equal(await number(page, 'already_invited'), 0);
  });

  it('says what is wrong with a file that can’t be read', async () => {
    const page = await choose('name,grants\nAnn,workspace_member\n');
    await page.getByRole('alert').getByText(/email/).waitFor();
    await page.getByRole('button', { name: 'Choose another file' }).click();
    await page.getByLabel('Or paste the rows').waitFor();
  });

  it('takes pasted rows', async () => {
    const page = await suite.site.signedIn(`owner@${SLUG}.example`);
    await page.goto(`/w/${SLUG}/import`);
    await page.getByLabel('Or paste the rows').fill('email,name,grants,groups\npasted@new.example,P,workspace_member,\n');
    await page.getByRole('button', { name: 'Check these rows' }).click();
    await page.getByRole('button', { name: 'Send 1 invite' }).click();
    await page.getByRole('heading', { name: '1 invite sent' }).waitFor();
  });
});
