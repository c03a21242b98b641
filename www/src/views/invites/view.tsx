// Invites: pending and expired apart, then what became of the others.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';

import { useInvites, useMyWorkspace } from '../../api/queries';
import type { Invite, InviteStatus } from '../../api/types';
import type { ViewProps } from '../../shell/views';
import { ButtonLink, TabLinks } from '../../ui/link';
import { PlusIcon, UploadSimpleIcon } from '../../ui/icons';
import { Empty, Failed, Loading, Page } from '../../ui/page';
import { Bulk } from './bulk';
import { InviteRow } from './row';

const STATES: { status: InviteStatus; name: string; none: string }[] = [
  { status: 'pending', name: 'Pending', none: 'Nobody is waiting. Invite somebody, and they stand here until they accept.' },
  { status: 'expired', name: 'Expired', none: 'No invite ran out. Those that do stand here, to be sent again or canceled.' },
  { status: 'accepted', name: 'Accepted', none: 'Nobody has accepted an invite yet.' },
  { status: 'canceled', name: 'Canceled', none: 'No invite was canceled.' },
  { status: 'superseded', name: 'Superseded', none: 'Nobody came in another way while an invite was waiting.' },
];

export function View({ ws, id = 'pending' }: ViewProps) {
  const { actions } = useMyWorkspace(ws)!;
  const state = STATES.find((one) => one.status === id) ?? STATES[0]!;
  const base = `/w/${ws}/invites`;
  const mayInvite = actions.includes('member:invite');
  return (
    <Page
      title="Invites"
      intro="A pending invite keeps a seat until it is accepted, canceled or runs out."
      actions={
        mayInvite && (
          <>
            <ButtonLink href={`/w/${ws}/import`} icon={UploadSimpleIcon}>
              Import CSV
            </ButtonLink>
            <ButtonLink href={`/w/${ws}/invite`} variant="primary" icon={PlusIcon}>
              Invite Team Member
            </ButtonLink>
          </>
        )
      }
    >
      <TabLinks label="Invites by state" tabs={STATES.map(({ status, name }) => ({ href: `${base}/${status}`, name }))} current={`${base}/${state.status}`} />
      <List key={state.status} ws={ws} status={state.status} none={state.none} mayInvite={mayInvite} />
    </Page>
  );
}

function List({ ws, status, none, mayInvite }: { ws: string; status: InviteStatus; none: string; mayInvite: boolean }) {
  const list = useInvites(ws, status);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  if (list.error !== null) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (list.data === undefined) return <Loading what="Loading invites" />;
  const invites = list.data.pages.flatMap((page) => page.data);
  const isOpen = mayInvite && (status === 'pending' || status === 'expired');
  const selected = invites.filter((invite) => chosen.has(invite.id));
  const toggle = ({ id }: Invite) => setChosen((old) => new Set(old.has(id) ? [...old].filter((one) => one !== id) : [...old, id]));
  const toggleAll = () => setChosen(selected.length === invites.length ? new Set() : new Set(invites.map((invite) => invite.id)));
  if (invites.length === 0) {
    return (
      <div className="card">
        <Empty title={`No ${status} invites`} action={isOpen && status === 'pending' && <ButtonLink href={`/w/${ws}/invite`}>Invite Team Member</ButtonLink>}>
          {none}
        </Empty>
      </div>
    );
  }
  return (
    <>
      {isOpen && <Bulk ws={ws} status={status} all={invites} selected={selected} onToggleAll={toggleAll} onDone={() => setChosen(new Set())} />}
      <ul aria-label={`${status} invites`} className="card divide-y divide-kumo-line">
        {invites.map((invite) => (
          <InviteRow key={invite.id} ws={ws} invite={invite} isOpen={isOpen} isChosen={chosen.has(invite.id)} onToggle={() => toggle(invite)} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button className="self-start" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}
