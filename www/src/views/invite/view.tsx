// Invite Team Member: addresses, roles, groups, and while they are chosen what the invitees will be able to do.
import { useState, type FormEvent } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';

import { Problems } from '../../access/difference';
import { GrantEditor } from '../../access/grant-editor';
import { GroupPicker } from '../../access/group-picker';
import { useNames } from '../../access/names';
import { ReachTable } from '../../access/reach-table';
import { refresh } from '../../api/client';
import { Problem, call, messageOf, newKey } from '../../api/http';
import { at } from '../../api/queries';
import type { ViewProps } from '../../shell/views';
import { Failed, Loading, Page, Section } from '../../ui/page';
import { SelectField } from '../../ui/field';
import { count } from '../../words';
import { Addresses, takenOf } from './addresses';
import { useJudged, type Draft as Judged } from './judged';
import { Sent, type InvitesMade } from './sent';
import { SeatMeter } from './seats';

interface Draft extends Judged {
  deliver: 'email' | 'link';
}

const BLANK: Draft = { addresses: [], grants: ['workspace_member'], groups: [], deliver: 'email' };

export function View({ ws }: ViewProps) {
  const [draft, setDraft] = useState(BLANK);
  const [typed, setTyped] = useState('');
  const [key, setKey] = useState(newKey);
  const set = (change: Partial<Draft>) => setDraft((old) => ({ ...old, ...change }));
  const judged = useJudged(ws, draft);
  const judgement = judged.data;
  const send = useMutation({
    mutationFn: (addresses: string[]) => {
      const invites = addresses.map((email) => ({ email, grants: draft.grants, groups: draft.groups }));
      return call<InvitesMade>('POST', at(ws, '/invites'), { body: { invites, deliver: draft.deliver }, key });
    },
    onSuccess: () => refresh(ws),
    // What was refused may be sent again changed: under another key.
    onError: () => setKey(newKey()),
  });
  if (send.data !== undefined) return <Sent ws={ws} made={send.data} again={() => (send.reset(), setKey(newKey()), setDraft(BLANK), setTyped(''))} />;
  const addresses = [...new Set([...draft.addresses, ...takenOf(typed)])];
  const isWrong = judgement !== undefined && (judgement.addresses.size > 0 || judgement.grants.size > 0 || judgement.others.length > 0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate(addresses);
  };
  return (
    <Page title="Invite Team Member" intro="They get a link that is theirs alone. A pending invite keeps a seat for them.">
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 xl:grid-cols-2">
        <form onSubmit={submit} className="card flex flex-col gap-5 p-4 sm:p-5">
          <Addresses value={draft.addresses} onChange={(chips) => set({ addresses: chips })} typed={typed} onType={setTyped} problems={judgement?.addresses ?? new Map()} error={fieldError(send.error, 'email')} />
          <GrantEditor ws={ws} value={draft.grants} onChange={(grants) => set({ grants })} problems={judgement?.grants} />
          {fieldError(send.error, 'grants') !== undefined && <p role="alert" className="text-sm text-kumo-danger">{fieldError(send.error, 'grants')}</p>}
          <GroupPicker ws={ws} value={draft.groups} onChange={(groups) => set({ groups })} />
          <SelectField label="Send" value={draft.deliver} onChange={(event) => set({ deliver: event.target.value as Draft['deliver'] })}>
            <option value="email">Mail the link to each of them</option>
            <option value="link">Show me the links to pass on myself</option>
          </SelectField>
          <Problems problems={judgement?.others ?? []} />
          {send.isError && <p role="alert" className="text-kumo-danger">{messageOf(send.error)}</p>}
          <Button type="submit" variant="primary" className="self-start" loading={send.isPending} disabled={addresses.length === 0 || isWrong}>
            {addresses.length < 2 ? 'Send invite' : `Send ${count(addresses.length, 'invite')}`}
          </Button>
        </form>
        <aside aria-label="Preview" className="card flex flex-col gap-5 p-4 sm:p-5">
          <SeatMeter ws={ws} more={addresses.length} />
          <Section title="What they will be able to do">
            {judged.error !== null && <Failed error={judged.error} retry={() => void judged.refetch()} />}
            {judgement === undefined ? judged.error === null && <Loading what="Starting the preview" /> : <Outcome ws={ws} gained={judgement.gained} />}
          </Section>
        </aside>
      </div>
    </Page>
  );
}

function Outcome({ ws, gained }: { ws: string; gained: Parameters<typeof ReachTable>[0]['gained'] }) {
  const names = useNames(ws);
  return (
    <div aria-live="polite" data-testid="preview">
      <ReachTable gained={gained} names={names} />
    </div>
  );
}

/** What the server said of a field of some invite. */
function fieldError(error: unknown, field: string): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  return error.issues.find((issue) => new RegExp(`^/invites/\\d+/${field}`).test(issue.path))?.detail;
}
