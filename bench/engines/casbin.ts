// casbin: a policy for each action of each role, and links from members to `role@resource`. A scope by labels or on a
// source is a link to each resource that it reaches, made once for all who hold it.
import { byTexts, type Engine, type Input } from '../engine.ts';
import { flatten, split, wakefulness, isTopLevelCreate } from '../flat.ts';

// The top of the workspace is `/`: only a grant on the workspace reaches it.
const MODEL = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.act == p.act && (g(r.sub, p.sub + '@*') || g(r.sub, p.sub + '@' + r.obj))
`;

/** Every link there is: from members to groups and grants, from groups to grants, from scopes to what they reach. */
function* links(input: Input): Generator<[string, string]> {
  const { members, groups } = input.snapshot;
  const isAwake = wakefulness(input);
  const scopes = new Set<string>();
  const held = (expression: string) => {
    const { role, scope } = split(expression);
    scopes.add(expression);
    return `${role}@${scope}`;
  };
  for (const { id, grants } of groups) {
    for (const { expression } of grants) if (isAwake(expression)) yield [id, held(expression)];
  }
  for (const { id, grants, groups: joined } of members) {
    for (const { expression } of grants) if (isAwake(expression)) yield [id, held(expression)];
    for (const group of joined) yield [id, group];
  }
  const all = flatten({ ...input, snapshot: { ...input.snapshot, members: [], groups: [...scopes].map((expression) => ({ id: expression, grants: [{ expression }] })) } });
  for (const [expression, reached] of all.groups) {
    for (const { role, on } of reached) if (on !== split(expression).scope) yield [expression, `${role}@${on}`];
  }
}

export const casbin: Engine = {
  timed: 4_000,
  async start() {
    const { newEnforcer, newModelFromString } = await import('casbin');
    return async (input) => {
      const model = newModelFromString(MODEL);
      for (const { role, actions } of input.catalog) for (const action of actions) model.addPolicy('p', 'p', [role, action]);
      const enforcer = await newEnforcer(model);
      // Ties the model's `g` to this manager; links that are added to it at once cost less than policies of the model.
      await enforcer.buildRoleLinks();
      const manager = enforcer.getRoleManager();
      for (const [from, to] of links(input)) await manager.addLink(from, to);
      const { known } = flatten({ ...input, snapshot: { ...input.snapshot, members: [], groups: [] } });
      const members = new Set(input.snapshot.members.map(({ id }) => id));
      return (questions) => byTexts(questions, (member, action, resource) => {
        const kind = resource === null ? 'workspace' : known.get(resource);
        if (kind === undefined || !members.has(member)) return false;
        const object = resource === null || isTopLevelCreate(action) ? '/' : resource;
        return enforcer.enforceSync(member, object, action) && (action !== 'pii:view' || enforcer.enforceSync(member, object, `${kind}:view`));
      });
    };
  },
};
