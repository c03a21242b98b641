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
import { useFitting } from '../../api/listing';
import { at, useGroups, useMyWorkspace } from '../../api/queries';
import type { Group } from '../../api/types';
import type { ViewProps } from '../../shell/views';
import { TextField } from '../../ui/field';
import { PlusIcon } from '../../ui/icons';
import { LongList } from '../../ui/long-list';
import { Modal } from '../../ui/modal';
import { Empty, Page } from '../../ui/page';
import { useSearchText } from '../../ui/search-text';
import { done } from '../../ui/toast';
import { listWords } from '../../words';
import { GroupPage } from './group';

export function View({ ws, id }: ViewProps) {
  return id === undefined ? <Groups ws={ws} /> : <GroupPage ws={ws} id={id} />;
}

function Groups({ ws }: { ws: string }) {
  const mayManage = useMyWorkspace(ws)!.actions.includes('group:manage');
  const [text, setText] = useSearchText();
  const groups = useGroups(ws, { least: text === '' ? 0 : Infinity });
  const shown = useFitting(groups.rows, text, ({ name }) => name);
  const [isAdding, setAdding] = useState(false);
  const add = mayManage && (
    <Button variant="primary" icon={PlusIcon} onClick={() => setAdding(true)}>
      New group
    </Button>
  );
  const empty = text === '' ? <Empty title="No groups yet" action={add}>Make one for each team, give it roles, and add people.</Empty> : <Empty title="Nothing matches">No group has this in its name.</Empty>;
  return (
    <Page title="Groups" intro="Everybody in a group holds its roles, on top of their own." actions={add}>
      <TextField label="Search" type="search" className="max-w-md" value={text} onChange={(event) => setText(event.target.value)} />
      <div className="card">
        <LongList label="Groups" listing={groups} rows={shown} keyOf={({ id }) => id} isSearch={text !== ''} what="Loading groups" empty={empty}>
          {(group) => <Row ws={ws} group={group} />}
        </LongList>
      </div>
      {isAdding && <NewGroup ws={ws} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function Row({ ws, group: { id, name, grants, managed } }: { ws: string; group: Group }) {
  const words = useGrantWords(ws);
  return (
    <div className="flex flex-wrap items-center gap-x-3 px-4 py-3">
      <Link href={`/w/${ws}/groups/${id}`} className="link font-medium">
        {name}
      </Link>
      {managed && <Badge variant="neutral">IdP-managed</Badge>}
      <span className="text-kumo-subtle">{grants.length === 0 ? 'Gives no roles yet' : listWords(grants.map((grant) => words(grant.expression)))}</span>
    </div>
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
