// Many invites at once: send again or cancel those that are selected, with progress.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';

import { refresh } from '../../api/client';
import { messageOf } from '../../api/http';
import type { Invite, InviteStatus } from '../../api/types';
import { Check } from '../../ui/field';
import { done, failed } from '../../ui/toast';
import { count } from '../../words';
import { cancel, resend } from './deeds';

interface BulkProps {
  ws: string;
  status: InviteStatus;
  all: Invite[];
  selected: Invite[];
  onToggleAll: () => void;
  onDone: () => void;
}

export function Bulk({ ws, status, all, selected, onToggleAll, onDone }: BulkProps) {
  const [progress, setProgress] = useState<string | null>(null);
  const run = async (words: string, deed: (id: string) => Promise<unknown>) => {
    const failures: string[] = [];
    for (const [index, invite] of selected.entries()) {
      setProgress(`${index + 1} of ${selected.length}`);
      await deed(invite.id).catch((error: unknown) => failures.push(`${invite.email}: ${messageOf(error)}`));
    }
    setProgress(null);
    failures.forEach(failed);
    if (failures.length < selected.length) done(`${count(selected.length - failures.length, 'invite')} ${words}`);
    onDone();
    await refresh(ws);
  };
  return (
    <div role="group" aria-label={`Selected ${status} invites`} className="flex min-h-9 flex-wrap items-center gap-3">
      <Check label={selected.length === 0 ? 'Select all' : `${count(selected.length, 'invite')} selected`} checked={selected.length === all.length} onChange={onToggleAll} />
      {selected.length > 0 && (
        <>
          <Button size="sm" disabled={progress !== null} onClick={() => void run('sent again', (id) => resend(ws, id, 'email'))}>
            Resend selected
          </Button>
          <Button size="sm" variant="secondary-destructive" disabled={progress !== null} onClick={() => void run('canceled', (id) => cancel(ws, id))}>
            Cancel selected
          </Button>
          <span role="status">{progress}</span>
        </>
      )}
    </div>
  );
}
