// The console without a mouse.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Page } from 'playwright-core';

import { acme, journeys } from './support/site.ts';

const SLUG = 'keys';

journeys('by keyboard alone', SLUG, (suite) => {

  const open = async (path: string): Promise<Page> => {
    const page = await suite.site.signedIn(`owner@${SLUG}.example`);
    await page.goto(`/w/${SLUG}/${path}`);
    await page.locator('h1').waitFor();
    return page;
  };
  /** The name of what has the focus. */
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
  /** Tabs until something of that name has the focus. */
  const tabTo = async (page: Page, name: string | RegExp) => {
    for (let step = 0; step < 80; step++) {
      const here = await focused(page);
      if (typeof name === 'string' ? here === name : name.test(here)) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`${name} was not reached by Tab`);
  };

  it('the palette leads to each view and to people', async () => {
    const page = await open('roles');
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Go to' });
    await field.waitFor();
    await page.keyboard.type('audit');
    await page.getByRole('option', { name: /Audit trail/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Audit trail' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('chloe');
    await page.getByRole('option', { name: /Chloe Martin/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Chloe Martin' }).waitFor();
  });

  it('the palette goes round its list and closes by Escape', async () => {
    const page = await open('roles');
    await page.keyboard.press('Control+k');
    const selected = page.getByRole('option', { selected: true });
    await selected.filter({ hasText: 'Members' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await selected.filter({ hasText: 'Switch the theme' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await selected.filter({ hasText: 'Members' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Go to' }).waitFor({ state: 'detached' });
  });

  it('the content is one step away, and each next view takes the focus', async () => {
    const page = await open('groups');
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'New group');
    await page.getByRole('link', { name: 'Labels' }).press('Enter');
    await page.waitForFunction(() => document.activeElement?.textContent === 'Labels' && document.activeElement.tagName === 'H1');
  });

  it('somebody is invited', async () => {
    const page = await open('members');
    await tabTo(page, 'Invite Team Member');
    await page.keyboard.press('Enter');
    await page.getByLabel('E-mail addresses').waitFor();
    await page.keyboard.type('keys@new.example');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Send invite');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '1 invite sent' }).waitFor();
  });

  it('a dialog keeps the focus and gives it back', async () => {
    const page = await open(`members/${suite.acme.ids.Ben}`);
    await page.getByRole('dialog', { name: 'Ben Ortiz' }).waitFor();
    await tabTo(page, 'Remove');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Remove Ben Ortiz' });
    await dialog.getByText('They lose access at once').waitFor();
    for (let step = 0; step < 8; step++) {
      await page.keyboard.press('Tab');
      assert.ok(await dialog.evaluate((element) => element.contains(document.activeElement) || document.activeElement?.hasAttribute('data-base-ui-focus-guard')), await focused(page));
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.textContent === 'Remove');
  });

  it('a member is selected and opened', async () => {
    const page = await open('members');
    await page.getByRole('link', { name: 'Chloe Martin' }).waitFor();
    await tabTo(page, 'Select Chloe Martin');
    await page.keyboard.press('Space');
    await page.getByText('1 member selected').waitFor();
    await tabTo(page, 'Chloe Martin');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Chloe Martin' }).waitFor();
  });
});
