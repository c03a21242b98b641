// The same by hand without texts: members, actions and resources are numbers, and all that bears on a member lies side by
// side in one typed array. What is left when everything but the layout is taken away.
import type { Engine, Input, Questions } from '../engine.ts';
import { flatten, kindOf, type Flat } from '../flat.ts';
import { FAMILY_COUNT, masks, type Masks } from '../masks.ts';

/** Of a member: bits on the workspace by family, how many resources there are, then pairs of a resource and its bits. */
const HEAD = FAMILY_COUNT + 1;

type Table = {
  records: Int32Array;
  /** Where the record of each member begins. */
  from: Int32Array;
  /** The numbers of members, of resources and of kinds, by their texts. */
  members: Map<string, number>;
  resources: Map<string, number>;
  kinds: Map<string, string>;
};

function record(grants: Flat[], resources: Map<string, number>, { scoped, wide }: Masks): number[] {
  const [head, rows] = [new Array<number>(HEAD).fill(0), new Map<number, number>()];
  for (const { role, on } of grants) {
    if (on === '*') wide(role).forEach((bits, family) => (head[family]! |= bits));
    else rows.set(resources.get(on)!, (rows.get(resources.get(on)!) ?? 0) | scoped(role, kindOf(on)));
  }
  head[FAMILY_COUNT] = rows.size;
  return [...head, ...[...rows].sort(([a], [b]) => a - b).flat()];
}

function table(input: Input, bits: Masks): Table {
  const { members: people, groups, known } = flatten(input);
  const resources = new Map(input.snapshot.resources.map(({ resource }, index) => [resource, index]));
  const all = people.map(({ own, groups: joined }) => record([...own, ...joined.flatMap((id) => groups.get(id)!)], resources, bits));
  const from = new Int32Array(all.length + 1);
  all.forEach((one, index) => (from[index + 1] = from[index]! + one.length));
  const records = new Int32Array(all.reduce((sum, one) => sum + one.length, 0));
  all.forEach((one, index) => records.set(one, from[index]!));
  return { records, from, members: new Map(people.map(({ id }, index) => [id, index])), resources, kinds: known };
}

/** The numbers of the questions: where the member's record is, family and bit of the action, resource; -1 for nobody and nothing. */
function numbers({ members, actions, resources }: Questions, { from, members: who, resources: at, kinds }: Table, bits: Masks) {
  const asked = actions.map((action, index) => {
    const { family, bit } = bits.actions.get(action)!;
    const kind = kinds.get(resources[index] ?? '') ?? 'source';
    return family < 0 ? { family: bits.familyOf(kind), bit: bit | bits.view(kind) } : { family, bit };
  });
  const isNothing = (resource: string | null) => resource !== null && !kinds.has(resource);
  return {
    // Of a resource that isn't there nobody may do anything: asking about nobody says so.
    members: Int32Array.from(members, (id, index) => (isNothing(resources[index]!) ? -1 : from[who.get(id) ?? -1] ?? -1)),
    families: Int32Array.from(asked, (one) => one.family),
    bits: Int32Array.from(asked, (one) => one.bit),
    resources: Int32Array.from(resources, (one) => at.get(one ?? '') ?? -1),
  };
}

/** The bits that a member holds: those on the workspace, and those on the resource, which stand in the order of their numbers. */
function held(records: Int32Array, from: number, family: number, resource: number): number {
  const mask = records[from + family]!;
  if (resource < 0) return mask;
  let low = 0;
  let high = records[from + FAMILY_COUNT]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = records[from + HEAD + 2 * middle]!;
    if (found === resource) return mask | records[from + HEAD + 2 * middle + 1]!;
    if (found < resource) low = middle + 1;
    else high = middle;
  }
  return mask;
}

export const arrays: Engine = {
  async start() {
    return (input) => {
      const bits = masks(input);
      const made = table(input, bits);
      return (questions) => {
        const asked = numbers(questions, made, bits);
        const { records } = made;
        return (end, out) => {
          for (let index = 0; index < end; index += 1) {
            const from = asked.members[index]!;
            const bit = asked.bits[index]!;
            out[index] = from >= 0 && (held(records, from, asked.families[index]!, asked.resources[index]!) & bit) === bit ? 1 : 0;
          }
        };
      };
    };
  },
};
