// A real identity provider that speaks SAML: npm samlp behind an HTTP server.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { identity, type Identity } from './certificate.ts';
import type { Json } from './worker.ts';

const samlp = createRequire(import.meta.url)('samlp');

export type User = { email: string; name: string; groups: string[] };

/** What samlp asks of the person who signs in. */
function profile(user: User): Json {
  const claims = { displayName: user.name, groups: user.groups };
  const name = { nameIdentifier: user.email, nameIdentifierFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress' };
  return { getClaims: () => claims, getNameIdentifier: () => name };
}
profile.prototype.metadata = [];

export class Provider {
  url = '';
  keys: Identity = identity('acme');
  user: User = { email: 'ann@acme.example', name: 'Ann Lee', groups: ['Eng'] };
  /** More options of samlp: how it signs, for whom it is meant where nobody asked. */
  options: Json = {};
  denies = false;
  #server = createServer((request, response) => this.#hear(request, response));

  /** Starts to listen, for the consumer that `consumer` tells. */
  async start(consumer: () => string): Promise<void> {
    this.#consumer = consumer;
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    // Another site than `127.0.0.1`, as a browser sees it: cookies that a form doesn't bring along stay behind.
    this.url = `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }
  #consumer: () => string = () => '';

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #hear(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const fail = (error: Json): void => void response.writeHead(500).end(String(error?.stack ?? error));
    const express = Object.assign(response, {
      set: (name: string, value: string) => response.setHeader(name, value),
      send: (body: Json) => void response.end(typeof body === 'number' ? String(body) : body),
    });
    const asked = Object.assign(request, { query: Object.fromEntries(url.searchParams), originalUrl: request.url, protocol: 'http' });
    this.#handler(url.pathname)(asked, express, fail);
  }

  #handler(path: string): Json {
    const shared = { issuer: 'urn:acme', cert: this.keys.certificate, key: this.keys.key, profileMapper: profile };
    if (path === '/metadata') return samlp.metadata({ ...shared, redirectEndpointPath: '/sso', postEndpointPath: '/sso' });
    const consumer = this.#consumer();
    const places = { recipient: consumer, destination: consumer };
    if (this.denies) {
      const error = { code: 'urn:oasis:names:tc:SAML:2.0:status:Responder', description: 'no' };
      const getPostURL = (_: Json, done: Json): void => done(null, consumer);
      return (request: Json, response: Json, next: Json): void =>
        samlp.sendError({ ...shared, ...places, error, RelayState: request.query.RelayState, getPostURL })(request, response, next);
    }
    const getPostURL = (_audience: Json, _dom: Json, _request: Json, done: Json): void => done(null, consumer);
    return samlp.auth({ ...shared, ...places, getUserFromRequest: () => this.user, getPostURL, ...this.options });
  }
}

/** The fields of the form that a provider answers. */
export function fields(html: string): { action: string; SAMLResponse: string; RelayState: string } {
  const unescape = (text: string): string => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))).replace(/&amp;/g, '&');
  const value = (name: string): string => unescape(new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(html)?.[1] ?? '');
  return { action: unescape(/action="([^"]*)"/.exec(html)?.[1] ?? ''), SAMLResponse: value('SAMLResponse'), RelayState: value('RelayState') };
}
