// What a careful developer writes by hand: a Map of members, each with a Map of resources to the bits of actions.
import { byTexts, type Engine } from '../engine.ts';
import { flatten, kindOf, type Flat } from '../flat.ts';
import { FAMILY_COUNT, masks, type Masks } from '../masks.ts';

type Holder = { wide: number[]; on: Map<string, number> };
type Member = Holder & { groups: Holder[] };

function holder(grants: Flat[], { scoped, wide }: Masks): Holder {
  const made: Holder = { wide: new Array<number>(FAMILY_COUNT).fill(0), on: new Map() };
  for (const { role, on } of grants) {
    if (on === '*') wide(role).forEach((bits, family) => (made.wide[family]! |= bits));
    else made.on.set(on, (made.on.get(on) ?? 0) | scoped(role, kindOf(on)));
  }
  return made;
}

export const map: Engine = {
  async start() {
    return (input) => {
      const [flat, table] = [flatten(input), masks(input)];
      const groups = new Map([...flat.groups].map(([id, grants]) => [id, holder(grants, table)]));
      const members = new Map<string, Member>();
      for (const { id, own, groups: joined } of flat.members) {
        members.set(id, { ...holder(own, table), groups: joined.map((one) => groups.get(one)!) });
      }
      const known = new Map([...flat.known].map(([name, kind]) => [name, { family: table.familyOf(kind), view: table.view(kind) }]));
      const can = (who: string, action: string, resource: string | null): boolean => {
        const member = members.get(who);
        const asked = table.actions.get(action);
        if (member === undefined || asked === undefined) return false;
        let { family, bit } = asked;
        if (resource !== null) {
          const target = known.get(resource);
          if (target === undefined) return false;
          if (family < 0) (family = target.family), (bit |= target.view);
        }
        let held = member.wide[family]!;
        if (resource !== null) held |= member.on.get(resource) ?? 0;
        for (const group of member.groups) {
          held |= group.wide[family]!;
          if (resource !== null) held |= group.on.get(resource) ?? 0;
        }
        return (held & bit) === bit;
      };
      return (questions) => byTexts(questions, can);
    };
  },
};
