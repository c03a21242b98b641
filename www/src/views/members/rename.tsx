// A member's name in this workspace. It shows at once and goes back if the server refuses.
import { useState, type FormEvent } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';

import { client, refresh } from '../../api/client';
import { call, messageOf, type Answer } from '../../api/http';
import { at } from '../../api/queries';
import type { Member } from '../../api/types';
import { TextField } from '../../ui/field';
import { Modal } from '../../ui/modal';
import { done, failed } from '../../ui/toast';

export function useRename(ws: string, member: Member) {
  const key = [ws, 'member', member.id];
  return useMutation({
    mutationFn: (name: string) => call('PATCH', at(ws, `/members/${member.id}`), { body: { name } }),
    onMutate: (name: string) => {
      const before = client.getQueryData<Answer<Member>>(key);
      if (before !== undefined) client.setQueryData(key, { ...before, data: { ...before.data, name } });
      return before;
    },
    onError: (error, _, before) => {
      client.setQueryData(key, before);
      failed(`The name is as it was: ${messageOf(error)}`);
    },
    onSettled: () => refresh(ws),
  });
}

export function Rename({ ws, member, onClose }: { ws: string; member: Member; onClose: () => void }) {
  const [name, setName] = useState(member.name);
  const rename = useRename(ws, member);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const before = member.name;
    rename.mutate(name.trim(), { onSuccess: () => done(`Renamed to ${name.trim()}`, () => rename.mutate(before)) });
    onClose();
  };
  return (
    <Modal title="Rename" onClose={onClose}>
      <form id="rename" onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" required value={name} onChange={(event) => setName(event.target.value)} />
        <Button type="submit" variant="primary" className="self-end" disabled={name.trim() === '' || name.trim() === member.name}>
          Save
        </Button>
      </form>
    </Modal>
  );
}
