// The console in a real browser: the built Worker on workerd, Debian's Chromium, and people who are signed in.
import { after, afterEach, before, describe } from 'node:test';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Browser, BrowserContext, Page } from 'playwright-core';

import { Worker, type Json, type Options, type Tenant } from '../../edge/support/worker.ts';

const ROOT = new URL('../../..', import.meta.url).pathname;
const FAILURES = join(ROOT, 'tests/console/failures');
/** The console has its packages in a folder of its own. */
export const fromConsole = createRequire(join(ROOT, 'www/package.json'));
const { chromium } = fromConsole('playwright-core') as typeof import('playwright-core');

export const chromiumPath = (): string => execFileSync(join(ROOT, 'scripts/browser'), { encoding: 'utf8' }).trim();

/** How a test ended, as Node tells a hook. */
export type Finished = { name: string; passed: boolean };

/** What a person does in a browser of their own. */
export type Visit = { page: Page; context: BrowserContext };

/** What a browser may say without anything being wrong: answers that the API refuses are part of journeys. */
const EXPECTED = /Failed to load resource: (the server responded with a status of (401|402|403|404|409|410|412|422)|net::ERR_FAILED)|Failed to fetch dynamically imported module/;

export class Site {
  readonly worker: Worker;
  readonly browser: Browser;
  /** Where else a browser may go: an identity provider. */
  friends: string[] = [];
  #visits: Visit[] = [];
  #sessions = new Map<string, Awaited<ReturnType<BrowserContext['cookies']>>>();
  #complaints: string[] = [];

  private constructor(worker: Worker, browser: Browser) {
    this.worker = worker;
    this.browser = browser;
  }

  static async start(seed?: (database: DatabaseSync) => void, options: string | Options = ''): Promise<Site> {
    const worker = await Worker.start(seed, options);
    const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    const browser = await chromium.launch({ executablePath: chromiumPath(), args: flags }).catch((error: unknown) => {
      worker.stop();
      throw error;
    });
    return new Site(worker, browser);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.worker.stop();
  }

  /** A browser of its own, nobody signed in. What it complains of fails the test (see `check`). */
  async visitor(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await this.browser.newContext({ baseURL: this.worker.url, viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.#complaints.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !EXPECTED.test(message.text())) this.#complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('request', (request) => {
      const isKnown = [this.worker.url, ...this.friends].some((origin) => request.url().startsWith(origin));
      if (!isKnown && !/^(blob|data):/.test(request.url())) this.#complaints.push(`a request to ${request.url()}`);
    });
    this.#visits.push({ page, context });
    return page;
  }

  /** A browser in which somebody is signed in, by the link that was mailed to them; an address gets few links an hour. */
  async signedIn(email: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const page = await this.visitor(options);
    const kept = this.#sessions.get(email);
    if (kept !== undefined) await page.context().addCookies(kept);
    if (kept !== undefined && (await page.request.get('/v1/me')).ok()) return page;
    const secret = await this.signInSecret(email);
    const opened = await page.request.post(`/v1/sessions/email/${secret}`, { headers: { origin: this.worker.url } });
    if (opened.status() !== 201) throw new Error(`${email} could not sign in: ${await opened.text()}`);
    this.#sessions.set(email, await page.context().cookies());
    return page;
  }

  async signInSecret(email: string): Promise<string> {
    await this.worker.call('POST', '/v1/sessions/email', null, { email });
    return this.mailed(email, 'sign-in');
  }

  /** The secret of the newest link in a mail to an address. */
  mailed(email: string, kind: 'sign-in' | 'invites'): string {
    const found = this.worker.mails(email).reverse().map((mail) => new RegExp(`/${kind}/(rcl_[a-z]+_[\\w-]+)`).exec(mail.text)?.[1]).find(Boolean);
    if (found === undefined) throw new Error(`no ${kind} link was mailed to ${email}`);
    return found;
  }

  /** Pictures of every open page where the test has failed, and an end to what it opened. */
  async after(test: Finished): Promise<void> {
    const isFailed = !test.passed || this.#complaints.length > 0;
    for (const [index, { page, context }] of this.#visits.entries()) {
      if (isFailed) await picture(page, `${test.name} ${index + 1}`);
      await context.close();
    }
    const complaints = this.#complaints;
    this.#visits = [];
    this.#complaints = [];
    if (test.passed && complaints.length > 0) throw new Error(`the browser complained:\n${complaints.join('\n')}`);
  }
}

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(FAILURES, { recursive: true });
  const path = join(FAILURES, `${name.replace(/\W+/g, '-').slice(0, 100)}.png`);
  await page.screenshot({ path, timeout: 5_000 }).catch(() => undefined);
}

