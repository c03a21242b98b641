// What a careful developer writes by hand: a Map of members, each with a Map of resources to the bits of actions.
import { byTexts, type Engine } from '../engine.ts';
import { flatten, kindOf, type Flat } from '../flat.ts';
import { FAMILY_COUNT, masks, type Masks } from '../masks.ts';

type Member = { wide: number[]; on: Map<string, number> };

/** Own grants and those of groups in one Map: more to keep, one look to decide. */
function member(grants: Flat[], { scoped, wide }: Masks): Member {
  const made: Member = { wide: new Array<number>(FAMILY_COUNT).fill(0), on: new Map() };
  for (const { role, on } of grants) {
    if (on === '*') wide(role).forEach((bits, family) => (made.wide[family]! |= bits));
    else made.on.set(on, (made.on.get(on) ?? 0) | scoped(role, kindOf(on)));
  }
  return made;
}

export const map: Engine = {
  async start() {
    return (input) => {
      const [{ groups, members: people, known }, table] = [flatten(input), masks(input)];
      const members = new Map(people.map(({ id, own, groups: joined }) => [id, member([...own, ...joined.flatMap((one) => groups.get(one)!)], table)]));
      /** `pii:view` takes two things together, and is asked of each kind. */
      const seesPii = ({ wide, on }: Member, resource: string): boolean => {
        const kind = known.get(resource);
        if (kind === undefined) return false;
        const bits = table.pii | table.view(kind);
        return ((wide[table.familyOf(kind)]! | (on.get(resource) ?? 0)) & bits) === bits;
      };
      const can = (who: string, action: string, resource: string | null): boolean => {
        const found = members.get(who);
        const asked = table.actions.get(action);
        if (found === undefined || asked === undefined) return false;
        if (resource === null) return (found.wide[asked.family]! & asked.bit) !== 0;
        if (asked.family < 0) return seesPii(found, resource);
        if (((found.on.get(resource) ?? 0) & asked.bit) !== 0) return true;
        return (found.wide[asked.family]! & asked.bit) !== 0 && known.has(resource);
      };
      return (questions) => byTexts(questions, can);
    };
  },
};
