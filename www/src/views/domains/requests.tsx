// People who ask to join by a domain: let in or refused, at once in the list and back in it if the server refuses.
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';

import { refresh } from '../../api/client';
import { call, messageOf, newKey } from '../../api/http';
import { dropRows } from '../../api/listing';
import { at } from '../../api/queries';
import { LongList } from '../../ui/long-list';
import { Section } from '../../ui/page';
import { done, failed } from '../../ui/toast';
import { Time } from '../../time';
import { useJoinRequests, type JoinRequest } from './queries';

export function Requests({ ws }: { ws: string }) {
  const requests = useJoinRequests(ws);
  if (requests.rows === undefined || requests.rows.length === 0) return null;
  return (
    <Section title="Who asks to join">
      <div className="card">
        <LongList label="Requests to join" listing={requests} keyOf={({ id }) => id} what="Loading requests" empty={null}>
          {(request) => <Row ws={ws} request={request} />}
        </LongList>
      </div>
    </Section>
  );
}

function Row({ ws, request }: { ws: string; request: JoinRequest }) {
  const { id, email, name, created_at } = request;
  const decide = useMutation({
    mutationFn: (verb: 'approve' | 'deny') => call('POST', at(ws, `/join-requests/${id}/${verb}`), { key: newKey() }),
    onMutate: () => dropRows<JoinRequest>([ws, 'join-requests'], (one) => one.id === id),
    onSuccess: (_, verb) => done(verb === 'approve' ? `${name} is a member` : `${name} was refused. An invite would still let them in.`),
    onError: (error, _, putBack) => {
      putBack?.();
      failed(`Not decided: ${messageOf(error)}`);
    },
    onSettled: () => refresh(ws),
  });
  return (
    <div className="flex flex-wrap items-center gap-3 px-4 py-2.5">
      <span className="min-w-0 flex-1 basis-48">
        <span className="font-medium">{name}</span> <span className="break-all text-kumo-subtle">{email}</span>
        <span className="block text-sm text-kumo-subtle">
          Asked <Time at={created_at} />
        </span>
      </span>
      <Button size="sm" variant="primary" aria-label={`Let ${name} in`} onClick={() => decide.mutate('approve')}>
        Let in
      </Button>
      <Button size="sm" variant="secondary-destructive" aria-label={`Refuse ${name}`} onClick={() => decide.mutate('deny')}>
        Refuse
      </Button>
    </div>
  );
}
