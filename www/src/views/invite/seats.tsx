// How many seats there are, taken and about to be taken.
import { useSeats } from '../../api/queries';
import { count } from '../../words';

export function SeatMeter({ ws, more = 0 }: { ws: string; more?: number }) {
  const seats = useSeats(ws).data;
  if (seats === undefined) return null;
  const used = seats.active + seats.pending;
  const after = used + more;
  if (seats.limit === null) {
    return (
      <p>
        {count(seats.active, 'member')} and {count(seats.pending, 'pending invite')}. The plan doesn’t limit seats.
      </p>
    );
  }
  const isOver = after > seats.limit;
  return (
    <div className="flex flex-col gap-1">
      <p id="seats" className={isOver ? 'text-kumo-danger' : undefined}>
        <strong className="font-medium">
          {after} of {count(seats.limit, 'seat')}
        </strong>{' '}
        {more === 0 ? 'taken' : `taken after this: ${seats.active} by members, ${seats.pending} by pending invites, ${more} new`}
        {isOver && `. ${count(after - seats.limit, 'seat is', 'seats are')} missing: remove members, cancel invites, or ask for a larger plan.`}
      </p>
      <meter className="h-2 w-full" min={0} max={seats.limit} value={Math.min(after, seats.limit)} aria-labelledby="seats" />
    </div>
  );
}
