// The command line of scripts/bench-scim.
import { parseArgs } from 'node:util';
import type { Effort } from './measure.ts';

export type Options = Effort & { rounds: number; sizes: number[] };

const USAGE = 'usage: scripts/bench-scim [--quick] [--rounds 5]';

function stop(reason: string): never {
  console.error(`error: ${reason}\n${USAGE}`);
  process.exit(2);
}

export function options(args: string[]): Options {
  try {
    const { values } = parseArgs({ args, options: { quick: { type: 'boolean' }, rounds: { type: 'string' } } });
    const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
    if (!Number.isInteger(rounds) || rounds < 1) stop(`not a count: ${values.rounds}`);
    const effort = values.quick ? { leastMs: 500, least: 1 } : { leastMs: 1_500, least: 3 };
    return { ...effort, rounds, sizes: [1_000, 10_000] };
  } catch (error) {
    return stop((error as Error).message);
  }
}
