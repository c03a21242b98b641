// Deleting the workspace, by typing its name.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';

import { client } from '../../api/client';
import { call, messageOf } from '../../api/http';
import { at } from '../../api/queries';
import type { Workspace } from '../../api/types';
import { TextField } from '../../ui/field';
import { Modal } from '../../ui/modal';
import { Section } from '../../ui/page';
import { done } from '../../ui/toast';

export function DeleteWorkspace({ ws, workspace }: { ws: string; workspace: Workspace }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <Section title="Delete the workspace">
      <div className="card flex flex-col items-start gap-3 p-4">
        <p className="text-kumo-subtle">Everybody loses access, and its members, invites, groups, tokens and audit trail are gone. This can’t be undone.</p>
        <Button variant="secondary-destructive" onClick={() => setAsking(true)}>
          Delete workspace
        </Button>
      </div>
      {isAsking && <Confirm ws={ws} workspace={workspace} onClose={() => setAsking(false)} />}
    </Section>
  );
}

function Confirm({ ws, workspace, onClose }: { ws: string; workspace: Workspace; onClose: () => void }) {
  const [, go] = useLocation();
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    mutationFn: () => call('DELETE', at(ws)),
    onSuccess: () => {
      client.clear();
      done(`${workspace.name} is deleted`);
      go('/?choose');
    },
  });
  return (
    <Modal
      title={`Delete ${workspace.name}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="destructive" disabled={typed.trim() !== workspace.name} loading={remove.isPending} onClick={() => remove.mutate()}>
            Delete for good
          </Button>
        </>
      }
    >
      <TextField label={`Type ${workspace.name} to confirm`} value={typed} onChange={(event) => setTyped(event.target.value)} />
      {remove.isError && <p role="alert" className="text-kumo-danger">{messageOf(remove.error)}</p>}
    </Modal>
  );
}
