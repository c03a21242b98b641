// Changing what an invite offers before it is accepted.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import type { GrantExpression } from 'rolecall';

import { GrantEditor } from '../../access/grant-editor';
import { GroupPicker } from '../../access/group-picker';
import { refresh } from '../../api/client';
import { call, messageOf } from '../../api/http';
import { at } from '../../api/queries';
import type { Invite } from '../../api/types';
import { Modal } from '../../ui/modal';
import { done } from '../../ui/toast';

export function ChangeInvite({ ws, invite, onClose }: { ws: string; invite: Invite; onClose: () => void }) {
  const [grants, setGrants] = useState<GrantExpression[]>(invite.grants.filter((grant) => grant.via === 'direct').map((grant) => grant.expression));
  const [groups, setGroups] = useState(invite.groups.map((group) => group.id));
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
          <Button variant="primary" loading={save.isPending} onClick={() => save.mutate()}>
            Save
          </Button>
        </>
      }
    >
      <GrantEditor ws={ws} value={grants} onChange={setGrants} />
      <GroupPicker ws={ws} value={groups} onChange={setGroups} />
      {save.isError && <p role="alert" className="text-kumo-danger">{messageOf(save.error)}</p>}
    </Modal>
  );
}
