// Changing what an invite offers before it is accepted, with what the invitee will be able to do and what stands in the way.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import type { GrantExpression } from 'rolecall';

import { Problems } from '../../access/difference';
import { GrantEditor } from '../../access/grant-editor';
import { GroupPicker } from '../../access/group-picker';
import { useNames } from '../../access/names';
import { ReachTable } from '../../access/reach-table';
import { refresh } from '../../api/client';
import { call, messageOf } from '../../api/http';
import { at } from '../../api/queries';
import type { Invite } from '../../api/types';
import { Modal } from '../../ui/modal';
import { Failed, Loading, Section } from '../../ui/page';
import { done } from '../../ui/toast';
import { useJudged } from '../invite/judged';

/** The invite has its address and its seat already: it is judged as one of somebody new. */
const NOBODY_ELSE: string[] = [];
const isSame = (one: readonly string[], other: readonly string[]): boolean => one.length === other.length && one.every((each) => other.includes(each));

export function ChangeInvite({ ws, invite, onClose }: { ws: string; invite: Invite; onClose: () => void }) {
  const [before] = useState(() => ({ grants: invite.grants.filter((grant) => grant.via === 'direct').map((grant) => grant.expression), groups: invite.groups.map((group) => group.id) }));
  const [grants, setGrants] = useState<GrantExpression[]>(before.grants);
  const [groups, setGroups] = useState(before.groups);
  const judged = useJudged(ws, { addresses: NOBODY_ELSE, grants, groups });
  const others = (judged.data?.others ?? []).filter(({ code }) => code !== 'seat_limit_reached');
  const isChanged = !isSame(grants, before.grants) || !isSame(groups, before.groups);
  const isWrong = others.length > 0 || (judged.data?.grants.size ?? 0) > 0;
  const save = useMutation({
    mutationFn: () => call('PATCH', at(ws, `/invites/${invite.id}`), { body: { grants, groups } }),
    onSuccess: () => {
      done(`The invite of ${invite.email} offers something else now. Its link is the same.`);
      void refresh(ws);
      onClose();
    },
  });
  return (
    <Modal
      title={`Change the invite of ${invite.email}`}
      size="xl"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" loading={save.isPending} disabled={!isChanged || isWrong} onClick={() => save.mutate()}>
            Save
          </Button>
        </>
      }
    >
      <GrantEditor ws={ws} value={grants} onChange={setGrants} problems={judged.data?.grants} />
      <GroupPicker ws={ws} value={groups} onChange={setGroups} />
      <Problems problems={others} />
      <Outcome ws={ws} judged={judged} />
      {save.isError && <p role="alert" className="text-kumo-danger">{messageOf(save.error)}</p>}
    </Modal>
  );
}

function Outcome({ ws, judged }: { ws: string; judged: ReturnType<typeof useJudged> }) {
  const names = useNames(ws);
  return (
    <Section title="What they will be able to do" level={3}>
      {judged.error !== null && <Failed error={judged.error} retry={() => void judged.refetch()} />}
      {judged.data === undefined ? judged.error === null && <Loading what="Starting the preview" /> : <div aria-live="polite"><ReachTable gained={judged.data.gained} names={names} /></div>}
    </Section>
  );
}
