// A workspace full of things to ask for, to change and to throw away, as values for the parameters of openapi.json.
import { sso } from './seeded-sso.ts';
import type { Json, Tenant, Worker } from './worker.ts';

/** How many there are of each thing that a request may use up. */
const SPARE = 12;

/** Values of parameters by place and name (`acc`, `body.grants[*]`): one for every request, or several to draw from. */
export type Parameters = Record<string, string | string[]>;

export type Seeded = {
  acme: Tenant;
  /** Parameters of paths, for each operation. */
  everywhere: Record<string, string>;
  /** For single operations by their ids, before those: what they use up is nobody else's. */
  own: Record<string, Parameters>;
  /** Cookies of people whose session may end. */
  cookies: string[];
};

const spares = <T>(make: (index: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: SPARE }, (_, index) => make(index)));

/** The body of an answer to a request that has to succeed. */
async function ask(acme: Tenant, method: string, path: string, body?: Json): Promise<Json> {
  const answer = await acme.call(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function resources(acme: Tenant): Promise<void> {
  for (const name of ['source/abc', 'space/abc', 'tracking_plan/abc', 'warehouse/abc', 'function/abc']) {
    await ask(acme, 'PUT', `/resources/${name}`, { name });
  }
  await ask(acme, 'PUT', '/resources/destination/abc', { name: 'D', parent: 'source/abc' });
  await spares((index) => ask(acme, 'PUT', `/resources/function/spare${index}`, { name: 'F' }));
  await spares((index) => ask(acme, 'POST', '/labels', { key: 'spare', value: `v${index}` }));
}

const grantOf = async (acme: Tenant, path: string, role: string): Promise<string> =>
  (await ask(acme, 'GET', path)).grants.find((grant: Json) => grant.role === role).id;

async function groups(acme: Tenant, leavers: string[]): Promise<[string, Seeded['own']]> {
  const grants = ['source_admin@source/abc'];
  const ids = await spares(async (index) => (await ask(acme, 'POST', '/groups', { name: `Group ${index}`, grants })).id);
  const [stays, left, loses, ...gone] = ids;
  await ask(acme, 'POST', `/groups/${left}/members`, { members: leavers });
  return [stays, {
    deleteGroup: { grp: gone },
    deleteGroupGrant: { grp: loses, gnt: await grantOf(acme, `/groups/${loses}`, 'source_admin') },
    leaveGroup: { grp: left, acc: leavers },
  }];
}

async function invites(acme: Tenant): Promise<[string, Seeded['own']]> {
  const [stays, ...gone] = await spares(async (index) => {
    const invite = { email: `i${index}@example.com`, grants: ['workspace_member'] };
    return (await ask(acme, 'POST', '/invites', { invites: [invite], deliver: 'link' })).data[0].id;
  });
  const secrets = await spares((index) => acme.invite(`o${index}@example.com`, ['workspace_member']));
  return [stays, {
    cancelInvite: { inv: gone },
    showOffer: { secret: secrets },
    acceptOffer: { secret: secrets },
  }];
}

/** Links that sign somebody in, from the mails that carry them. */
async function links(worker: Worker, email: string): Promise<string[]> {
  await spares(() => worker.call('POST', '/v1/sessions/email', null, { email }));
  return worker.mails(email).map(({ text }) => /rcl_lnk_[a-z2-7]+/.exec(text)?.[0] ?? '');
}

export async function seed(worker: Worker): Promise<Seeded> {
  const acme = await worker.tenant('acme');
  await resources(acme);
  const people = await spares((index) => acme.member(`p${index}@example.com`, ['workspace_member', 'source_read_only@source/abc']));
  const [stays, loses, ...others] = people.map((person) => person.id);
  const [group, ofGroups] = await groups(acme, others.slice(0, 5));
  const [invite, ofInvites] = await invites(acme);
  const [token, ...tokens] = await spares(async (index) => (await ask(acme, 'POST', '/tokens', { name: `T${index}`, actions: ['member:view'] })).id);
  const closed = await spares(async (index) => (await worker.tenant(`closed-${index}`)).id);
  const ofSso = await sso(acme);
  const all = (prefix: string): string[] => Array.from({ length: SPARE }, (_, index) => `${prefix}${index}`);
  return {
    acme,
    cookies: people.slice(0, 2).map((person) => person.cookie),
    everywhere: { ws: 'acme', acc: stays, type: 'source', id: 'abc', tok: token, grp: group, inv: invite, ...ofSso.everywhere },
    own: {
      ...ofGroups,
      ...ofInvites,
      ...ofSso.own,
      createWorkspace: { 'body.slug': all('made-'), 'body.name': 'Made', 'body.owner.email': 'olga@example.com', 'body.owner.name': 'Olga' },
      createInvites: { 'body.invites[*].grants[*]': ['workspace_member'], 'body.invites[*].groups[*]': [group] },
      createToken: { 'body.grants[*]': ['source_admin'], 'body.expires_at': ['2099-01-01T00:00:00Z'] },
      deleteWorkspace: { ws: closed },
      replaceMemberGrants: { 'body.grants[*]': ['workspace_member', 'source_admin@source/abc'] },
      deleteMember: { acc: others.slice(5) },
      deleteMemberGrant: { acc: loses, gnt: await grantOf(acme, `/members/${loses}`, 'source_read_only') },
      deleteLabel: { key: 'spare', value: all('v') },
      deleteResource: { type: 'function', id: all('spare') },
      deleteToken: { tok: tokens },
      openLink: { secret: await links(worker, 'p0@example.com') },
    },
  };
}
