// The cache of what the server said, and how it is refreshed.
import { QueryClient } from '@tanstack/react-query';

import { Problem } from './http';

/** A refusal is an answer; only what didn't get through is tried again. */
function isWorthRetrying(failures: number, error: Error): boolean {
  const isPassing = !(error instanceof Problem) || error.status === 0 || error.status >= 500;
  return isPassing && failures < 2;
}

export const client = new QueryClient({
  defaultOptions: { queries: { staleTime: 15_000, retry: isWorthRetrying, refetchOnWindowFocus: true } },
});

/** Each change may touch anything in its workspace. */
export const refresh = (ws: string): Promise<void> => client.invalidateQueries({ queryKey: [ws] });
