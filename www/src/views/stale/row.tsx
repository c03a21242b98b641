// One thing with access that nobody uses: what it is, why it is here, what it holds, and what can be done.
import { useState } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { Link } from 'wouter';

import { useGrantWords } from '../../access/names';
import { useMember } from '../../api/queries';
import type { Action, Stale, StaleKind } from '../../api/types';
import { Time } from '../../time';
import { actionWords, listWords } from '../../words';
import { RemoveMember } from '../members/remove';
import { DeleteToken } from '../tokens/delete';
import { CancelInvite } from './end';

export const idOf = ({ kind, id }: Stale): string => `${kind} ${id}`;

const NEEDS: Record<StaleKind, Action> = { member: 'member:remove', token: 'token:manage', invite: 'member:invite' };
export const mayEnd = ({ kind }: Stale, actions: readonly Action[]): boolean => actions.includes(NEEDS[kind]);

const KINDS: Record<StaleKind, string> = { member: 'Member', token: 'Token', invite: 'Invite' };
const VERBS: Record<StaleKind, string> = { member: 'Remove', token: 'Delete', invite: 'Cancel invite' };
const REASONS: Record<Stale['reason'], string> = { inactive: 'Last active', never_active: 'Never active; joined', unused: 'Last used', never_used: 'Never used; made', never_opened: 'Never opened; sent' };

export const nameOf = ({ name, email, id }: Pick<Stale, 'name' | 'email' | 'id'>): string => name ?? email ?? id;

interface RowProps {
  ws: string;
  row: Stale;
  isChosen: boolean;
  /** Missing where the reader may not end it. */
  onToggle?: () => void;
}

export function StaleRow({ ws, row, isChosen, onToggle }: RowProps) {
  const words = useGrantWords(ws);
  const [isEnding, setEnding] = useState(false);
  const name = nameOf(row);
  // What it gives that everybody has says nothing.
  const holds = [...row.grants.map((grant) => words(grant.expression)), ...row.actions.map(actionWords)];
  const stop = () => setEnding(false);
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-2 px-3 py-2.5">
      {onToggle !== undefined && <input type="checkbox" className="mt-1 size-4 accent-blue-700" aria-label={`Select ${name}`} checked={isChosen} onChange={onToggle} />}
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-x-2">
          {row.kind === 'member' ? (
            <Link href={`/w/${ws}/members/${row.id}`} className="link font-medium">
              {name}
            </Link>
          ) : (
            <span className="font-medium">{name}</span>
          )}
          <Badge variant="neutral">{KINDS[row.kind]}</Badge>
          {row.email !== null && row.email !== name && <span className="break-all text-kumo-subtle">{row.email}</span>}
        </p>
        <p className="text-kumo-subtle">{holds.length === 0 ? 'Holds nothing' : listWords(holds)}</p>
        <p className="text-sm text-kumo-subtle">
          {REASONS[row.reason]} <Time at={row.since} />
        </p>
      </div>
      {onToggle !== undefined && (
        <Button size="sm" variant="secondary-destructive" aria-label={`${VERBS[row.kind]}: ${name}`} onClick={() => setEnding(true)}>
          {VERBS[row.kind]}
        </Button>
      )}
      {isEnding && row.kind === 'member' && <Removal ws={ws} id={row.id} onClose={stop} />}
      {isEnding && row.kind === 'token' && <DeleteToken ws={ws} token={{ id: row.id, name }} onClose={stop} />}
      {isEnding && row.kind === 'invite' && <CancelInvite ws={ws} row={row} onClose={stop} />}
    </div>
  );
}

/** The removal wants to know more of a member than a row tells. */
function Removal({ ws, id, onClose }: { ws: string; id: string; onClose: () => void }) {
  const member = useMember(ws, id).data?.data;
  return member === undefined ? null : <RemoveMember ws={ws} member={member} onClose={onClose} onGone={onClose} />;
}
