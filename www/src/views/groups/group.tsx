// One group: what it gives, who is in it, and what happened to it.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useLocation } from 'wouter';

import { Deletion } from '../../access/deletion';
import { GrantList } from '../../access/grant-list';
import type { Answer } from '../../api/http';
import { useGroup, useMyWorkspace } from '../../api/queries';
import type { Group } from '../../api/types';
import { ButtonLink } from '../../ui/link';
import { Loaded, Page, Section } from '../../ui/page';
import { History } from '../audit/history';
import { ChangeGroup } from './change';
import { GroupMembers } from './members';

export function GroupPage({ ws, id }: { ws: string; id: string }) {
  const group = useGroup(ws, id);
  return (
    <Page title={group.data?.data.name ?? 'Group'} actions={<ButtonLink href={`/w/${ws}/groups`}>All groups</ButtonLink>}>
      <Loaded query={group}>{(answer) => <About ws={ws} answer={answer} />}</Loaded>
    </Page>
  );
}

function About({ ws, answer }: { ws: string; answer: Answer<Group> }) {
  const group = answer.data;
  const { actions } = useMyWorkspace(ws)!;
  const mayManage = actions.includes('group:manage');
  const [deed, setDeed] = useState<'change' | 'delete' | null>(null);
  return (
    <div className="grid items-start gap-6 xl:grid-cols-2">
      <Section
        title="Roles of everybody in it"
        actions={
          mayManage && (
            <div className="flex gap-2">
              <Button onClick={() => setDeed('change')}>Change roles or name</Button>
              <Button variant="secondary-destructive" onClick={() => setDeed('delete')}>
                Delete
              </Button>
            </div>
          )
        }
      >
        <GrantList ws={ws} grants={group.grants} />
      </Section>
      <GroupMembers ws={ws} group={group} mayManage={mayManage} />
      {actions.includes('audit:view') && (
        <Section title="History">
          <History ws={ws} subject={group.id} />
        </Section>
      )}
      {deed === 'change' && <ChangeGroup ws={ws} answer={answer} onClose={() => setDeed(null)} />}
      {deed === 'delete' && <DeleteGroup ws={ws} group={group} onClose={() => setDeed(null)} />}
    </div>
  );
}

function DeleteGroup({ ws, group, onClose }: { ws: string; group: Group; onClose: () => void }) {
  const [, go] = useLocation();
  return (
    <Deletion ws={ws} path={`/groups/${group.id}`} name={group.name} kind="group" after={`${group.name} is deleted. Its members stay in the workspace.`} onClose={onClose} onDone={() => go(`/w/${ws}/groups`)}>
      <p>Its members stay in the workspace and lose what only this group gave them.</p>
    </Deletion>
  );
}
