// Measurements in Chromium: each in a browser of its own, on a page from 127.0.0.1 that holds the bundled bench alone.
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import type { Result, Task } from './measure.ts';
import { wasmOf } from './wasm.ts';

const MOST_MS = 300_000;
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm', '.html': 'text/html' };

/** Bundles the page, with a file for each engine. */
async function bundle(folder: string): Promise<void> {
  await build({
    entryPoints: { page: new URL('page.ts', import.meta.url).pathname },
    outdir: folder, bundle: true, splitting: true, minify: true, format: 'esm', platform: 'browser', target: 'es2024', logLevel: 'error',
    // casbin imports the one where it is and takes the other for granted.
    external: ['fs'], inject: [new URL('buffer.ts', import.meta.url).pathname],
  });
}

/** Serves the folder of the workloads with the bundle, and the wasm of the engines. Isolated pages get the finer clock. */
async function serve(folder: string): Promise<Server> {
  const server = createServer(async ({ url = '/' }, answer) => {
    const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
    const path = new URL(url, 'http://127.0.0.1').pathname;
    try {
      const isPage = path === '/';
      const body = isPage ? '<!doctype html><title>bench</title><script type="module" src="/page.js"></script>'
        : await readFile(path.startsWith('/wasm/') ? wasmOf(path.slice('/wasm/'.length)) : join(folder, path));
      answer.writeHead(200, { ...headers, 'content-type': isPage ? 'text/html' : TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
    } catch {
      answer.writeHead(404, headers).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

export class Chromium {
  version = '';
  #server: Server;
  #executable: string;

  private constructor(server: Server, executable: string) {
    this.#server = server;
    this.#executable = executable;
  }

  static async start(folder: string, executable: string): Promise<Chromium> {
    await bundle(folder);
    return new Chromium(await serve(folder), executable);
  }

  /** One measurement, in a browser that is closed after it. */
  async run(task: Task): Promise<Result> {
    const browser = await chromium.launch({ executablePath: this.#executable, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    try {
      this.version = browser.version();
      const page = await browser.newPage();
      page.setDefaultTimeout(MOST_MS);
      const devtools = await page.context().newCDPSession(page);
      await page.exposeFunction('benchHeap', async () => {
        await devtools.send('HeapProfiler.collectGarbage');
        const { usedSize, backingStorageSize = 0 } = (await devtools.send('Runtime.getHeapUsage')) as { usedSize: number; backingStorageSize?: number };
        return usedSize + backingStorageSize;
      });
      await page.goto(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`);
      await page.waitForFunction('globalThis.benchRun !== undefined');
      const result = (await page.evaluate((given) => (globalThis as never as { benchRun(task: unknown): Promise<unknown> }).benchRun(given), task)) as Result & { wrong?: string };
      if (result.wrong !== undefined) throw new Error(result.wrong);
      return result;
    } finally {
      await browser.close();
    }
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
