// One keep-alive connection to an engine, and what is asked over it.
import { Agent, request } from 'node:http';

export type Json = any;
export type Ask = { method: string; path: string; body?: Json };
export type Answer = { status: number; body: Json; headers: Record<string, unknown>; ms: number };

const MOST_MS = 120_000;

export class Client {
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #base: string;
  #token: string;

  constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  /** Asks, and reads the whole answer; the time is taken before JSON is made of it. */
  async ask({ method, path, body }: Ask): Promise<Answer> {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const length = sent === undefined ? {} : { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(sent) };
    const headers = { authorization: `Bearer ${this.#token}`, ...length };
    const from = performance.now();
    const { status, text, received } = await new Promise<{ status: number; text: string; received: Answer['headers'] }>((done, fail) => {
      const asked = request(this.#base + path, { method, headers, agent: this.#agent, timeout: MOST_MS }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', fail);
        response.on('end', () => done({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString(), received: response.headers }));
      });
      asked.on('timeout', () => asked.destroy(new Error(`no answer within ${MOST_MS / 1000} s`)));
      asked.on('error', fail);
      asked.end(sent);
    });
    const ms = performance.now() - from;
    return { status, body: text === '' ? null : JSON.parse(text), headers: received, ms };
  }

  /** Asks for what has to succeed. */
  async need(ask: Ask): Promise<Answer> {
    const answer = await this.ask(ask);
    if (answer.status >= 300) throw new Error(`${ask.method} ${ask.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  }

  close(): void {
    this.#agent.destroy();
  }
}
