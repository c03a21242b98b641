// A mail provider: a real HTTP server that speaks the API that the Worker is configured for, and keeps what it hears.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from './worker.ts';

export type Received = { key: string; mail: Json; authorization: string };
export type Respond = (received: Received, response: ServerResponse) => void;

export const ok: Respond = (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"1"}');

export class Receiver {
  received: Received[] = [];
  respond: Respond = ok;
  #server = createServer((request, response) => void this.#hear(request, response));

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    assert.equal(`${request.method} ${request.url}`, 'POST /emails');
    const { authorization = '', 'idempotency-key': key } = request.headers;
    const one = { key: String(key), mail: JSON.parse(body), authorization };
    this.received.push(one);
    this.respond(one, response);
  }

  /** Starts to listen; answers the lines of `.dev.vars` that make a Worker send its mail here. */
  async start(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    const { port } = this.#server.address() as AddressInfo;
    return `MAIL_URL="http://127.0.0.1:${port}"\nMAIL_KEY="key"\nMAIL_FROM="access@example.com"\n`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** What came for an address, oldest first. */
  to(email: string): Received[] {
    return this.received.filter((one) => one.mail.to[0] === email);
  }

  /** The secret in the newest mail to an address, once there are so many. */
  async secret(email: string, mails: number): Promise<string> {
    for (const deadline = Date.now() + 20_000; this.to(email).length < mails; await new Promise((done) => setTimeout(done, 20))) {
      assert.ok(Date.now() < deadline, `no mail for ${email}`);
    }
    const found = /\/(rcl_[a-z]+_[^\s]+)/.exec(this.to(email).at(-1)?.mail.text);
    assert.ok(found !== null);
    return found[1];
  }
}
