// Changing a group's name and roles: what that means for everybody in it, before it is saved.
import { useMemo, useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import type { GrantExpression } from 'rolecall';

import { Difference, Problems, previewOf } from '../../access/difference';
import { GrantEditor } from '../../access/grant-editor';
import { Meanwhile, conflictOf, type Conflict } from '../../access/meanwhile';
import { useNames } from '../../access/names';
import { Person } from '../../access/person';
import { ServerEffect } from '../../access/server-effect';
import { refresh } from '../../api/client';
import { Problem, call, messageOf, type Answer } from '../../api/http';
import { at } from '../../api/queries';
import type { Group } from '../../api/types';
import { TextField } from '../../ui/field';
import { Modal } from '../../ui/modal';
import { Failed, Loading, Section } from '../../ui/page';
import { done } from '../../ui/toast';
import { useIsLarge, useJudging } from '../invite/judging';

const expressions = (group: Group): GrantExpression[] => group.grants.map((grant) => grant.expression);

export function ChangeGroup({ ws, answer, onClose }: { ws: string; answer: Answer<Group>; onClose: () => void }) {
  // What the editing began with; the page behind may learn of newer states.
  const [base, setBase] = useState(answer);
  const [conflict, setConflict] = useState<Conflict<Group> | null>(null);
  const group = base.data;
  const [grants, setGrants] = useState(() => expressions(group));
  const [name, setName] = useState(group.name);
  const isChanged = grants.join() !== expressions(group).join();
  const save = useMutation({
    mutationFn: async () => {
      if (isChanged) await call('PUT', at(ws, `/groups/${group.id}/grants`), { body: { grants }, ifMatch: base.etag ?? undefined });
      if (name.trim() !== group.name) await call('PATCH', at(ws, `/groups/${group.id}`), { body: { name: name.trim() } });
    },
    onSuccess: () => {
      done(`${name.trim()} changed`);
      onClose();
    },
    onError: async (error) => {
      if (error instanceof Problem && error.code === 'version_conflict') setConflict(await conflictOf<Group>(ws, `/groups/${group.id}`));
    },
    onSettled: () => refresh(ws),
  });
  const takeOver = () => {
    if (conflict === null) return;
    setBase(conflict.now);
    setConflict(null);
    save.reset();
  };
  return (
    <Modal
      title={`Change ${group.name}`}
      size="xl"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" loading={save.isPending} disabled={conflict !== null || name.trim() === '' || (!isChanged && name.trim() === group.name)} onClick={() => save.mutate()}>
            Save
          </Button>
        </>
      }
    >
      {conflict !== null && <Meanwhile ws={ws} what="group" by={conflict.by} before={expressions(group)} now={expressions(conflict.now.data)} onGoOn={takeOver} />}
      <TextField label="Name" value={name} onChange={(event) => setName(event.target.value)} />
      <GrantEditor ws={ws} value={grants} onChange={setGrants} />
      {isChanged && <Effect ws={ws} group={group} grants={grants} />}
      {save.isError && conflict === null && <p role="alert" className="text-kumo-danger">{messageOf(save.error)}</p>}
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
