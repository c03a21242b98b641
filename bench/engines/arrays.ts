// The same by hand without texts: members, actions and resources are numbers, grants lie in typed arrays. What is left when
// everything but the layout is taken away.
import type { Engine, Questions } from '../engine.ts';
import { flatten, kindOf, type Flat, type FlatSnapshot } from '../flat.ts';
import { FAMILY_COUNT, masks, type Masks } from '../masks.ts';

type Table = {
  /** Members: bits on the workspace by family; where their rows begin; the groups that they are in. */
  wide: Int32Array;
  from: Int32Array;
  where: Int32Array;
  bits: Int32Array;
  groupsFrom: Int32Array;
  groups: Int32Array;
  /** The bits of each group on each resource. */
  grid: Int32Array;
  resources: number;
};

function merged(grants: Flat[], at: Map<string, number>, { scoped }: Masks): [number, number][] {
  const rows = new Map<number, number>();
  for (const { role, on } of grants) {
    if (on !== '*') rows.set(at.get(on)!, (rows.get(at.get(on)!) ?? 0) | scoped(role, kindOf(on)));
  }
  return [...rows].sort(([a], [b]) => a - b);
}

function table(flat: FlatSnapshot, at: Map<string, number>, bits: Masks): Table {
  const [ids, count] = [[...flat.groups.keys()], flat.members.length];
  const grid = new Int32Array(ids.length * at.size);
  ids.forEach((id, index) => merged(flat.groups.get(id)!, at, bits).forEach(([on, mask]) => (grid[index * at.size + on] = mask)));
  const wide = new Int32Array(count * FAMILY_COUNT);
  const [from, groupsFrom] = [new Int32Array(count + 1), new Int32Array(count + 1)];
  const rows: [number, number][] = [];
  const groups: number[] = [];
  flat.members.forEach(({ own, groups: joined }, member) => {
    for (const { role, on } of [...own, ...joined.flatMap((id) => flat.groups.get(id)!)]) {
      if (on === '*') bits.wide(role).forEach((mask, family) => (wide[member * FAMILY_COUNT + family]! |= mask));
    }
    for (const row of merged(own, at, bits)) rows.push(row);
    groups.push(...joined.map((id) => ids.indexOf(id)));
    from[member + 1] = rows.length;
    groupsFrom[member + 1] = groups.length;
  });
  const column = (place: 0 | 1) => Int32Array.from(rows, (row) => row[place]);
  return { wide, from, where: column(0), bits: column(1), groupsFrom, groups: Int32Array.from(groups), grid, resources: at.size };
}

/** The numbers of the questions: member, family and bit of the action, resource; -1 for nobody and nothing. */
function numbers({ members, actions, resources }: Questions, flat: FlatSnapshot, at: Map<string, number>, bits: Masks) {
  const who = new Map(flat.members.map(({ id }, index) => [id, index]));
  const asked = actions.map((action, index) => {
    const { family, bit } = bits.actions.get(action)!;
    const kind = flat.known.get(resources[index] ?? '');
    return family < 0 ? { family: bits.familyOf(kind ?? 'source'), bit: bit | bits.view(kind ?? 'source') } : { family, bit };
  });
  const isNothing = (resource: string | null) => resource !== null && !flat.known.has(resource);
  return {
    // Of a resource that isn't there nobody may do anything: asking about nobody says so.
    members: Int32Array.from(members, (id, index) => (isNothing(resources[index]!) ? -1 : who.get(id) ?? -1)),
    families: Int32Array.from(asked, (one) => one.family),
    bits: Int32Array.from(asked, (one) => one.bit),
    resources: Int32Array.from(resources, (one) => at.get(one ?? '') ?? -1),
  };
}

function held({ wide, from, where, bits, groupsFrom, groups, grid, resources }: Table, member: number, family: number, resource: number): number {
  let mask = wide[member * FAMILY_COUNT + family]!;
  if (resource < 0) return mask;
  for (let row = from[member]!; row < from[member + 1]!; row += 1) {
    if (where[row] === resource) mask |= bits[row]!;
  }
  for (let row = groupsFrom[member]!; row < groupsFrom[member + 1]!; row += 1) mask |= grid[groups[row]! * resources + resource]!;
  return mask;
}

export const arrays: Engine = {
  async start() {
    return (input) => {
      const [flat, bits] = [flatten(input), masks(input)];
      const at = new Map(input.snapshot.resources.map(({ resource }, index) => [resource, index]));
      const made = table(flat, at, bits);
      return (questions) => {
        const asked = numbers(questions, flat, at, bits);
        return (end, out) => {
          for (let index = 0; index < end; index += 1) {
            const member = asked.members[index]!;
            const bit = asked.bits[index]!;
            out[index] = member >= 0 && (held(made, member, asked.families[index]!, asked.resources[index]!) & bit) === bit ? 1 : 0;
          }
        };
      };
    };
  },
};
