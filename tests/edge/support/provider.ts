// An identity provider: the certified `oidc-provider` on a port of its own, where people sign in without a page.
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Oidc from 'oidc-provider';

export type Claims = { sub: string; email?: string; email_verified?: boolean; name?: string; groups?: string[] };

const SCOPES = ['openid', 'email', 'profile', 'groups'];
const MAKE: Record<string, () => { privateKey: import('node:crypto').KeyObject }> = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};

export class IdentityProvider {
  issuer = '';
  /** Who signs in next; nobody means that they say no. Not for a provider with pages. */
  next: Claims | undefined;
  /** Whom a provider with pages knows, by what they type. */
  people = new Map<string, Claims>();
  #server: Server;
  #oidc: Oidc | undefined;
  #redirect: string;
  #hasPages: boolean;

  private constructor(redirect: string, hasPages: boolean) {
    this.#redirect = redirect;
    this.#hasPages = hasPages;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** Starts a provider that signs by this algorithm and sends people back to `redirect`; one with pages asks them first. */
  static async start(algorithm: string, redirect: string, { pages = false } = {}): Promise<IdentityProvider> {
    const provider = new IdentityProvider(redirect, pages);
    await new Promise<void>((done) => provider.#server.listen(0, '127.0.0.1', done));
    provider.issuer = `http://127.0.0.1:${(provider.#server.address() as AddressInfo).port}`;
    provider.rotate(algorithm, 'one');
    return provider;
  }

  /** Signs with a new key of this name from now on; the old one is gone. */
  rotate(algorithm: string, kid: string): void {
    const jwk = { ...MAKE[algorithm]().privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: algorithm };
    this.#oidc = new Oidc(this.issuer, {
      clients: [
        {
          client_id: 'rolecall',
          client_secret: 'hush',
          redirect_uris: [this.#redirect],
          id_token_signed_response_alg: algorithm,
        },
      ],
      jwks: { keys: [jwk] },
      enabledJWA: { idTokenSigningAlgValues: Object.keys(MAKE) },
      // Else the address and the groups are at `userinfo` alone.
      conformIdTokenClaims: false,
      scopes: SCOPES,
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
      features: { devInteractions: { enabled: this.#hasPages } },
      ...(this.#hasPages ? {} : { interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` } }),
      cookies: { keys: ['test'] },
      pkce: { required: () => true },
      findAccount: (_: unknown, id: string) => this.#account(id),
    });
  }

  /** Somebody as the provider knows them: the subject of their claims is what they type. */
  #account(id: string): object | undefined {
    const claims = this.#hasPages ? this.people.get(id) : this.next;
    return claims && { accountId: id, claims: () => claims };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const oidc = this.#oidc as Oidc;
    if (this.#hasPages || !request.url?.startsWith('/interaction/')) return oidc.callback()(request, response);
    const merge = { mergeWithLastSubmission: false };
    if (this.next === undefined) {
      return oidc.interactionFinished(request, response, { error: 'access_denied', error_description: 'no' }, merge);
    }
    const accountId = this.next.sub;
    const grant = new oidc.Grant({ accountId, clientId: 'rolecall' });
    grant.addOIDCScope(SCOPES.join(' '));
    const result = { login: { accountId }, consent: { grantId: await grant.save() } };
    return oidc.interactionFinished(request, response, result, merge);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** A browser, as far as a login takes one: it follows redirects and keeps cookies by host and port. */
export class Browser {
  #jar = new Map<string, Map<string, string>>();

  /** Opens an address; goes on while it is sent on, but for where `stop` says. */
  async open(url: string, headers: Record<string, string> = {}, stop = (_: URL): boolean => false): Promise<Response> {
    for (let place = new URL(url), hops = 0; ; hops += 1) {
      const cookies = this.#cookies(place.host);
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const sent = cookie === '' ? headers : { ...headers, cookie };
      const response = await fetch(place, { redirect: 'manual', headers: sent, signal: AbortSignal.timeout(30_000) });
      for (const line of response.headers.getSetCookie()) {
        const [name, ...value] = line.split(';')[0].split('=');
        cookies.set(name, value.join('='));
      }
      const next = response.headers.get('location');
      if (next === null || hops > 12) return response;
      place = new URL(next, place);
      if (stop(place)) return response;
    }
  }

  #cookies(host: string): Map<string, string> {
    const own = this.#jar.get(host) ?? new Map<string, string>();
    this.#jar.set(host, own);
    return own;
  }

  cookie(url: string, name: string): string | undefined {
    return this.#cookies(new URL(url).host).get(name);
  }
}
