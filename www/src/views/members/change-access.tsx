// Changing what a member holds: the difference before it is saved, and what to do when somebody else was faster.
import { useMemo, useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import type { GrantExpression } from 'rolecall';

import { Difference, Problems, previewOf } from '../../access/difference';
import { GrantEditor } from '../../access/grant-editor';
import { Meanwhile, conflictOf, type Conflict } from '../../access/meanwhile';
import { useNames } from '../../access/names';
import { refresh } from '../../api/client';
import { Problem, ask, call, messageOf, type Answer } from '../../api/http';
import { at } from '../../api/queries';
import type { Member } from '../../api/types';
import { Modal } from '../../ui/modal';
import { Failed, Loading, Section } from '../../ui/page';
import { done, failed } from '../../ui/toast';
import { useJudging } from '../invite/judging';

const direct = (member: Member): GrantExpression[] => member.grants.filter((grant) => grant.via === 'direct').map((grant) => grant.expression);
const isSame = (one: readonly string[], other: readonly string[]): boolean => one.length === other.length && one.every((grant) => other.includes(grant));

export function ChangeAccess({ ws, answer, onClose }: { ws: string; answer: Answer<Member>; onClose: () => void }) {
  // What the editing began with; the page behind may learn of newer states.
  const [base, setBase] = useState(answer);
  const [grants, setGrants] = useState(() => direct(answer.data));
  const [conflict, setConflict] = useState<Conflict<Member> | null>(null);
  const member = base.data;
  const save = useMutation({
    mutationFn: (wanted: GrantExpression[]) => ask<Member>('PUT', at(ws, `/members/${member.id}/grants`), { body: { grants: wanted }, ifMatch: base.etag ?? undefined }),
    onSuccess: ({ etag }) => {
      done(`Access of ${member.name} changed`, () => void undo(ws, member, etag));
      void refresh(ws);
      onClose();
    },
    onError: async (error) => {
      if (!(error instanceof Problem) || error.code !== 'version_conflict') return;
      setConflict(await conflictOf<Member>(ws, `/members/${member.id}`));
      // The difference has to be worked out on what is there now.
      void refresh(ws);
    },
  });
  const takeOver = () => {
    if (conflict === null) return;
    setBase(conflict.now);
    setConflict(null);
    save.reset();
  };
  const isChanged = !isSame(grants, direct(member));
  return (
    <Modal
      title={`Change access of ${member.name}`}
      size="xl"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" loading={save.isPending} disabled={!isChanged || conflict !== null} onClick={() => save.mutate(grants)}>
            Save
          </Button>
        </>
      }
    >
      {conflict !== null && <Meanwhile ws={ws} what="member" by={conflict.by} before={direct(member)} now={direct(conflict.now.data)} onGoOn={takeOver} />}
      <GrantEditor ws={ws} value={grants} onChange={setGrants} legend="Roles given directly" />
      <Before ws={ws} member={member} grants={grants} isChanged={isChanged} />
      {save.isError && conflict === null && <Refused error={save.error} />}
    </Modal>
  );
}

/** Gives back what the change took, unless somebody changed it since. */
async function undo(ws: string, member: Member, etag: string | null): Promise<void> {
  try {
    await call('PUT', at(ws, `/members/${member.id}/grants`), { body: { grants: direct(member) }, ifMatch: etag ?? undefined });
    done(`Access of ${member.name} is as it was`);
  } catch (error) {
    failed(`Not undone: ${messageOf(error)}`);
  }
  void refresh(ws);
}

function Refused({ error }: { error: unknown }) {
  const hint = error instanceof Problem && error.code === 'last_owner' ? ' Make somebody else a Workspace Owner first, then take the role away here.' : '';
  return <p role="alert" className="text-kumo-danger">{messageOf(error) + hint}</p>;
}

function Before({ ws, member, grants, isChanged }: { ws: string; member: Member; grants: GrantExpression[]; isChanged: boolean }) {
  const access = useJudging(ws, member.id);
  const names = useNames(ws);
  const preview = useMemo(() => (isChanged ? previewOf(access.data, [{ set_grants: grants, member: member.id }]) : undefined), [access.data, grants, isChanged, member.id]);
  if (!isChanged) return <p className="text-kumo-subtle">Add or take away roles to see what that changes.</p>;
  if (access.error !== null) return <Failed error={access.error} retry={() => void access.refetch()} />;
  if (preview === undefined) return <Loading what="Working out the difference" />;
  return (
    <Section title="What changes" level={3}>
      <Problems problems={preview.problems} />
      <div aria-live="polite">
        <Difference changes={preview.changes} names={names} none={preview.problems.length > 0 ? 'Nothing, while this stands in the way.' : undefined} />
      </div>
    </Section>
  );
}
