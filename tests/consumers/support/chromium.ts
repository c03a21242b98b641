// Chromium on pages from 127.0.0.1. Each browser is closed by whoever opened it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { ROOT } from './installed.ts';

const MOST_MS = 30_000;
const TYPES: Record<string, string> = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm',
};

/** Serves files of these folders, the first that has one. */
async function serve(folders: string[]): Promise<Server> {
  const server = createServer(({ url = '/' }, answer) => {
    const path = new URL(url, 'http://127.0.0.1').pathname.replace(/\/$/, '/index.html');
    for (const folder of folders) {
      try {
        const body = readFileSync(join(folder, path));
        answer.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
        return;
      } catch {
        continue;
      }
    }
    answer.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

export class Chromium {
  #browser: Browser;
  #servers: Server[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<Chromium> {
    const executablePath = execFileSync(join(ROOT, 'scripts/browser'), { encoding: 'utf8' }).trim();
    return new Chromium(await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] }));
  }

  /** A page of these folders. What goes wrong in it and isn't caught fails the test that looks at `faults`. */
  async open(folders: string[], path: string, options: BrowserContextOptions = {}): Promise<{ page: Page; faults: string[] }> {
    const server = await serve(folders);
    this.#servers.push(server);
    const page = await (await this.#browser.newContext(options)).newPage();
    page.setDefaultTimeout(MOST_MS);
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('requestfailed', (request) => faults.push(`${request.url()} failed`));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    return { page, faults };
  }

  /** What a page leaves in `result`. */
  async result(folders: string[], path: string): Promise<unknown> {
    const { page, faults } = await this.open(folders, path);
    await page.waitForFunction('globalThis.result !== undefined').catch((error: Error) => {
      throw new Error([error.message, ...faults].join('\n'));
    });
    return page.evaluate('globalThis.result');
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}
