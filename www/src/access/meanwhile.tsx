// What somebody else changed while one was editing: nothing is saved over it, and the way on compares with the new state.
import { Button } from '@cloudflare/kumo/components/button';

import { ask, call, type Answer } from '../api/http';
import { at } from '../api/queries';
import type { AuditEvent, GrantExpression } from '../api/types';
import { listWords } from '../words';
import { useGrantWords } from './names';

export interface Conflict<T> {
  now: Answer<T>;
  /** Who it was, where the reader may know that. */
  by: string | null;
}

/** The thing at an address as it is now, and who changed it last. */
export async function conflictOf<T extends { id: string }>(ws: string, path: string): Promise<Conflict<T>> {
  const now = await ask<T>('GET', at(ws, path));
  const trail = await call<{ data: AuditEvent[] }>('GET', at(ws, '/audit-events'), { query: { subject: now.data.id, limit: 1 } }).catch(() => null);
  return { now, by: trail?.data[0]?.actor.email ?? null };
}

interface MeanwhileProps {
  ws: string;
  /** What was edited: "member". */
  what: string;
  by: string | null;
  before: readonly GrantExpression[];
  now: readonly GrantExpression[];
  onGoOn: () => void;
}

export function Meanwhile({ ws, what, by, before, now, onGoOn }: MeanwhileProps) {
  const words = useGrantWords(ws);
  const added = now.filter((grant) => !before.includes(grant)).map(words);
  const taken = before.filter((grant) => !now.includes(grant)).map(words);
  return (
    <div role="alert" className="card flex flex-col gap-2 border-l-4 border-l-kumo-warning p-3">
      <p className="font-medium">{`${by ?? 'Somebody else'} changed this ${what} while you were editing. Nothing of yours was saved.`}</p>
      <ul className="list-disc pl-5">
        {added.length > 0 && <li>Added: {listWords(added)}</li>}
        {taken.length > 0 && <li>Took away: {listWords(taken)}</li>}
        {added.length + taken.length === 0 && <li>{`The roles are the same; something else about the ${what} changed.`}</li>}
      </ul>
      <Button className="self-start" onClick={onGoOn}>
        Compare mine with the new state
      </Button>
    </div>
  );
}
