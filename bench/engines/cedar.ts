// Cedar, compiled to wasm by its authors: a policy for each role, parsed once; each question sends the member and the
// resource. A member has a set of scopes for each role, a resource the scopes that reach it.
import { byTexts, type Engine, type Input } from '../engine.ts';
import { isTopLevelCreate, kindOf, pairs, split, wakefulness } from '../flat.ts';

const ID = 'rolecall';
const entity = (type: string, id: string) => ({ type, id });
const listed = (actions: string[]) => actions.map((one) => `Action::"${one}"`).join(', ');

/** The policies of a role: on the workspace, and on scopes, where nothing is created at the top. */
function policies({ catalog }: Input): string {
  const wide = catalog.filter(({ role }) => role !== 'pii_access').map(({ role, actions }) =>
    `permit (principal, action in [${listed(actions)}], resource) when { principal.wide.contains("${role}") };`);
  const scoped = catalog.filter(({ level, role }) => level === 'resource' && role !== 'pii_access').map(({ role, actions }) =>
    `permit (principal, action in [${listed(actions.filter((one) => !isTopLevelCreate(one)))}], resource)
       when { principal has ${role} && principal.${role}.containsAny(resource.scopes) };`);
  return [...wide, ...scoped,
    'permit (principal, action == Action::"pii:view", resource) when { principal.wide.contains("pii_access") };',
    'permit (principal, action == Action::"pii:view", resource) when { principal has pii_access && principal.pii_access.containsAny(resource.scopes) };',
  ].join('\n');
}

type Attributes = { wide: string[] } & Record<string, string[]>;

function attributes(grants: string[]): Attributes {
  const made: Attributes = { wide: [] };
  for (const { role, scope } of grants.map(split)) {
    if (scope === '*') made.wide.push(role);
    else (made[role] ??= []).push(scope);
  }
  return made;
}

/** The scopes that reach each resource: itself, its source, and of the scopes by labels those that fit it or its source. */
function scopes({ resources, members, groups }: Input['snapshot']): Map<string, string[]> {
  const all = [...members, ...groups].flatMap(({ grants }) => grants.map((grant) => split(grant.expression).scope));
  const byLabels = [...new Set(all.filter((scope) => scope.startsWith('{')))].map((scope) => [scope, pairs(scope)] as const);
  const labels = new Map(resources.map((one) => [one.resource, one.labels]));
  const direct = (name: string) => [name, ...byLabels.filter(([, wanted]) => wanted.every(([key, value]) => labels.get(name)![key] === value)).map(([scope]) => scope)];
  const kinds = [...new Set(resources.map(({ resource }) => kindOf(resource)))];
  return new Map<string, string[]>([
    ...resources.map(({ resource, parent }) => [resource, [...direct(resource), ...(parent === null ? [] : direct(parent))]] as [string, string[]]),
    ...kinds.map((kind) => [`${kind}/*`, []] as [string, string[]]),
  ]);
}

export const cedar: Engine = {
  timed: 1_000,
  async start(machine) {
    const { default: init, preparsePolicySet, statefulIsAuthorized } = await import('@cedar-policy/cedar-wasm/web');
    await init({ module_or_path: await machine.wasm('cedar') });
    return (input) => {
      const answer = preparsePolicySet(ID, { staticPolicies: policies(input) } as never);
      if (answer.type !== 'success') throw new Error(JSON.stringify(answer));
      const [isAwake, reached] = [wakefulness(input), scopes(input.snapshot)];
      const groups = new Map(input.snapshot.groups.map(({ id, grants }) => [id, grants]));
      const members = new Map(input.snapshot.members.map((member) => {
        const grants = [...member.grants, ...member.groups.flatMap((id) => groups.get(id)!)];
        return [member.id, attributes(grants.map((grant) => grant.expression).filter(isAwake))];
      }));
      const ask = (member: string, attrs: Attributes, action: string, resource: string | null, on: string[]): boolean => {
        const [principal, target] = [entity('Member', member), entity('Resource', resource ?? '')];
        const entities = [{ uid: principal, attrs, parents: [] }, { uid: target, attrs: { scopes: on }, parents: [] }];
        const said = statefulIsAuthorized({ principal, action: entity('Action', action), resource: target, context: {}, preparsedPolicySetId: ID, entities });
        if (said.type !== 'success') throw new Error(JSON.stringify(said));
        return said.response.decision === 'allow';
      };
      return (questions) => byTexts(questions, (member, action, resource) => {
        const attrs = members.get(member);
        const on = resource === null ? [] : reached.get(resource);
        if (attrs === undefined || on === undefined) return false;
        return ask(member, attrs, action, resource, on) && (action !== 'pii:view' || ask(member, attrs, `${kindOf(resource!)}:view`, resource, on));
      });
    };
  },
};
