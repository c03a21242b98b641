// A naive model of who may do what, written from the table of roles in words: lists of strings, no cleverness. It shares
// nothing with the core, and is written for TypeScript alone.

export type Thing = { name: string; labels: Record<string, string>; parent?: string };
export type World = { plan: string; addOns: string[]; things: Thing[]; grants: Record<string, string[]> };

const OBJECTS = ['audience', 'computed_trait', 'journey'];
const all = (noun: string): string[] => ['view', 'create', 'edit', 'delete'].map((verb) => `${noun}:${verb}`);
const views = (...nouns: string[]): string[] => nouns.map((noun) => `${noun}:view`);

/** Role: what the workspace must have, and the actions that it allows within its scope. */
const ROLES: Record<string, [need: string, actions: string[]]> = {
  workspace_member: ['', ['workspace:view']],
  minimal_workspace_access: ['', ['workspace:view']],
  source_admin: ['', [...all('source'), ...all('destination')]],
  source_read_only: ['', views('source', 'destination')],
  tracking_plan_admin: ['protocols', all('tracking_plan')],
  tracking_plan_read_only: ['protocols', views('tracking_plan')],
  engage_admin: ['engage', [...all('space'), ...OBJECTS.flatMap(all)]],
  engage_read_only: ['engage', views('space', ...OBJECTS)],
  engage_user: ['engage', ['space:view', ...OBJECTS.flatMap(all)]],
  function_admin: ['', all('function')],
  function_read_only: ['', views('function')],
  warehouse_admin: ['business', all('warehouse')],
  warehouse_read_only: ['business', views('warehouse')],
  identity_admin: ['business', ['identity:view', 'identity:edit']],
  end_user_privacy_admin: ['business', ['privacy:manage']],
  entities_admin: ['business', ['entity:view', 'entity:edit']],
  entities_read_only: ['business', ['entity:view']],
  pii_access: ['business', ['pii:view']],
};

const TOP_LEVEL = ['source', 'destination', 'tracking_plan', 'space', 'function', 'warehouse'].map((noun) => `${noun}:create`);

function has(world: World, need: string): boolean {
  return need === '' || (need === 'business' ? world.plan === 'business' : world.addOns.includes(need));
}

/** Whether a scope, `''` for the workspace, takes a resource in: itself, or the source that it belongs to. */
function takesIn(world: World, scope: string, resource: string | undefined): boolean {
  if (scope === '') return true;
  const thing = world.things.find((one) => one.name === resource);
  if (thing === undefined) return false;
  const parent = world.things.find((one) => one.name === thing.parent);
  return [thing, parent].some((one) => {
    if (one === undefined) return false;
    if (!scope.startsWith('{')) return one.name === scope;
    const pairs = scope.slice(1, -1).split(',').map((pair) => pair.split(':'));
    return pairs.every(([key, value]) => one.labels[key] === value);
  });
}

/** May this member do this? Without a resource the workspace as a whole is asked about, with `source/*` every source. */
export function may(world: World, member: string, action: string, resource?: string): boolean {
  const held = world.grants[member] ?? [];
  const isOne = resource !== undefined && !resource.endsWith('/*');
  if (isOne && !world.things.some((thing) => thing.name === resource)) return false;
  if (held.includes('workspace_owner')) return true;
  if (action === 'pii:view') {
    if (resource === undefined) return false;
    return gives(world, held, action, resource) && may(world, member, `${resource.split('/')[0]}:view`, resource);
  }
  return gives(world, held, action, resource);
}

function gives(world: World, held: string[], action: string, resource: string | undefined): boolean {
  return held.some((grant) => {
    const [role, scope = ''] = grant.split('@');
    const [need, actions] = ROLES[role] ?? ['', []];
    if (!has(world, need) || (scope.startsWith('{') && !has(world, 'business'))) return false;
    if (!actions.includes(action)) return false;
    if (TOP_LEVEL.includes(action)) return scope === '';
    return takesIn(world, scope, resource);
  });
}

/** Choices that are the same in each run (mulberry32). */
export function dice(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}
