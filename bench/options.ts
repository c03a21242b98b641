// The command line of scripts/bench.
import { parseArgs } from 'node:util';
import { ENGINES } from './engines/all.ts';

export type Options = { sizes: number[]; rounds: number; engines: string[]; places: string[] };

const USAGE = `usage: scripts/bench [--quick] [--sizes 100,10000,100000] [--rounds 5] [--engines texts,map] [--in node,chromium]
engines: ${Object.keys(ENGINES).join(' ')}`;

function stop(reason: string): never {
  console.error(`error: ${reason}\n${USAGE}`);
  process.exit(2);
}

/** A list of the command line, of which each part has to be known. */
function list(text: string, known: string[], what: string): string[] {
  const parts = text.split(',');
  const odd = parts.find((part) => !known.includes(part));
  return odd === undefined ? parts : stop(`unknown ${what}: ${odd}`);
}

function whole(text: string): number {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : stop(`not a count: ${text}`);
}

export function options(args: string[]): Options {
  const one = { type: 'string' } as const;
  try {
    const { values } = parseArgs({ args, options: { quick: { type: 'boolean' }, sizes: one, rounds: one, engines: one, in: one } });
    return {
      sizes: (values.sizes ?? (values.quick ? '100,10000' : '100,10000,100000')).split(',').map(whole),
      rounds: whole(values.rounds ?? (values.quick ? '1' : '5')),
      engines: values.engines === undefined ? Object.keys(ENGINES) : list(values.engines, Object.keys(ENGINES), 'engine'),
      places: list(values.in ?? 'node,chromium', ['node', 'chromium'], 'place'),
    };
  } catch (error) {
    return stop((error as Error).message);
  }
}
