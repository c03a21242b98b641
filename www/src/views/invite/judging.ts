// The workspace that a preview is worked out on.
import { useSeats } from '../../api/queries';
import { useAccess } from '../../engine';

/** Beyond so many people the page asks with its own reader's part of the workspace, and the server finds who is there already. */
const MOST_LOADED = 5_000;

export function useJudging(ws: string) {
  const seats = useSeats(ws);
  const isLarge = (seats.data?.active ?? 0) + (seats.data?.pending ?? 0) > MOST_LOADED;
  return useAccess(ws, isLarge ? 'me' : undefined, seats.data !== undefined);
}
