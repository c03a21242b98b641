// Groups: sets of members that hold roles together.
import { useState, type FormEvent } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import type { GrantExpression } from 'rolecall';

import { GrantEditor } from '../../access/grant-editor';
import { useGrantWords } from '../../access/names';
import { refresh } from '../../api/client';
import { Problem, call, messageOf, newKey } from '../../api/http';
import { at, useGroups, useMyWorkspace } from '../../api/queries';
import type { Group } from '../../api/types';
import type { ViewProps } from '../../shell/views';
import { TextField } from '../../ui/field';
import { PlusIcon } from '../../ui/icons';
import { Modal } from '../../ui/modal';
import { Empty, Loaded, Page } from '../../ui/page';
import { done } from '../../ui/toast';
import { listWords } from '../../words';
import { GroupPage } from './group';

export function View({ ws, id }: ViewProps) {
  return id === undefined ? <Groups ws={ws} /> : <GroupPage ws={ws} id={id} />;
}

function Groups({ ws }: { ws: string }) {
  const mayManage = useMyWorkspace(ws)!.actions.includes('group:manage');
  const groups = useGroups(ws);
  const [isAdding, setAdding] = useState(false);
  const add = mayManage && (
    <Button variant="primary" icon={PlusIcon} onClick={() => setAdding(true)}>
      New group
    </Button>
  );
  return (
    <Page title="Groups" intro="Everybody in a group holds its roles, on top of their own." actions={add}>
      <div className="card">
        <Loaded query={groups} what="Loading groups">
          {({ data }) => (data.length === 0 ? <Empty title="No groups yet" action={add}>Make one for each team, give it roles, and add people.</Empty> : <List ws={ws} groups={data} />)}
        </Loaded>
      </div>
      {isAdding && <NewGroup ws={ws} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function List({ ws, groups }: { ws: string; groups: Group[] }) {
  const words = useGrantWords(ws);
  return (
    <ul className="divide-y divide-kumo-line">
      {groups.map(({ id, name, grants, managed }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-3 px-4 py-3">
          <Link href={`/w/${ws}/groups/${id}`} className="link font-medium">
            {name}
          </Link>
          {managed && <Badge variant="neutral">IdP-managed</Badge>}
          <span className="text-kumo-subtle">{grants.length === 0 ? 'Gives no roles yet' : listWords(grants.map((grant) => words(grant.expression)))}</span>
        </li>
      ))}
    </ul>
  );
}

function NewGroup({ ws, onClose }: { ws: string; onClose: () => void }) {
  const [, go] = useLocation();
  const [name, setName] = useState('');
  const [grants, setGrants] = useState<GrantExpression[]>([]);
  const [key, setKey] = useState(newKey);
  const make = useMutation({
    mutationFn: () => call<Group>('POST', at(ws, '/groups'), { body: { name: name.trim(), grants }, key }),
    onSuccess: (group) => {
      done(`${group.name} is there. Add people to it.`);
      void refresh(ws);
      go(`/w/${ws}/groups/${group.id}`);
    },
    onError: () => setKey(newKey()),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  const isTaken = make.error instanceof Problem && make.error.code === 'name_taken';
  return (
    <Modal title="New group" size="xl" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" required value={name} onChange={(event) => setName(event.target.value)} error={isTaken ? messageOf(make.error) : undefined} />
        <GrantEditor ws={ws} value={grants} onChange={setGrants} />
        {make.isError && !isTaken && <p role="alert" className="text-kumo-danger">{messageOf(make.error)}</p>}
        <Button type="submit" variant="primary" className="self-end" loading={make.isPending} disabled={name.trim() === ''}>
          Create group
        </Button>
      </form>
    </Modal>
  );
}
