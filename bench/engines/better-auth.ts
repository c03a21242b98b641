// The access control of better-auth. Its roles know actions of kinds and no single resource, so a Map says which roles a
// member has on each resource.
import { byTexts, type Engine, type Input } from '../engine.ts';
import { flatten, isTopLevelCreate, nounOf, type Flat } from '../flat.ts';

type Role = { authorize(request: Record<string, string[]>): { success: boolean } };
type Roles = Map<string, Role[]>;

const statements = (actions: string[]): Record<string, string[]> =>
  Object.fromEntries([...new Set(actions.map(nounOf))].map((noun) => [noun, actions.filter((one) => nounOf(one) === noun).map((one) => one.slice(noun.length + 1))]));

function byResource(grants: Flat[], roleOf: (role: string, isWide: boolean) => Role): Roles {
  const made: Roles = new Map();
  for (const { role, on } of grants) {
    const [rows, one] = [made.get(on) ?? [], roleOf(role, on === '*')];
    if (!rows.includes(one)) made.set(on, [...rows, one]);
  }
  return made;
}

function build(input: Input, newRole: (statements: Record<string, string[]>) => Role) {
  const flat = flatten(input);
  const [wide, scoped] = [(_: string) => true, (action: string) => !isTopLevelCreate(action)].map((keep) =>
    new Map(input.catalog.map(({ role, actions }) => [role, newRole(statements(actions.filter(keep)))])));
  const roleOf = (role: string, isWide: boolean) => (isWide ? wide! : scoped!).get(role)!;
  const groups = new Map([...flat.groups].map(([id, grants]) => [id, byResource(grants, roleOf)]));
  const members = new Map(flat.members.map(({ id, own, groups: joined }) => [id, [byResource(own, roleOf), ...joined.map((one) => groups.get(one)!)]]));
  return { members, known: flat.known };
}

const authorized = (roles: Role[] | undefined, request: Record<string, string[]>) =>
  roles !== undefined && roles.some((role) => role.authorize(request).success);

const may = (holders: Roles[], request: Record<string, string[]>, resource: string | null) =>
  holders.some((on) => authorized(on.get('*'), request) || (resource !== null && authorized(on.get(resource), request)));

export const betterAuth: Engine = {
  async start() {
    const { createAccessControl } = await import('better-auth/plugins/access');
    return (input) => {
      const all = statements(input.catalog.find((row) => row.role === 'workspace_owner')!.actions);
      const { members, known } = build(input, (of) => createAccessControl(all).newRole(of) as Role);
      return (questions) => byTexts(questions, (member, action, resource) => {
        const holders = members.get(member);
        const kind = resource === null ? 'workspace' : known.get(resource);
        if (holders === undefined || kind === undefined) return false;
        const colon = action.indexOf(':');
        if (!may(holders, { [action.slice(0, colon)]: [action.slice(colon + 1)] }, resource)) return false;
        return action !== 'pii:view' || may(holders, { [kind]: ['view'] }, resource);
      });
    };
  },
};
