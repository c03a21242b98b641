// Settings and seats: the workspace's name, how invites behave, what newcomers get, and what the plan includes.
import { useState, type FormEvent } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';

import { GrantEditor } from '../../access/grant-editor';
import { client, refresh } from '../../api/client';
import { Problem, ask, messageOf, type Answer } from '../../api/http';
import { at, useMyWorkspace, useSeats, useWorkspace } from '../../api/queries';
import type { Settings, Workspace } from '../../api/types';
import type { ViewProps } from '../../shell/views';
import { Check, TextField } from '../../ui/field';
import { ButtonLink } from '../../ui/link';
import { Loaded, Page, Section } from '../../ui/page';
import { done } from '../../ui/toast';
import { capital, count } from '../../words';
import { SeatMeter } from '../invite/seats';
import { DeleteWorkspace } from './delete';

export function View({ ws }: ViewProps) {
  const workspace = useWorkspace(ws);
  const { actions } = useMyWorkspace(ws)!;
  return (
    <Page title="Settings and seats" intro={actions.includes('workspace:edit') ? undefined : 'You may read these. A Workspace Owner changes them.'}>
      <Loaded query={workspace} what="Loading settings">
        {(answer) => (
          <div className="grid items-start gap-6 xl:grid-cols-2">
            <Form ws={ws} answer={answer} mayEdit={actions.includes('workspace:edit')} />
            <div className="flex flex-col gap-6">
              <Plan workspace={answer.data} />
              {actions.includes('member:view') && <Seats ws={ws} staleDays={answer.data.settings.stale_after_days} />}
              {actions.includes('workspace:delete') && <DeleteWorkspace ws={ws} workspace={answer.data} />}
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Plan({ workspace }: { workspace: Workspace }) {
  return (
    <Section title="Plan">
      <div className="card flex flex-col gap-2 p-4">
        <p className="flex flex-wrap gap-2">
          <Badge variant="blue">{capital(workspace.plan)}</Badge>
          {workspace.add_ons.map((one) => (
            <Badge key={one} variant="neutral">{`${capital(one)} add-on`}</Badge>
          ))}
        </p>
        <p className="text-kumo-subtle">The plan, its add-ons and the number of seats are set by whoever runs this deployment. What a smaller plan doesn’t include stays listed as dormant, and comes back with the plan.</p>
      </div>
    </Section>
  );
}

function Seats({ ws, staleDays }: { ws: string; staleDays: number }) {
  const seats = useSeats(ws).data;
  return (
    <Section title="Seats">
      <div className="card flex flex-col gap-3 p-4">
        <SeatMeter ws={ws} />
        {seats !== undefined && seats.inactive > 0 && (
          <p className="flex flex-wrap items-center gap-3">
            {count(seats.inactive, 'member was', 'members were')} not active for {staleDays} days.
            <ButtonLink href={`/w/${ws}/members?inactive=${staleDays}`}>Look at them</ButtonLink>
          </p>
        )}
      </div>
    </Section>
  );
}

type Draft = Pick<Settings, 'provisioned_grants'> & { name: string; ttl: string; reminder: string; stale: string; hasReminder: boolean };

const draftOf = ({ name, settings }: Workspace): Draft => ({
  name,
  ttl: String(settings.invite_ttl_hours),
  hasReminder: settings.invite_reminder_hours !== null,
  reminder: String(settings.invite_reminder_hours ?? 24),
  stale: String(settings.stale_after_days),
  provisioned_grants: settings.provisioned_grants,
});

function Form({ ws, answer, mayEdit }: { ws: string; answer: Answer<Workspace>; mayEdit: boolean }) {
  // What the editing began with: newer states that the page learns of don't overwrite what is being typed.
  const [base, setBase] = useState(answer);
  const [draft, setDraft] = useState(() => draftOf(answer.data));
  const set = (change: Partial<Draft>) => setDraft((old) => ({ ...old, ...change }));
  const begin = (from: Answer<Workspace>) => (setBase(from), setDraft(draftOf(from.data)));
  const save = useMutation({
    mutationFn: () => ask<Workspace>('PATCH', at(ws, ''), { body: bodyOf(draft), ifMatch: base.etag ?? undefined }),
    onSuccess: (saved) => {
      begin(saved);
      done('Settings saved');
      void refresh(ws);
      void client.invalidateQueries({ queryKey: ['me'] });
    },
  });
  const takeTheirs = useMutation({
    mutationFn: () => ask<Workspace>('GET', at(ws, '')),
    onSuccess: (theirs) => (begin(theirs), save.reset()),
  });
  const problem = (path: string) => (save.error instanceof Problem ? save.error.issues.find((issue) => issue.path.startsWith(path))?.detail : undefined);
  const isLate = save.error instanceof Problem && save.error.code === 'version_conflict';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate className="card p-4 sm:p-5">
      <fieldset disabled={!mayEdit} className="flex flex-col gap-4">
        <legend className="sr-only">Settings</legend>
        <TextField label="Name" required value={draft.name} onChange={(event) => set({ name: event.target.value })} error={problem('/name')} />
        <TextField label="Invites live, in hours" type="number" min={1} max={720} value={draft.ttl} onChange={(event) => set({ ttl: event.target.value })} error={problem('/settings/invite_ttl_hours')} />
        <Check label="Remind people before their invite runs out" checked={draft.hasReminder} onChange={(event) => set({ hasReminder: event.target.checked })} />
        {draft.hasReminder && <TextField label="Remind, in hours before the end" type="number" min={1} value={draft.reminder} onChange={(event) => set({ reminder: event.target.value })} error={problem('/settings/invite_reminder_hours')} />}
        <TextField label="Members are stale after, in days" type="number" min={1} value={draft.stale} onChange={(event) => set({ stale: event.target.value })} error={problem('/settings/stale_after_days')} />
        <GrantEditor ws={ws} value={draft.provisioned_grants} onChange={(provisioned_grants) => set({ provisioned_grants })} legend="Roles of who comes by SSO, SCIM or domain" isDisabled={!mayEdit} />
        {save.isError && (
          <div role="alert" className="flex flex-col items-start gap-2 text-kumo-danger">
            <p>{isLate ? 'Somebody else changed the settings while you were editing. Nothing of yours was saved.' : messageOf(save.error)}</p>
            {isLate && (
              <Button loading={takeTheirs.isPending} onClick={() => takeTheirs.mutate()}>
                Show theirs, and drop mine
              </Button>
            )}
          </div>
        )}
        {mayEdit && (
          <Button type="submit" variant="primary" className="self-start" loading={save.isPending}>
            Save settings
          </Button>
        )}
      </fieldset>
    </form>
  );
}

function bodyOf(draft: Draft) {
  return {
    name: draft.name.trim(),
    settings: {
      invite_ttl_hours: Number(draft.ttl),
      invite_reminder_hours: draft.hasReminder ? Number(draft.reminder) : null,
      stale_after_days: Number(draft.stale),
      provisioned_grants: draft.provisioned_grants,
    },
  };
}
