// Invites: pending and expired apart, then what became of the others.
import { useState } from 'react';

import { useFitting } from '../../api/listing';
import { useInvites, useMyWorkspace } from '../../api/queries';
import type { Invite, InviteStatus } from '../../api/types';
import type { ViewProps } from '../../shell/views';
import { TextField } from '../../ui/field';
import { ButtonLink, TabLinks } from '../../ui/link';
import { PlusIcon, UploadSimpleIcon } from '../../ui/icons';
import { LongList } from '../../ui/long-list';
import { Empty, Page } from '../../ui/page';
import { useSearchText } from '../../ui/search-text';
import { Bulk, type Chosen } from './bulk';
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
  const [text, setText] = useSearchText();
  const invites = useInvites(ws, status, { least: text === '' ? 0 : Infinity });
  const shown = useFitting(invites.rows, text, ({ email, name }) => `${email} ${name ?? ''}`);
  const [chosen, setChosen] = useState<Chosen>(new Map());
  const isOpen = mayInvite && (status === 'pending' || status === 'expired');
  const toggle = ({ id, email }: Invite) => {
    const next = new Map(chosen);
    if (!next.delete(id)) next.set(id, { id, email });
    setChosen(next);
  };
  const empty =
    text === '' ? (
      <Empty title={`No ${status} invites`} action={isOpen && status === 'pending' && <ButtonLink href={`/w/${ws}/invite`}>Invite Team Member</ButtonLink>}>
        {none}
      </Empty>
    ) : (
      <Empty title="Nothing matches">{`No ${status} invite is for somebody who is called like that.`}</Empty>
    );
  return (
    <>
      <TextField label="Search" type="search" className="max-w-md" value={text} onChange={(event) => setText(event.target.value)} />
      {isOpen && (shown.length > 0 || chosen.size > 0) && <Bulk ws={ws} status={status} rows={shown} hasMore={text === '' && !invites.isComplete} chosen={chosen} onChoose={setChosen} />}
      <div className="card">
        <LongList label={`${status} invites`} listing={invites} rows={shown} keyOf={({ id }) => id} isSearch={text !== ''} what="Loading invites" empty={empty}>
          {(invite) => <InviteRow ws={ws} invite={invite} isOpen={isOpen} isChosen={chosen.has(invite.id)} onToggle={() => toggle(invite)} />}
        </LongList>
      </div>
    </>
  );
}
