// One group: what it gives, who is in it, and what happened to it.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import type { Preview } from 'rolecall';

import { Difference, Problems } from '../../access/difference';
import { GrantList } from '../../access/grant-list';
import { useNames } from '../../access/names';
import { refresh } from '../../api/client';
import { call, messageOf } from '../../api/http';
import { at, useGroup, useMyWorkspace } from '../../api/queries';
import type { Group } from '../../api/types';
import { ButtonLink } from '../../ui/link';
import { Modal } from '../../ui/modal';
import { Loaded, Page, Section } from '../../ui/page';
import { done } from '../../ui/toast';
import { History } from '../audit/history';
import { ChangeGroup } from './change';
import { GroupMembers } from './members';

export function GroupPage({ ws, id }: { ws: string; id: string }) {
  const group = useGroup(ws, id);
  return (
    <Page title={group.data?.data.name ?? 'Group'} actions={<ButtonLink href={`/w/${ws}/groups`}>All groups</ButtonLink>}>
      <Loaded query={group}>{({ data, etag }) => <About ws={ws} group={data} etag={etag} />}</Loaded>
    </Page>
  );
}

function About({ ws, group, etag }: { ws: string; group: Group; etag: string | null }) {
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
      {deed === 'change' && <ChangeGroup ws={ws} group={group} etag={etag} onClose={() => setDeed(null)} />}
      {deed === 'delete' && <DeleteGroup ws={ws} group={group} onClose={() => setDeed(null)} />}
    </div>
  );
}

function DeleteGroup({ ws, group, onClose }: { ws: string; group: Group; onClose: () => void }) {
  const [, go] = useLocation();
  const path = at(ws, `/groups/${group.id}`);
  const names = useNames(ws);
  const preview = useQuery({ queryKey: [ws, 'impact', group.id], queryFn: () => call<Preview>('DELETE', path, { query: { dry_run: true } }), staleTime: 0 });
  const remove = useMutation({
    mutationFn: () => call('DELETE', path),
    onSuccess: () => {
      done(`${group.name} is deleted. Its members stay in the workspace.`);
      void refresh(ws);
      go(`/w/${ws}/groups`);
    },
  });
  return (
    <Modal
      title={`Delete ${group.name}`}
      size="xl"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="destructive" loading={remove.isPending} disabled={preview.data === undefined || preview.data.problems.length > 0} onClick={() => remove.mutate()}>
            Delete group
          </Button>
        </>
      }
    >
      <p>Its members stay in the workspace and lose what only this group gave them.</p>
      <Loaded query={preview} what="Working out what this means">
        {({ problems, changes }) => (
          <>
            <Problems problems={problems} />
            <Difference changes={changes} names={names} person={(id) => id} none="Nobody loses anything." />
          </>
        )}
      </Loaded>
      {remove.isError && <p role="alert" className="text-kumo-danger">{messageOf(remove.error)}</p>}
    </Modal>
  );
}
