// The project's own package, loaded when the first view asks for a permission: what a page shows of access it decides. A view
// that only checks gets the smaller entry, a fifth of the download; explanations, previews and files take the whole.
import { useQuery } from '@tanstack/react-query';
import type { Action, Resource, Workspace } from 'rolecall';

import { bytes, call } from './api/http';
import { at } from './api/queries';

export type Engine = typeof import('rolecall');

/** What checks take, whichever entry answers. */
export interface Checks {
  workspace: Pick<Workspace, 'can' | 'canMany'>;
  actions: () => Action[];
}

/** A workspace that answers questions, with the snapshot that it was loaded from. */
export interface Loaded extends Checks {
  workspace: Workspace;
  snapshot: object;
  engine: Engine;
}

/** Starts something once; what failed for a moment is tried anew the next time. */
function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => {
    started ??= start();
    started.catch(() => (started = undefined));
    return started;
  };
}

const startEngine = once(async (): Promise<Engine> => {
  const engine = await import('rolecall');
  await engine.init();
  return engine;
});

const startChecks = once(async () => {
  const engine = await import('rolecall/decide');
  await engine.init();
  return engine;
});

// What is loaded lives outside of JavaScript's memory and isn't comparable.
const KEPT = { structuralSharing: false, gcTime: 60_000 } as const;

/** Asks about one member (`me`, an id) or, without one, about everybody. */
export const useAccess = (ws: string, member?: string, enabled = true) =>
  useQuery({
    queryKey: [ws, 'snapshot', member ?? 'everybody'],
    queryFn: async (): Promise<Loaded> => {
      const [engine, snapshot] = await Promise.all([startEngine(), call<object>('GET', at(ws, '/snapshot'), { query: { member } })]);
      return { workspace: engine.Workspace.load(snapshot), actions: engine.actions, snapshot, engine };
    },
    enabled,
    ...KEPT,
  });

/** Checks what one member may do. */
export const useChecks = (ws: string, member: string) =>
  useQuery({
    queryKey: [ws, 'checks', member],
    queryFn: async (): Promise<Checks> => {
      const [engine, snapshot] = await Promise.all([startChecks(), bytes(at(ws, '/snapshot'), { query: { member }, accept: 'application/vnd.rolecall.snapshot' })]);
      return { workspace: engine.Workspace.load(snapshot), actions: engine.actions };
    },
    ...KEPT,
  });

/** The resource of a question; none where it is about the workspace as a whole. */
export const targetOf = (resource: string): Resource | null => (resource === 'workspace' || resource === '' ? null : (resource as Resource));
