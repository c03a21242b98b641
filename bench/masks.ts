// Actions as bits: for the two engines written by hand. Bits of one family stand in one number, since 56 actions don't fit
// into the 32 bits that JavaScript computes with.
import type { Input } from './engine.ts';
import { askedOf, isTopLevelCreate } from './flat.ts';

/** Sources and destinations share a family: a grant on a source reaches both. */
const FAMILIES = ['workspace', 'source', 'tracking_plan', 'space', 'warehouse', 'function'];
const familyOf = (kind: string): number => FAMILIES.indexOf(kind === 'destination' ? 'source' : kind);

export const FAMILY_COUNT = FAMILIES.length;

export type Bits = {
  family: number;
  bit: number;
};

export type Masks = {
  actions: Map<string, Bits>;
  /** The bit of `pii:view`, in each family. */
  pii: number;
  /** The bit of `view` by the kind of a resource: what `pii:view` takes besides. */
  view(kind: string): number;
  /** The bits that a role allows on a resource of this kind. */
  scoped(role: string, kind: string): number;
  /** The bits that a role on the workspace allows, by family. */
  wide(role: string): number[];
  familyOf(kind: string): number;
};

/** What was worked out once for each pair of texts. */
function once(make: (role: string, kind: string) => number): (role: string, kind: string) => number {
  const seen = new Map<string, number>();
  return (role, kind) => {
    const key = `${role} ${kind}`;
    const found = seen.get(key) ?? make(role, kind);
    seen.set(key, found);
    return found;
  };
}

export function masks({ catalog }: Input): Masks {
  const all = catalog.find((row) => row.role === 'workspace_owner')!.actions;
  const [used, actions, pii] = [FAMILIES.map(() => 0), new Map<string, Bits>(), 1 << 30];
  for (const action of all) {
    const family = familyOf(askedOf(action));
    actions.set(action, action === 'pii:view' ? { family: -1, bit: pii } : { family, bit: 1 << used[family]! });
    if (action !== 'pii:view') used[family]! += 1;
  }
  const roles = new Map(catalog.map((row) => [row.role, row.actions]));
  const bits = (role: string, family: number, skip: (action: string) => boolean) =>
    (roles.get(role) ?? []).filter((one) => !skip(one)).reduce((mask, one) => {
      const { family: its, bit } = actions.get(one)!;
      return its === family || its < 0 ? mask | bit : mask;
    }, 0);
  return {
    actions,
    pii,
    familyOf,
    view: (kind) => actions.get(`${kind}:view`)!.bit,
    scoped: once((role, kind) => bits(role, familyOf(kind), isTopLevelCreate)),
    wide: (role) => FAMILIES.map((_, family) => bits(role, family, () => false)),
  };
}
