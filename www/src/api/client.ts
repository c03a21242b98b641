// The cache of what the server said, and how it is refreshed.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';

import { Problem } from './http';

/** A refusal is an answer; only what didn't get through is tried again. */
function isWorthRetrying(failures: number, error: Error): boolean {
  const isPassing = !(error instanceof Problem) || error.status === 0 || error.status >= 500;
  return isPassing && failures < 2;
}

/** Whoever isn't signed in any more is asked to do so: the page hears of it by asking anew who is there. */
function onError(error: unknown): void {
  if (error instanceof Problem && error.status === 401) void client.invalidateQueries({ queryKey: ['me'], refetchType: 'active' });
}

export const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => query.queryKey[0] !== 'me' && onError(error) }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: { queries: { staleTime: 15_000, retry: isWorthRetrying, refetchOnWindowFocus: true } },
});

/** Each change may touch anything in its workspace. */
export const refresh = (ws: string): Promise<void> => client.invalidateQueries({ queryKey: [ws] });