/** Goes to an address and waits until all that it shows is there. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await settled(page);
}

/** Waits until nothing is asked for any more and nothing says that it loads. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('h1') !== null && document.querySelector('[data-loading]') === null);
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => document.querySelector('[data-loading]') === null);
}

/** A workspace with some people and things in it. */
export interface Acme {
  site: Site;
  tenant: Tenant;
  ids: Record<string, string>;
  groups: Record<string, string>;
}

const PEOPLE: [name: string, grants: string[]][] = [
  ['Ben Ortiz', ['workspace_member', 'source_admin']],
  ['Chloe Martin', ['workspace_member', 'source_read_only@source/website']],
  ['Dev Patel', ['workspace_member', 'tracking_plan_admin']],
  ['Elif Kaya', ['minimal_workspace_access']],
];

export const emailOf = (name: string, slug: string): string => `${name.split(' ')[0]!.toLowerCase()}@${slug}.example`;

async function ask(tenant: Tenant, method: string, path: string, body?: Json): Promise<Json> {
  const answer = await tenant.call(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Fills a workspace of its own for a test: the owner is Olga, `owner@<slug>.example`. */
export async function acme(site: Site, slug: string, more: Json = {}): Promise<Acme> {
  const tenant = await site.worker.tenant(slug, { name: `Acme ${slug}`, ...more });
  for (const [path, body] of RESOURCES) await ask(tenant, 'PUT', `/resources/${path}`, body);
  await ask(tenant, 'POST', '/labels', { key: 'environment', value: 'prod', description: 'What customers see' });
  const invites = PEOPLE.map(([name, grants]) => ({ email: emailOf(name, slug), name, grants }));
  const made = await ask(tenant, 'POST', '/invites', { invites, deliver: 'link' });
  const ids: Record<string, string> = { Olga: tenant.owner };
  for (const [index, { accept_url }] of made.data.entries()) {
    const accepted = await site.worker.call('POST', `/v1/invites/${accept_url.split('/').pop()}/accept`, null, {});
    ids[PEOPLE[index]![0].split(' ')[0]!] = accepted.body.id;
  }
  const group = await ask(tenant, 'POST', '/groups', { name: 'Analysts', grants: ['source_read_only'] });
  await ask(tenant, 'POST', `/groups/${group.id}/members`, { members: [ids.Dev] });
  return { site, tenant, ids, groups: { Analysts: group.id } };
}

const RESOURCES: [path: string, body: Json][] = [
  ['source/website', { name: 'Website' }],
  ['source/ios', { name: 'iOS app' }],
  ['destination/ads', { name: 'Ads audience', parent: 'source/ios' }],
  ['space/marketing', { name: 'Marketing' }],
  ['tracking_plan/web', { name: 'Web tracking plan' }],
  ['function/enrich', { name: 'Enrich addresses' }],
  ['warehouse/main', { name: 'Main warehouse' }],
];

/** What the tests of a suite share. */
export interface Suite {
  readonly site: Site;
  readonly acme: Acme;
  /** The owner, or somebody else, at an address inside the workspace. */
  open: (path: string, email?: string) => Promise<Page>;
}

/** A suite of journeys on a site of its own, with one workspace of that slug; `options` are more lines of .dev.vars, or what there is beside the Worker. */
export function journeys(name: string, slug: string, tell: (suite: Suite) => void, fill: (site: Site) => Promise<Acme> = (site) => acme(site, slug), options: () => Promise<string | Options> = async () => ''): void {
  describe(name, () => {
    let site: Site;
    let filled: Acme;
    before(async () => {
      site = await Site.start(undefined, await options());
      filled = await fill(site);
    });
    after(() => site.stop());
    afterEach((test) => site.after(test as unknown as Finished));
    const open = async (path: string, email = `owner@${slug}.example`): Promise<Page> => {
      const page = await site.signedIn(email);
      await page.goto(`/w/${slug}/${path}`);
      return page;
    };
    tell({ get site() { return site; }, get acme() { return filled; }, open });
  });
}
