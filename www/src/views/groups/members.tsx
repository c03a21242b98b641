// Who is in a group, and how people get in and out.
import { useState, type FormEvent } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';

import { refresh } from '../../api/client';
import { call, messageOf, newKey } from '../../api/http';
import { dropRows, useFitting } from '../../api/listing';
import { at, useGroupMembers } from '../../api/queries';
import type { Group, GroupMember } from '../../api/types';
import { TextField } from '../../ui/field';
import { LongList } from '../../ui/long-list';
import { Empty, Section } from '../../ui/page';
import { done, failed } from '../../ui/toast';

const keyOf = (member: GroupMember): string => member.id ?? member.email;

export function GroupMembers({ ws, group, mayManage }: { ws: string; group: Group; mayManage: boolean }) {
  const [text, setText] = useState('');
  const members = useGroupMembers(ws, group.id, { least: text === '' ? 0 : Infinity });
  const shown = useFitting(members.rows, text, (member) => `${member.name ?? ''} ${member.email}`);
  const isOpen = mayManage && !group.managed;
  const empty = text === '' ? <Empty title="Nobody yet">Add a member by their address; somebody with a pending invite works as well.</Empty> : <Empty title="Nobody matches">Nobody in this group is called like that.</Empty>;
  return (
    <Section title="Members">
      {isOpen && <Add ws={ws} group={group} />}
      {group.managed && <p className="text-kumo-subtle">The identity provider decides who is in this group.</p>}
      <TextField label="Search in this group" type="search" value={text} onChange={(event) => setText(event.target.value)} />
      <div className="card">
        <LongList label={`Members of ${group.name}`} listing={members} rows={shown} keyOf={keyOf} isSearch={text !== ''} what="Loading members" empty={empty}>
          {(member) => <Row ws={ws} group={group} member={member} isOpen={isOpen} />}
        </LongList>
      </div>
    </Section>
  );
}

function Row({ ws, group, member, isOpen }: { ws: string; group: Group; member: GroupMember; isOpen: boolean }) {
  const leave = useLeave(ws, group, member);
  const name = member.name ?? member.email;
  return (
    <div className="flex items-center gap-2 px-3 py-2">
      <span className="min-w-0 flex-1">
        {member.id === null ? name : <Link href={`/w/${ws}/members/${member.id}`} className="link">{name}</Link>} <span className="break-all text-kumo-subtle">{member.email}</span>
      </span>
      {member.invite !== null && <Badge variant="outline">invited</Badge>}
      {isOpen && (
        <Button size="sm" aria-label={`Take out ${name}`} onClick={() => leave.mutate()}>
          Take out
        </Button>
      )}
    </div>
  );
}

const join = (ws: string, group: Group, members: string[]): Promise<unknown> => call('POST', at(ws, `/groups/${group.id}/members`), { body: { members }, key: newKey() });

/** Out of the list at once; back in it if the server refuses. */
function useLeave(ws: string, group: Group, member: GroupMember) {
  return useMutation({
    mutationFn: () => call('DELETE', at(ws, `/groups/${group.id}/members/${encodeURIComponent(keyOf(member))}`)),
    onMutate: () => dropRows<GroupMember>([ws, 'group', group.id, 'members'], (one) => keyOf(one) === keyOf(member)),
    onSuccess: () => {
      const undo = () => void join(ws, group, [keyOf(member)]).catch((error: unknown) => failed(messageOf(error))).then(() => refresh(ws));
      done(`${member.name ?? member.email} is out of ${group.name}`, undo);
    },
    onError: (error, _, putBack) => {
      putBack?.();
      failed(`Still in the group: ${messageOf(error)}`);
    },
    onSettled: () => refresh(ws),
  });
}

function Add({ ws, group }: { ws: string; group: Group }) {
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => join(ws, group, text.split(/[\s,;]+/).filter(Boolean)),
    onSuccess: () => {
      setText('');
      done(`Added to ${group.name}`);
    },
    onSettled: () => refresh(ws),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form onSubmit={submit} className="flex items-end gap-2">
      <TextField label="Add by address" className="flex-1" value={text} onChange={(event) => setText(event.target.value)} error={add.isError ? messageOf(add.error) : undefined} />
      <Button type="submit" loading={add.isPending} disabled={text.trim() === ''} className="self-end">
        Add
      </Button>
    </form>
  );
}
