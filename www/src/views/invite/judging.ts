// The workspace that a preview is worked out on.
import { useSeats } from '../../api/queries';
import { useAccess } from '../../engine';

/** Beyond so many people a page works with one member's part of the workspace, and the server finds what that doesn't tell. */
const MOST_LOADED = 5_000;

/** Everybody, or in a large workspace the member that it is about: the reader, where it is about nobody. */
export function useJudging(ws: string, member = 'me') {
  const seats = useSeats(ws);
  const isLarge = (seats.data?.active ?? 0) + (seats.data?.pending ?? 0) > MOST_LOADED;
  return useAccess(ws, isLarge ? member : undefined, seats.data !== undefined);
}
