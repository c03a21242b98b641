// An identity provider as small as it can be: OpenID Connect, whoever comes is the person that it was told.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Claims {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  groups?: string[];
}

const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export class Provider {
  readonly url: string;
  /** Who signs in next. */
  person: Claims = { sub: 'nobody' };
  #server: Server;
  #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  /** Logins under way, by their code. */
  #logins = new Map<string, { client: string; nonce: string; person: Claims }>();

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<Provider> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const provider = new Provider(server);
    server.on('request', async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const url = new URL(request.url ?? '/', provider.url);
      const answer = provider.#answer(url, new URLSearchParams(body));
      if (typeof answer === 'string') return void response.writeHead(302, { location: answer }).end();
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    return provider;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer({ pathname, searchParams: asked }: URL, form: URLSearchParams): string | object {
    if (pathname === '/authorize') {
      const code = randomUUID();
      this.#logins.set(code, { client: asked.get('client_id') ?? '', nonce: asked.get('nonce') ?? '', person: this.person });
      return `${asked.get('redirect_uri')}?${new URLSearchParams({ code, state: asked.get('state') ?? '', iss: this.url })}`;
    }
    if (pathname === '/token') return { access_token: 'unused', token_type: 'Bearer', id_token: this.#token(form.get('code') ?? '') };
    if (pathname === '/keys') return { keys: [{ ...this.#keys.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }] };
    return {
      issuer: this.url, authorization_endpoint: `${this.url}/authorize`, token_endpoint: `${this.url}/token`, jwks_uri: `${this.url}/keys`,
      response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['ES256'],
      code_challenge_methods_supported: ['S256'], authorization_response_iss_parameter_supported: true, token_endpoint_auth_methods_supported: ['client_secret_basic', 'none'],
    };
  }

  #token(code: string): string {
    const login = this.#logins.get(code);
    if (login === undefined) return '';
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.url, aud: login.client, nonce: login.nonce, iat: now, exp: now + 300, ...login.person };
    const head = `${text({ alg: 'ES256', kid: 'one', typ: 'JWT' })}.${text(claims)}`;
    return `${head}.${sign('sha256', Buffer.from(head), { key: this.#keys.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }
}
