// Changing a group's name and roles: what that means for everybody in it, before it is saved.
import { useMemo, useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import type { GrantExpression } from 'rolecall';

import { Difference, Problems, previewOf } from '../../access/difference';
import { GrantEditor } from '../../access/grant-editor';
import { useNames } from '../../access/names';
import { Person } from '../../access/person';
import { ServerEffect } from '../../access/server-effect';
import { refresh } from '../../api/client';
import { Problem, call, messageOf } from '../../api/http';
import { at } from '../../api/queries';
import type { Group } from '../../api/types';
import { TextField } from '../../ui/field';
import { Modal } from '../../ui/modal';
import { Failed, Loading, Section } from '../../ui/page';
import { done } from '../../ui/toast';
import { useIsLarge, useJudging } from '../invite/judging';

export function ChangeGroup({ ws, group, etag, onClose }: { ws: string; group: Group; etag: string | null; onClose: () => void }) {
  const before = group.grants.map((grant) => grant.expression);
  const [grants, setGrants] = useState<GrantExpression[]>(before);
  const [name, setName] = useState(group.name);
  const isChanged = grants.join() !== before.join();
  const save = useMutation({
    mutationFn: async () => {
      if (isChanged) await call('PUT', at(ws, `/groups/${group.id}/grants`), { body: { grants }, ifMatch: etag ?? undefined });
      if (name.trim() !== group.name) await call('PATCH', at(ws, `/groups/${group.id}`), { body: { name: name.trim() } });
    },
    onSuccess: () => {
      done(`${name.trim()} changed`);
      onClose();
    },
    onSettled: () => refresh(ws),
  });
  const isLate = save.error instanceof Problem && save.error.code === 'version_conflict';
  return (
    <Modal
      title={`Change ${group.name}`}
      size="xl"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" loading={save.isPending} disabled={isLate || name.trim() === '' || (!isChanged && name.trim() === group.name)} onClick={() => save.mutate()}>
            Save
          </Button>
        </>
      }
    >
      <TextField label="Name" value={name} onChange={(event) => setName(event.target.value)} />
      <GrantEditor ws={ws} value={grants} onChange={setGrants} />
      {isChanged && <Effect ws={ws} group={group} grants={grants} />}
      {save.isError && (
        <p role="alert" className="text-kumo-danger">
          {isLate ? 'Somebody else changed this group while you were editing. Nothing of yours was saved: close this, look at the new state, and change that.' : messageOf(save.error)}
        </p>
      )}
    </Modal>
  );
}

/** In a large workspace the page has only a part of the members, and the server works out the difference. */
function Effect({ ws, group, grants }: { ws: string; group: Group; grants: GrantExpression[] }) {
  const isLarge = useIsLarge(ws);
  const person = (id: string) => <Person ws={ws} id={id} />;
  if (isLarge === undefined) return <Loading what="Working out the difference" />;
  return isLarge ? <ServerEffect ws={ws} changes={[{ set_group_grants: grants, group: group.id }]} person={person} /> : <OwnEffect ws={ws} group={group} grants={grants} />;
}

function OwnEffect({ ws, group, grants }: { ws: string; group: Group; grants: GrantExpression[] }) {
  const access = useJudging(ws);
  const names = useNames(ws);
  const preview = useMemo(() => previewOf(access.data, [{ set_group_grants: grants, group: group.id }]), [access.data, grants, group.id]);
  if (access.error !== null) return <Failed error={access.error} retry={() => void access.refetch()} />;
  if (preview === undefined) return <Loading what="Working out the difference" />;
  return (
    <Section title="What changes" level={3}>
      <Problems problems={preview.problems} />
      <Difference changes={preview.changes} names={names} person={(id) => <Person ws={ws} id={id} />} />
    </Section>
  );
}
