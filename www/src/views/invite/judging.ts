// The workspace that a preview is worked out on.
import { useSeats } from '../../api/queries';
import { useAccess } from '../../engine';

/** Beyond so many people a page works with one member's part of the workspace, and the server finds what that doesn't tell. */
const MOST_LOADED = 5_000;

/** Whether the workspace is one of those; undefined until that is known. */
export function useIsLarge(ws: string): boolean | undefined {
  const seats = useSeats(ws).data;
  return seats === undefined ? undefined : seats.active + seats.pending > MOST_LOADED;
}

/** Everybody, or in a large workspace the member that it is about: the reader, where it is about nobody. */
export function useJudging(ws: string, member = 'me') {
  const isLarge = useIsLarge(ws);
  return useAccess(ws, isLarge ? member : undefined, isLarge !== undefined);
}
