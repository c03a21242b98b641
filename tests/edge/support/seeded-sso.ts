// What there is of single sign-on, domains and provisioning to ask for, to change and to throw away.
import type { Json, Tenant } from './worker.ts';

const SPARE = 12;

async function made(acme: Tenant, path: string, body: Json): Promise<string> {
  const answer = await acme.call('POST', path, body);
  if (answer.status !== 201) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

/** Logins end in a browser, domains at a name server, and people join by sessions: `sso`, `saml` and `domain.test.ts` do that. */
export const ELSEWHERE = [
  'beginLogin', 'oidcCallback', 'samlConsume', 'samlMetadata', 'verifyDomain', 'join', 'approveJoin', 'denyJoin',
];

/** Parameters of the operations on them. */
export async function sso(acme: Tenant): Promise<{ everywhere: Record<string, string>; own: Record<string, Record<string, string | string[]>> }> {
  const names = Array.from({ length: SPARE }, (_, index) => `spare${index}`);
  const connection = (name: string) => made(acme, '/sso/connections', { protocol: 'oidc', name, issuer: 'https://idp.example', client_id: name });
  const domain = (name: string) => made(acme, '/domains', { domain: `${name}.example` });
  const [idp, ...idps] = await Promise.all(names.map(connection));
  const [dom, ...doms] = await Promise.all(names.map(domain));
  const [sct, ...scts] = await Promise.all(names.map((name) => made(acme, '/scim/tokens', { name })));
  const tst = await made(acme, `/sso/connections/${idp}/tests`, {});
  return {
    everywhere: { idp: idp!, dom: dom!, tst, sct: sct! },
    own: {
      createConnection: { 'body.issuer': 'https://idp.example', 'body.role_mappings[*].grants[*]': ['source_admin'] },
      updateConnection: { 'body.issuer': 'https://idp.example', 'body.role_mappings[*].grants[*]': ['source_admin'] },
      deleteConnection: { idp: idps },
      createTrial: { 'body.return_to': ['/', '/acme/members'] },
      addDomain: { 'body.domain': names.map((name) => `${name}.test.example`), 'body.grants[*]': ['workspace_member'] },
      updateDomain: { 'body.grants[*]': ['workspace_member', 'source_read_only'] },
      deleteDomain: { dom: doms },
      rotateScimToken: { sct: scts.slice(0, 5) },
      deleteScimToken: { sct: scts.slice(5) },
    },
  };
}
