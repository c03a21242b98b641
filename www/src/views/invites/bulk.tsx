// Many invites at once: send again or cancel those that are selected, with progress and a report of what was refused.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';

import { refresh } from '../../api/client';
import { useMany } from '../../api/many';
import { at } from '../../api/queries';
import type { Invite, InviteStatus } from '../../api/types';
import { Confirm } from '../../ui/confirm';
import { Check } from '../../ui/field';
import { Running } from '../../ui/run';
import { TakeAll } from '../../ui/take-all';
import { done } from '../../ui/toast';
import { count } from '../../words';
import { cancel, resend } from './deeds';

/** What names an invite that is selected. */
export type Chosen = ReadonlyMap<string, Pick<Invite, 'id' | 'email'>>;

interface BulkProps {
  ws: string;
  status: InviteStatus;
  /** The rows that are there, and whether there are more. */
  rows: Invite[];
  hasMore: boolean;
  chosen: Chosen;
  onChoose: (chosen: Chosen) => void;
}

const mapOf = (invites: readonly Pick<Invite, 'id' | 'email'>[]): Chosen => new Map(invites.map(({ id, email }) => [id, { id, email }]));

export function Bulk({ ws, status, rows, hasMore, chosen, onChoose }: BulkProps) {
  const { run, start, stop, forget } = useMany<Pick<Invite, 'id' | 'email'>>();
  const [deed, setDeed] = useState<{ words: string; one: (id: string) => Promise<unknown> } | null>(null);
  const go = async (what: NonNullable<typeof deed>, invites: readonly Pick<Invite, 'id' | 'email'>[]) => {
    setDeed(what);
    const end = await start(invites, { one: ({ id }) => what.one(id) });
    if (end.done > 0) done(`${count(end.done, 'invite')} ${what.words}`);
    if (end.failures.length + end.left.length === 0) forget();
    onChoose(new Map());
    void refresh(ws);
  };
  const [isAsked, setAsked] = useState(false);
  const isAll = rows.length > 0 && chosen.size >= rows.length && rows.every(({ id }) => chosen.has(id));
  const selected = [...chosen.values()];
  return (
    <div className="flex flex-col gap-2">
      <div role="group" aria-label={`Selected ${status} invites`} className="flex min-h-9 flex-wrap items-center gap-3">
        <Check label={chosen.size === 0 ? 'Select all' : `${count(chosen.size, 'invite')} selected`} checked={isAll} onChange={() => onChoose(isAll ? new Map() : mapOf(rows))} />
        {isAll && hasMore && chosen.size <= rows.length && <TakeAll words={`Select every ${status} invite`} one="invite" path={at(ws, '/invites')} query={{ status }} onFound={(all: Invite[]) => onChoose(mapOf(all))} />}
        {chosen.size > 0 && (
          <>
            <Button size="sm" disabled={run?.isRunning} onClick={() => void go({ words: 'sent again', one: (id) => resend(ws, id, 'email') }, selected)}>
              Resend selected
            </Button>
            <Button size="sm" variant="secondary-destructive" disabled={run?.isRunning} onClick={() => setAsked(true)}>
              Cancel selected
            </Button>
          </>
        )}
      </div>
      {isAsked && <Cancellation number={selected.length} onClose={() => setAsked(false)} onDone={() => (setAsked(false), void go({ words: 'canceled', one: (id) => cancel(ws, id) }, selected))} />}
      {run !== null && deed !== null && <Running run={run} nameOf={({ email }) => email} one="invite" onStop={stop} onRetry={(invites) => void go(deed, invites)} />}
    </div>
  );
}

/** One canceled invite is offered again by a click; of many nobody would know whom to ask again. */
function Cancellation({ number, onClose, onDone }: { number: number; onClose: () => void; onDone: () => void }) {
  const what = count(number, 'invite');
  return (
    <Confirm title={`Cancel ${what}`} verb={`Cancel ${what}`} dismiss={number === 1 ? 'Keep it' : 'Keep them'} act={async () => undefined} onDone={onDone} onClose={onClose}>
      <p>Their links stop working at once, and the seats that they keep are free. Canceled invites stay listed; to offer the same again, invite those people anew.</p>
    </Confirm>
  );
}
