// The same deed for many, one by one or by the hundred: with progress, a way to stop, and what was refused.
import { useCallback, useEffect, useRef, useState } from 'react';

import { Problem, messageOf } from './http';

export interface Failure<T> {
  item: T;
  why: string;
}

export interface Deed<T> {
  one: (item: T) => Promise<unknown>;
  /** Where the API takes several at once. What it refuses for one it refuses for all, so that each is then tried alone. */
  together?: (items: T[]) => Promise<unknown>;
}

export interface Run<T> {
  total: number;
  done: number;
  failures: Failure<T>[];
  /** What wasn't tried: it was stopped, or nothing gets through any more. */
  left: T[];
  isRunning: boolean;
  /** Why it ended before its end, unless somebody stopped it. */
  broke: string | null;
}

/** So many requests are on their way at once. */
const AT_ONCE = 4;
const TOGETHER = 100;

/** Whether the others would fail for the same reason. */
const isGeneral = (error: unknown): boolean => error instanceof Problem && (error.status === 0 || error.status === 401 || error.status === 429);

function pieces<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** What failed on the server's side may work a moment later. */
async function insist(deed: () => Promise<unknown>, tries = 3): Promise<unknown> {
  for (let nth = 1; ; nth++) {
    try {
      return await deed();
    } catch (error) {
      if (nth === tries || !(error instanceof Problem) || error.status < 500) throw error;
      await pause(nth * 500);
    }
  }
}

/** Does it for a piece and answers whom it was refused for; throws what would befall the others as well. */
async function attempt<T>(piece: T[], deed: Deed<T>): Promise<Failure<T>[]> {
  try {
    await insist(() => (deed.together === undefined ? deed.one(piece[0]!) : deed.together(piece)));
    return [];
  } catch (error) {
    if (isGeneral(error)) throw error;
    if (piece.length === 1) return [{ item: piece[0]!, why: messageOf(error) }];
    const failures: Failure<T>[] = [];
    for (const item of piece) failures.push(...(await attempt([item], deed)));
    return failures;
  }
}

export async function runMany<T>(items: readonly T[], deed: Deed<T>, tell: (run: Run<T>) => void, signal: AbortSignal): Promise<Run<T>> {
  const waiting = pieces(items, deed.together === undefined ? 1 : TOGETHER);
  let run: Run<T> = { total: items.length, done: 0, failures: [], left: [], isRunning: true, broke: null };
  const work = async () => {
    for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) {
      if (signal.aborted || run.broke !== null) return void waiting.unshift(piece);
      try {
        const failures = await attempt(piece, deed);
        run = { ...run, done: run.done + piece.length - failures.length, failures: [...run.failures, ...failures] };
      } catch (error) {
        waiting.unshift(piece);
        run = { ...run, broke: messageOf(error) };
      }
      tell(run);
    }
  };
  tell(run);
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  run = { ...run, left: waiting.flat(), isRunning: false };
  tell(run);
  return run;
}

/** A run for a part of a page; leaving the page stops it. */
export function useMany<T>() {
  const [run, setRun] = useState<Run<T> | null>(null);
  const control = useRef<AbortController | null>(null);
  const stop = useCallback(() => control.current?.abort(), []);
  useEffect(() => stop, [stop]);
  const start = useCallback((items: readonly T[], deed: Deed<T>) => {
    control.current = new AbortController();
    return runMany(items, deed, setRun, control.current.signal);
  }, []);
  return { run, start, stop, forget: () => setRun(null) };
}
