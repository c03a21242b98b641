// CASL in another way: each resource is a subject type of its own, so that no condition has to be looked at. Labels and
// parents are expanded; a question is up to two: about the resource, then about its kind.
import { byTexts, type Engine } from '../engine.ts';
import { askedOf, flatten, isTopLevelCreate, type Flat } from '../flat.ts';

type Rule = { action: string | string[]; subject: string };
type Ability = { can(action: string, subject: string): boolean };

export const caslTypes: Engine = {
  most: 10_000,
  async start() {
    const { createMongoAbility } = await import('@casl/ability');
    return (input) => {
      const { members: people, groups, known } = flatten(input);
      const actions = new Map(input.catalog.map((row) => [row.role, row.actions]));
      const scoped = new Map(input.catalog.map((row) => [row.role, row.actions.filter((one) => !isTopLevelCreate(one))]));
      const rule = ({ role, on }: Flat): Rule[] => {
        if (role === 'workspace_owner') return [{ action: 'manage', subject: 'all' }];
        if (on !== '*') return [{ action: scoped.get(role)!, subject: on }];
        return [{ action: actions.get(role)!, subject: 'wide' }];
      };
      const make = (grants: Flat[]) => createMongoAbility(grants.flatMap(rule) as never) as unknown as Ability;
      const kept = new Map(people.map(({ id, own, groups: joined }) => [id, make([...own, ...joined.flatMap((one) => groups.get(one)!)])]));
      const on = (ability: Ability, action: string, resource: string | null) =>
        ability.can(action, 'wide') || (resource !== null && ability.can(action, resource));
      return (questions) => byTexts(questions, (member, action, resource) => {
        const ability = kept.get(member);
        const kind = resource === null ? askedOf(action) : known.get(resource);
        if (ability === undefined || kind === undefined) return false;
        return on(ability, action, resource) && (action !== 'pii:view' || on(ability, `${kind}:view`, resource));
      });
    };
  },
};
