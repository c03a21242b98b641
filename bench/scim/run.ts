// The bench of SCIM: starts the engines, has them agree on every answer, measures them round by round and prints the tables.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rows, type Row } from './asked.ts';
import { start, type Engine, type Started } from './engines.ts';
import { compare, measure, type Effort, type Sample } from './measure.ts';
import { options, type Options } from './options.ts';
import { users } from './people.ts';
import { report } from './report.ts';

const say = (text: string) => process.stderr.write(`${text}\n`);

const MOST_MS = 3_600_000;
/** What is thrown away: code and caches are warm after it. */
const WARM_UP: Effort = { leastMs: 500, least: 1 };

/** Each row of a size beside the engines that hold it. */
function tasks({ engines, groups }: Started, sizes: number[]): [Row, Engine[]][] {
  return sizes.flatMap((size) => {
    const own = engines.filter((engine) => engine.size === size);
    return rows(users(size), groups.get(size) ?? []).map((row): [Row, Engine[]] => [row, own]);
  });
}

async function run(started: Started, { rounds, sizes, ...effort }: Options): Promise<Sample[]> {
  const all = tasks(started, sizes);
  for (const [row, engines] of all) for (const engine of engines) await compare(engine, row);
  say('all engines give the same answers');
  for (const [row, engines] of all) for (const engine of engines) await measure(engine, row, WARM_UP);
  const samples: Sample[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const [row, engines] of all) {
      say(`round ${round}: ${row.name}, ${engines[0]?.size} users`);
      for (const engine of engines) samples.push(await measure(engine, row, effort));
    }
  }
  return samples;
}

/** Ends what was started when the bench is interrupted, or takes longer than it ever should. */
function guard(end: () => Promise<void>): void {
  const stop = () => void end().finally(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  setTimeout(stop, MOST_MS).unref();
}

async function main(): Promise<void> {
  const chosen = options(process.argv.slice(2));
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-bench-scim-'));
  const starting = start(folder, chosen.sizes);
  const end = async () => {
    (await starting.catch(() => undefined))?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  guard(end);
  try {
    console.log(report(await run(await starting, chosen), chosen.rounds));
  } catch (error) {
    say(`\nerror: ${(error as Error).message}\nThe bench stops: nothing is told of engines that don't agree.`);
    process.exitCode = 1;
  } finally {
    await end();
  }
}

await main();
