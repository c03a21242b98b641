// The project's own package, loaded when the first view asks for a permission: what a page shows of access it decides.
import { useQuery } from '@tanstack/react-query';
import type { Workspace } from 'rolecall';

import { call } from './api/http';
import { at } from './api/queries';

export type Engine = typeof import('rolecall');

let started: Promise<Engine> | undefined;

/** The package, ready to be asked. */
export function startEngine(): Promise<Engine> {
  started ??= import('rolecall').then(async (engine) => {
    await engine.init();
    return engine;
  });
  // What failed for a moment is tried anew the next time.
  started.catch(() => (started = undefined));
  return started;
}

export const useEngine = () => useQuery({ queryKey: ['engine'], queryFn: startEngine, staleTime: Infinity });

/** A workspace that answers questions, with the snapshot that it was loaded from. */
export interface Loaded {
  workspace: Workspace;
  snapshot: object;
  engine: Engine;
}

/** Asks about one member (`me`, an id) or, without one, about everybody. */
export const useAccess = (ws: string, member?: string, enabled = true) =>
  useQuery({
    queryKey: [ws, 'snapshot', member ?? 'everybody'],
    queryFn: async (): Promise<Loaded> => {
      const [engine, snapshot] = await Promise.all([startEngine(), call<object>('GET', at(ws, '/snapshot'), { query: { member } })]);
      return { workspace: engine.Workspace.load(snapshot), snapshot, engine };
    },
    enabled,
    // It lives outside of JavaScript's memory and isn't comparable.
    structuralSharing: false,
    gcTime: 60_000,
  });
