// One member: what they hold and why, what that lets them do, and what happened to it.
import { Button } from '@cloudflare/kumo/components/button';
import { useState } from 'react';
import { useSearch } from 'wouter';

import { useMember, useMyWorkspace } from '../../api/queries';
import { Problem, type Answer } from '../../api/http';
import type { Member } from '../../api/types';
import { GrantList } from '../../access/grant-list';
import { Effective } from '../../access/effective';
import { Time } from '../../time';
import { TabLinks } from '../../ui/link';
import { Panel } from '../../ui/modal';
import { Empty, Loaded, Section } from '../../ui/page';
import { PROVISIONED } from '../../words';
import { History } from '../audit/history';
import { Badges } from './badges';
import { ChangeAccess } from './change-access';
import { Exemption } from './exemption';
import { RemoveMember } from './remove';
import { Rename } from './rename';

interface PanelProps {
  ws: string;
  id: string;
  tab?: string;
  onClose: () => void;
}

export function MemberPanel({ ws, id, tab = 'access', onClose }: PanelProps) {
  const member = useMember(ws, id);
  const isGone = member.error instanceof Problem && member.error.status === 404;
  return (
    <Panel title={member.data?.data.name ?? 'Member'} onClose={onClose}>
      {isGone ? (
        <Empty title="Not a member">Whoever this was is no longer in the workspace. The audit trail knows when they left.</Empty>
      ) : (
        <Loaded query={member}>{(answer) => <About ws={ws} answer={answer} tab={tab} onClose={onClose} />}</Loaded>
      )}
    </Panel>
  );
}

function About({ ws, answer, tab, onClose }: { ws: string; answer: Answer<Member>; tab: string; onClose: () => void }) {
  const workspace = useMyWorkspace(ws)!;
  const search = useSearch();
  const member = answer.data;
  const base = `/w/${ws}/members/${member.id}`;
  const suffix = search === '' ? '' : `?${search}`;
  const mayAudit = workspace.actions.includes('audit:view');
  const tabs = [
    { href: `${base}/access${suffix}`, name: 'Roles' },
    { href: `${base}/effective${suffix}`, name: 'Effective access' },
    ...(mayAudit ? [{ href: `${base}/history${suffix}`, name: 'History' }] : []),
  ];
  return (
    <>
      <Facts member={member} staleDays={workspace.settings.stale_after_days} />
      <Deeds ws={ws} answer={answer} onGone={onClose} />
      <TabLinks label="About this member" tabs={tabs} current={`${base}/${tab}${suffix}`} />
      {tab === 'effective' ? <EffectiveTab ws={ws} id={member.id} /> : tab === 'history' ? <History ws={ws} subject={member.id} /> : <Held ws={ws} member={member} />}
    </>
  );
}

function Facts({ member, staleDays }: { member: Member; staleDays: number }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-2">
        <span className="break-all">{member.email}</span> <Badges member={member} staleDays={staleDays} />
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <dt className="text-kumo-subtle">Last active</dt>
        <dd>{member.last_active_at === null ? 'Never' : <Time at={member.last_active_at} />}</dd>
        <dt className="text-kumo-subtle">Joined</dt>
        <dd>
          <Time at={member.joined_at} />
        </dd>
        <dt className="text-kumo-subtle">Came by</dt>
        <dd>{PROVISIONED[member.provisioned_by]}</dd>
        <dt className="text-kumo-subtle">Groups</dt>
        <dd>{member.groups.map((group) => group.name).join(', ') || 'None'}</dd>
      </dl>
    </div>
  );
}

type Deed = 'change' | 'remove' | 'rename' | 'exempt';

function Deeds({ ws, answer, onGone }: { ws: string; answer: Answer<Member>; onGone: () => void }) {
  const { actions, plan } = useMyWorkspace(ws)!;
  const [deed, setDeed] = useState<Deed | null>(null);
  const stop = () => setDeed(null);
  if (!actions.includes('member:edit') && !actions.includes('member:remove')) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {actions.includes('member:edit') && (
        <>
          <Button variant="primary" onClick={() => setDeed('change')}>
            Change access
          </Button>
          <Button onClick={() => setDeed('rename')}>Rename</Button>
          {plan === 'business' && <Button onClick={() => setDeed('exempt')}>{answer.data.sso_exempt ? 'End SSO exemption' : 'Exempt from SSO'}</Button>}
        </>
      )}
      {actions.includes('member:remove') && (
        <Button variant="secondary-destructive" onClick={() => setDeed('remove')}>
          Remove
        </Button>
      )}
      {deed === 'change' && <ChangeAccess ws={ws} answer={answer} onClose={stop} />}
      {deed === 'rename' && <Rename ws={ws} member={answer.data} onClose={stop} />}
      {deed === 'exempt' && <Exemption ws={ws} member={answer.data} onClose={stop} />}
      {deed === 'remove' && <RemoveMember ws={ws} member={answer.data} onClose={stop} onGone={onGone} />}
    </div>
  );
}

function Held({ ws, member }: { ws: string; member: Member }) {
  return (
    <Section title="Roles">
      <GrantList ws={ws} grants={member.grants} />
    </Section>
  );
}

function EffectiveTab({ ws, id }: { ws: string; id: string }) {
  return (
    <Section title="What these roles let them do">
      <Effective ws={ws} id={id} />
    </Section>
  );
}
