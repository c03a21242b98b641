// Ending stale access: one invite, or everything that is selected, after saying what that means.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';

import { refresh } from '../../api/client';
import { call } from '../../api/http';
import { useMany } from '../../api/many';
import { at } from '../../api/queries';
import type { Stale, StaleKind } from '../../api/types';
import { Confirm } from '../../ui/confirm';
import { TextField } from '../../ui/field';
import { Modal } from '../../ui/modal';
import { Running } from '../../ui/run';
import { done } from '../../ui/toast';
import { count } from '../../words';
import { nameOf } from './row';

const PLACES: Record<StaleKind, string> = { member: 'members', token: 'tokens', invite: 'invites' };
const end = (ws: string, { kind, id }: Stale): Promise<unknown> => call('DELETE', at(ws, `/${PLACES[kind]}/${id}`));

export function CancelInvite({ ws, row, onClose }: { ws: string; row: Stale; onClose: () => void }) {
  const name = nameOf(row);
  const finish = () => {
    done(`The invite of ${name} is canceled`);
    void refresh(ws);
    onClose();
  };
  return (
    <Confirm title={`Cancel the invite of ${name}`} verb="Cancel invite" act={() => end(ws, row)} onDone={finish} onClose={onClose}>
      <p>Its link stops working, and the seat that it kept is free.</p>
    </Confirm>
  );
}

const MEANS: [kind: StaleKind, one: string, many: string][] = [
  ['member', 'member loses access at once, on every device', 'members lose access at once, on every device'],
  ['token', 'token stops working at once, with whatever uses it', 'tokens stop working at once, with whatever uses them'],
  ['invite', 'invite is canceled', 'invites are canceled'],
];

export function EndAccess({ ws, rows, onDone }: { ws: string; rows: Stale[]; onDone: () => void }) {
  const [doomed, setDoomed] = useState<Stale[] | null>(null);
  return (
    <>
      <Button size="sm" variant="secondary-destructive" onClick={() => setDoomed(rows)}>
        End access of selected
      </Button>
      {doomed !== null && <Together ws={ws} rows={doomed} onClose={() => setDoomed(null)} onDone={() => (setDoomed(null), onDone())} />}
    </>
  );
}

function Together({ ws, rows, onClose, onDone }: { ws: string; rows: Stale[]; onClose: () => void; onDone: () => void }) {
  const [typed, setTyped] = useState('');
  const { run, start, stop } = useMany<Stale>();
  const number = String(rows.length);
  const go = async (some: Stale[]) => {
    const outcome = await start(some, { one: (row) => end(ws, row) });
    void refresh(ws);
    if (outcome.failures.length + outcome.left.length > 0) return;
    done(`Access ended for ${rows.length.toLocaleString('en')}`);
    onDone();
  };
  return (
    <Modal
      title={`End access of ${rows.length.toLocaleString('en')}`}
      onClose={run?.isRunning ? stop : run === null ? onClose : onDone}
      footer={
        <>
          <Button disabled={run?.isRunning} onClick={run === null ? onClose : onDone}>
            {run === null ? 'Cancel' : 'Close'}
          </Button>
          {run === null && (
            <Button variant="destructive" disabled={typed.trim() !== number} onClick={() => void go(rows)}>
              End access
            </Button>
          )}
        </>
      }
    >
      {run === null ? (
        <>
          <ul className="list-disc pl-5">
            {MEANS.map(([kind, one, many]) => {
              const some = rows.filter((row) => row.kind === kind);
              return some.length === 0 ? null : <li key={kind}>{count(some.length, one, many)}</li>;
            })}
          </ul>
          <p className="text-kumo-subtle">What they created stays. The last owner is refused and stays as well.</p>
          <TextField label={`Type ${number} to confirm`} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </>
      ) : (
        <Running run={run} nameOf={nameOf} one="row" onStop={stop} onRetry={(some) => void go(some)} />
      )}
    </Modal>
  );
}
