// A snapshot made flat, for engines that know neither labels nor parents nor dormant grants: what is asleep is left out,
// and a scope becomes the list of the resources that it reaches. It costs nothing when they are asked: that favours them.
import type { Given, Input, RoleRow } from './engine.ts';

/** A role on one resource, `source/abc`, or on the workspace: `*`. */
export type Flat = { role: string; on: string };

export type FlatSnapshot = {
  /** What each group gives, by its id. */
  groups: Map<string, Flat[]>;
  members: { id: string; own: Flat[]; groups: string[] }[];
  /** All that may be named in a question, with its kind: each resource, and `source/*`. */
  known: Map<string, string>;
};

const KINDS = ['source', 'destination', 'tracking_plan', 'space', 'warehouse', 'function'];

export const kindOf = (resource: string): string => resource.slice(0, resource.indexOf('/'));
export const nounOf = (action: string): string => action.slice(0, action.indexOf(':'));

/** The kind of resource that an action is asked of, `workspace` for the others; `pii:view` is asked of each. */
export function askedOf(action: string): string {
  const noun = nounOf(action);
  if (['audience', 'computed_trait', 'journey'].includes(noun)) return 'space';
  return KINDS.includes(noun) ? noun : 'workspace';
}

/** True where only a grant on the workspace allows it: the creation of what stands at its top. */
export const isTopLevelCreate = (action: string): boolean => action.endsWith(':create') && KINDS.includes(nounOf(action));

/** The role and scope of an expression: no scope is the workspace. */
export function split(expression: string): { role: string; scope: string } {
  const at = expression.indexOf('@');
  return at < 0 ? { role: expression, scope: '*' } : { role: expression.slice(0, at), scope: expression.slice(at + 1) };
}

export const pairs = (scope: string): [string, string][] =>
  scope.slice(1, -1).split(',').map((pair) => pair.split(':') as [string, string]);

/** Says whether the workspace has what a grant needs. */
export function wakefulness({ snapshot, catalog }: Input): (expression: string) => boolean {
  const { plan, add_ons: addOns } = snapshot.workspace;
  const has = (need: string) => need === 'all' || (need === 'business' ? plan === 'business' : addOns.includes(need));
  const needs = new Map(catalog.map((row: RoleRow) => [row.role, row.plan]));
  return (expression) => {
    const { role, scope } = split(expression);
    return has(needs.get(role) ?? 'all') && (!scope.startsWith('{') || has('business'));
  };
}

/** Says which resources a scope reaches: itself or those with its labels, and the destinations of those. */
function reach({ snapshot }: Input): (scope: string) => string[] {
  const children = new Map<string, string[]>();
  for (const { resource, parent } of snapshot.resources) {
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), resource]);
  }
  const seen = new Map<string, string[]>();
  const first = (scope: string) => {
    if (!scope.startsWith('{')) return [scope];
    const wanted = pairs(scope);
    return snapshot.resources.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value)).map((one) => one.resource);
  };
  return (scope) => {
    const found = seen.get(scope) ?? first(scope).flatMap((one) => [one, ...(children.get(one) ?? [])]);
    seen.set(scope, found);
    return found;
  };
}

export function flatten(input: Input): FlatSnapshot {
  const [isAwake, reached] = [wakefulness(input), reach(input)];
  const flat = (grants: Given[]): Flat[] =>
    grants.filter(({ expression }) => isAwake(expression)).flatMap(({ expression }) => {
      const { role, scope } = split(expression);
      return scope === '*' ? [{ role, on: '*' }] : reached(scope).map((on) => ({ role, on }));
    });
  const { groups, members, resources } = input.snapshot;
  return {
    groups: new Map(groups.map(({ id, grants }) => [id, flat(grants)])),
    members: members.map(({ id, grants, groups: joined }) => ({ id, own: flat(grants), groups: joined })),
    known: new Map([
      ...KINDS.map((kind) => [`${kind}/*`, kind] as const),
      ...resources.map(({ resource }) => [resource, kindOf(resource)] as const),
    ]),
  };
}
