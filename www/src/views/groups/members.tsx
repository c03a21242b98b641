// Who is in a group, and how people get in and out.
import { useState, type FormEvent } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';

import { client, refresh } from '../../api/client';
import { call, messageOf, newKey } from '../../api/http';
import { at, useGroupMembers } from '../../api/queries';
import type { Group, GroupMember } from '../../api/types';
import { TextField } from '../../ui/field';
import { Empty, Loaded, Section } from '../../ui/page';
import { done, failed } from '../../ui/toast';

const keyOf = (member: GroupMember): string => member.id ?? member.email;

export function GroupMembers({ ws, group, mayManage }: { ws: string; group: Group; mayManage: boolean }) {
  const members = useGroupMembers(ws, group.id);
  const isOpen = mayManage && !group.managed;
  return (
    <Section title="Members">
      {isOpen && <Add ws={ws} group={group} />}
      {group.managed && <p className="text-kumo-subtle">The identity provider decides who is in this group.</p>}
      <div className="card">
        <Loaded query={members} what="Loading members">
          {({ data, complete }) =>
            data.length === 0 ? (
              <Empty title="Nobody yet">Add a member by their address; somebody with a pending invite works as well.</Empty>
            ) : (
              <ul className="divide-y divide-kumo-line" aria-label={`Members of ${group.name}`}>
                {data.map((member) => (
                  <Row key={keyOf(member)} ws={ws} group={group} member={member} isOpen={isOpen} />
                ))}
                {!complete && <li className="px-3 py-2 text-kumo-subtle">There are more: filter the members by this group to see all.</li>}
              </ul>
            )
          }
        </Loaded>
      </div>
    </Section>
  );
}

function Row({ ws, group, member, isOpen }: { ws: string; group: Group; member: GroupMember; isOpen: boolean }) {
  const leave = useLeave(ws, group, member);
  const name = member.name ?? member.email;
  return (
    <li className="flex items-center gap-2 px-3 py-2">
      <span className="min-w-0 flex-1">
        {member.id === null ? name : <Link href={`/w/${ws}/members/${member.id}`} className="link">{name}</Link>} <span className="break-all text-kumo-subtle">{member.email}</span>
      </span>
      {member.invite !== null && <Badge variant="outline">invited</Badge>}
      {isOpen && (
        <Button size="sm" aria-label={`Take out ${name}`} onClick={() => leave.mutate()}>
          Take out
        </Button>
      )}
    </li>
  );
}

type Answer = { data: GroupMember[]; complete: boolean };

const join = (ws: string, group: Group, members: string[]): Promise<unknown> => call('POST', at(ws, `/groups/${group.id}/members`), { body: { members }, key: newKey() });

/** Out of the list at once; back in it if the server refuses. */
function useLeave(ws: string, group: Group, member: GroupMember) {
  const key = [ws, 'group', group.id, 'members'];
  return useMutation({
    mutationFn: () => call('DELETE', at(ws, `/groups/${group.id}/members/${encodeURIComponent(keyOf(member))}`)),
    onMutate: () => {
      const before = client.getQueryData<Answer>(key);
      client.setQueryData<Answer>(key, (old) => old && { ...old, data: old.data.filter((one) => keyOf(one) !== keyOf(member)) });
      return before;
    },
    onSuccess: () => {
      const undo = () => void join(ws, group, [keyOf(member)]).catch((error: unknown) => failed(messageOf(error))).then(() => refresh(ws));
      done(`${member.name ?? member.email} is out of ${group.name}`, undo);
    },
    onError: (error, _, before) => {
      client.setQueryData(key, before);
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
