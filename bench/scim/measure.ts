// One measurement: a row asked of an engine again and again; what a request takes by the clock and in CPU time.
import type { Row } from './asked.ts';
import type { Engine } from './engines.ts';

/** What a request took in a round, in milliseconds; of Rolecall also what D1 read and wrote for it. */
export type Sample = { title: string; size: number; row: string; clock: number; cpu: number; touched?: [number, number] };

/** How long a row is asked at least, and how often: one slow request isn't all. */
export type Effort = { leastMs: number; least: number };

export function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** D1's own count of rows read and written, where an answer tells it. */
function touched(headers: Record<string, unknown>): [number, number] | undefined {
  const found = /rows_read=(\d+) rows_written=(\d+)/.exec(String(headers['server-timing']));
  return found === null ? undefined : [Number(found[1]), Number(found[2])];
}

/** An engine that answers otherwise than it should: nothing is timed then. */
export class Mismatch extends Error {}

/** Asks a row once and checks the answer, and what it left behind. */
export async function compare(engine: Engine, row: Row): Promise<void> {
  try {
    await row.reset?.(engine.client);
    row.check(await engine.client.need(row.ask(0)), 0);
    await row.after?.(engine.client, 1);
  } catch (error) {
    throw new Mismatch(`${engine.title}, ${engine.size} users, ${row.name}: ${(error as Error).message}`);
  }
}

/** Asks until the time is over, or as often as the row allows; each answer is checked. */
export async function measure(engine: Engine, row: Row, { leastMs, least }: Effort): Promise<Sample> {
  const { title, size, client } = engine;
  await row.reset?.(client);
  const times: number[] = [];
  const before = engine.cpu();
  const until = performance.now() + leastMs;
  let first: Record<string, unknown> | undefined;
  const isDone = (turn: number) => turn === row.most || (turn >= least && performance.now() > until);
  for (let turn = 0; !isDone(turn); turn += 1) {
    const answer = await client.need(row.ask(turn));
    row.check(answer, turn);
    times.push(answer.ms);
    first ??= answer.headers;
  }
  const cpu = (engine.cpu() - before) / times.length;
  await row.after?.(client, times.length);
  return { title, size, row: row.name, clock: median(times), cpu, touched: touched(first ?? {}) };
}
