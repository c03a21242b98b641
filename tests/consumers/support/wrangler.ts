// A small Worker under `wrangler dev`, ended by its own process group.
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { tool } from './installed.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

export class Wrangler {
  readonly url: string;
  #server: ChildProcess;
  #output = '';

  private constructor(url: string, server: ChildProcess) {
    this.url = url;
    this.#server = server;
    for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk) => (this.#output += chunk));
  }

  /** Starts the Worker of a folder's wrangler.toml. */
  static async start(folder: string): Promise<Wrangler> {
    const port = await freePort();
    const flags = ['--local', '--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0', '--show-interactive-dev-session=false'];
    const env = { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG_PATH: `${folder}/logs` };
    const server = spawn(tool('wrangler', 'root'), ['dev', ...flags], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const wrangler = new Wrangler(`http://127.0.0.1:${port}`, server);
    const deadline = Date.now() + 90_000;
    while (!(await wrangler.#answers())) {
      if (server.exitCode !== null || Date.now() > deadline) {
        wrangler.stop();
        throw new Error(`the Worker did not start: ${wrangler.#output}`);
      }
    }
    return wrangler;
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/cases`, { signal: AbortSignal.timeout(10_000) })).ok;
    } catch {
      await new Promise((done) => setTimeout(done, 100));
      return false;
    }
  }

  stop(): void {
    if (this.#server.pid !== undefined) process.kill(-this.#server.pid, 'SIGKILL');
  }
}
