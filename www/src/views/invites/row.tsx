// One invite: for whom, what it offers, whether its mail went out and was looked at, and what can be done with it.
import { useState } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';

import { useGrantWords } from '../../access/names';
import type { Invite } from '../../api/types';
import { Time } from '../../time';
import { count, listWords } from '../../words';
import { useCancel, useResend } from './deeds';
import { ChangeInvite } from './change';

interface RowProps {
  ws: string;
  invite: Invite;
  isOpen: boolean;
  isChosen: boolean;
  onToggle: () => void;
}

export function InviteRow({ ws, invite, isOpen, isChosen, onToggle }: RowProps) {
  const words = useGrantWords(ws);
  const offered = [...invite.grants.filter((grant) => grant.via === 'direct').map((grant) => words(grant.expression)), ...invite.groups.map((group) => `the group ${group.name}`)];
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-2 px-3 py-2.5">
      {isOpen && <input type="checkbox" className="mt-1 size-4 accent-blue-700" aria-label={`Select ${invite.email}`} checked={isChosen} onChange={onToggle} />}
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="break-all font-medium">{invite.email}</span>
          {invite.name !== null && <span className="text-kumo-subtle">{invite.name}</span>}
          <Delivered invite={invite} />
        </p>
        <p className="text-kumo-subtle">{listWords(offered)}</p>
        <p className="text-sm text-kumo-subtle">
          Sent <Time at={invite.sent_at} />
          {invite.sent_count > 1 && `, ${count(invite.sent_count, 'time')} in all`}
          {(invite.status === 'pending' || invite.status === 'expired') && (
            <>
              {' · '}
              {invite.status === 'pending' ? 'expires' : 'expired'} <Time at={invite.expires_at} />
            </>
          )}
        </p>
      </div>
      {isOpen && <Deeds ws={ws} invite={invite} />}
    </div>
  );
}

function Delivered({ invite }: { invite: Invite }) {
  if (invite.delivery?.status === 'failed') return <Badge variant="error">Mail failed</Badge>;
  if (invite.opened_at !== null) return <Badge variant="neutral">Opened</Badge>;
  if (invite.delivery?.status === 'queued') return <Badge variant="outline">Mail waits</Badge>;
  return null;
}

function Deeds({ ws, invite }: { ws: string; invite: Invite }) {
  const [isChanging, setChanging] = useState(false);
  const resend = useResend(ws, invite);
  const cancel = useCancel(ws, invite);
  return (
    <div role="group" aria-label={invite.email} className="flex flex-wrap gap-1.5">
      <Button size="sm" loading={resend.isPending && resend.variables === 'email'} onClick={() => resend.mutate('email')}>
        Resend
      </Button>
      <Button size="sm" loading={resend.isPending && resend.variables === 'link'} onClick={() => resend.mutate('link')}>
        Copy link
      </Button>
      <Button size="sm" onClick={() => setChanging(true)}>
        Change
      </Button>
      <Button size="sm" variant="secondary-destructive" onClick={() => cancel.mutate()}>
        Cancel invite
      </Button>
      {isChanging && <ChangeInvite ws={ws} invite={invite} onClose={() => setChanging(false)} />}
    </div>
  );
}
