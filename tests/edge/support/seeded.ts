// A workspace full of things to ask for, to change and to throw away, and where each stands in the paths of openapi.json.
import { BOOTSTRAP, type Json, type Tenant, type Worker } from './worker.ts';

/** How many of each thing there are that requests may delete or use up. */
const SPARE = 12;

const spares = <T>(make: (index: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: SPARE }, (_, index) => make(index)));

export type Seeded = {
  acme: Tenant;
  /** Session cookies, without their name. */
  sessions: string[];
  /** Values of parameters by place and name, for every operation and for single ones. */
  parameters: Record<string, string[]>;
  own: Record<string, Record<string, string[]>>;
};

/** Answers the body of a request that has to succeed. */
async function made(acme: Tenant, method: string, path: string, body: Json): Promise<Json> {
  const answer = await acme.call(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function resources(acme: Tenant): Promise<void> {
  for (const name of ['source/abc', 'space/abc', 'tracking_plan/abc', 'warehouse/abc', 'function/abc']) {
    await made(acme, 'PUT', `/resources/${name}`, { name });
  }
  await made(acme, 'PUT', '/resources/destination/abc', { name: 'D', parent: 'source/abc' });
  await spares((index) => made(acme, 'PUT', `/resources/function/spare${index}`, { name: 'F' }));
}

async function groups(acme: Tenant): Promise<string[]> {
  const grants = ['source_admin@source/abc'];
  return spares(async (index) => (await made(acme, 'POST', '/groups', { name: `Group ${index}`, grants })).id);
}

/** Links that sign in, from the mails that carry them. */
async function links(worker: Worker, email: string): Promise<string[]> {
  await spares(() => worker.call('POST', '/v1/sessions/email', null, { email }));
  return worker.mails(email).map(({ text }) => /rcl_lnk_[a-z2-7]+/.exec(text)?.[0] ?? '');
}

/** Workspaces that may be closed. */
async function closable(worker: Worker): Promise<string[]> {
  return spares(async (index) => (await worker.tenant(`closable-${index}`)).id);
}

export async function seed(worker: Worker): Promise<Seeded> {
  const acme = await worker.tenant('acme');
  await resources(acme);
  await spares((index) => made(acme, 'POST', '/labels', { key: 'spare', value: `v${index}` }));
  const people = await spares((index) => acme.member(`p${index}@example.com`, ['workspace_member', 'source_read_only@source/abc']));
  const invites = await spares(async (index) => {
    const invite = { email: `i${index}@example.com`, grants: ['workspace_member'] };
    return (await made(acme, 'POST', '/invites', { invites: [invite], deliver: 'link' })).data[0].id;
  });
  const secrets = await spares((index) => acme.invite(`o${index}@example.com`, ['workspace_member']));
  const tokens = await spares(async (index) => (await made(acme, 'POST', '/tokens', { name: `T${index}`, actions: ['member:view'] })).id);
  const groupIds = await groups(acme);
  const leavers = people.slice(0, 6).map((person) => person.id);
  await made(acme, 'POST', `/groups/${groupIds[0]}/members`, { members: leavers });
  const [stays, ...leave] = people.map((person) => person.id);
  const grants = async (path: string): Promise<string[]> =>
    (await acme.call('GET', path)).body.grants.map((grant: Json) => grant.id);
  const memberGrants = (await Promise.all([stays].map((id) => grants(`/members/${id}`)))).flat();
  return {
    acme,
    sessions: people.map(({ cookie }) => cookie.split('=')[1]),
    parameters: {
      'path.ws': [acme.id, 'acme'],
      'path.acc': [stays, acme.owner, 'me'],
      'path.grp': groupIds.slice(0, 6),
      'path.inv': invites.slice(0, 6),
      'path.tok': tokens,
      'path.id': ['abc'],
      'query.member': [stays, 'me', 'p1@example.com'],
    },
    own: {
      deleteWorkspace: { 'path.ws': await closable(worker) },
      deleteMember: { 'path.acc': leave.slice(5) },
      deleteMemberGrant: { 'path.acc': [stays], 'path.gnt': memberGrants },
      deleteGroup: { 'path.grp': groupIds.slice(6) },
      deleteGroupGrant: { 'path.grp': [groupIds[0]], 'path.gnt': await grants(`/groups/${groupIds[0]}`) },
      leaveGroup: { 'path.grp': [groupIds[0]], 'path.acc': leavers },
      deleteLabel: { 'path.key': ['spare'], 'path.value': Array.from({ length: SPARE }, (_, index) => `v${index}`) },
      deleteResource: { 'path.type': ['function'], 'path.id': Array.from({ length: SPARE }, (_, index) => `spare${index}`) },
      cancelInvite: { 'path.inv': invites.slice(6) },
      showOffer: { 'path.secret': secrets },
      acceptOffer: { 'path.secret': secrets },
      openLink: { 'path.secret': await links(worker, 'p0@example.com') },
    },
  };
}

export { BOOTSTRAP };
