// What groups of the provider give here: each is a group that the connection manages, with roles like any other.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { GrantExpression } from 'rolecall';

import { GrantEditor } from '../../access/grant-editor';
import { refresh } from '../../api/client';
import { Problem, ask, messageOf } from '../../api/http';
import { PlusIcon } from '../../ui/icons';
import { TextField } from '../../ui/field';
import { Empty } from '../../ui/page';
import { done } from '../../ui/toast';
import { placeOf, type Connection } from './queries';

interface Draft {
  group: string;
  grants: GrantExpression[];
  /** The group here, once it is saved. */
  id?: string;
}

const draftOf = ({ role_mappings }: Connection): Draft[] => role_mappings.map(({ group, group_id, grants }) => ({ group, id: group_id, grants: grants.map((grant) => grant.expression) }));

export function Mappings({ ws, connection, etag }: { ws: string; connection: Connection; etag: string | null }) {
  const [rows, setRows] = useState(() => draftOf(connection));
  // The state that the editing began with: a login meanwhile is no change of it.
  const [tag, setTag] = useState(etag);
  const set = (index: number, change: Partial<Draft>) => setRows(rows.map((row, nth) => (nth === index ? { ...row, ...change } : row)));
  const save = useMutation({
    mutationFn: () => ask<Connection>('PATCH', placeOf(ws, connection.id), { body: { role_mappings: rows.map(({ group, grants }) => ({ group: group.trim(), grants })) }, ifMatch: tag ?? undefined }),
    onSuccess: (saved) => {
      setRows(draftOf(saved.data));
      setTag(saved.etag);
      done('Groups and roles are saved. They hold from the next login on.');
      void refresh(ws);
    },
  });
  const problem = (path: string) => (save.error instanceof Problem ? save.error.issues.find((issue) => issue.path.startsWith(path))?.detail : undefined);
  const isLate = save.error instanceof Problem && save.error.code === 'version_conflict';
  const add = (
    <Button icon={PlusIcon} onClick={() => setRows([...rows, { group: '', grants: [] }])}>
      Map a group
    </Button>
  );
  return (
    <div className="flex flex-col gap-4">
      <p className="max-w-prose text-kumo-subtle">
        Who is in none of these gets the roles of the settings for people who come by SSO. What an owner gives somebody by hand stays apart from this, and neither wipes the other.
      </p>
      {rows.length === 0 && <div className="card"><Empty title="No groups mapped yet" action={add}>Write a group as the provider sends it, and choose the roles that it gives. A login that you try shows the groups.</Empty></div>}
      {rows.map((row, index) => (
        <section key={index} aria-label={row.group === '' ? `Mapping ${index + 1}` : row.group} className="card flex flex-col gap-4 p-4">
          <div className="flex flex-wrap items-end gap-2">
            <TextField label="Group at the provider" className="min-w-48 flex-1" value={row.group} onChange={(event) => set(index, { group: event.target.value })} error={problem(`/role_mappings/${index}/group`)} />
            {row.id !== undefined && (
              <Link href={`/w/${ws}/groups/${row.id}`} className="link py-2">
                The group here
              </Link>
            )}
            <Button variant="secondary-destructive" aria-label={`Take away the mapping of ${row.group === '' ? `row ${index + 1}` : row.group}`} onClick={() => setRows(rows.filter((_, nth) => nth !== index))}>
              Take away
            </Button>
          </div>
          <GrantEditor ws={ws} value={row.grants} onChange={(grants) => set(index, { grants })} legend="Roles that it gives" />
          {problem(`/role_mappings/${index}/grants`) !== undefined && <p className="text-sm text-kumo-danger">{problem(`/role_mappings/${index}/grants`)}</p>}
        </section>
      ))}
      {rows.length > 0 && <div className="self-start">{add}</div>}
      {save.isError && <p role="alert" className="text-kumo-danger">{isLate ? 'Somebody else changed this connection while you were editing. Nothing of yours was saved: reload the page to see theirs.' : messageOf(save.error)}</p>}
      <Button variant="primary" className="self-start" loading={save.isPending} disabled={rows.some(({ group }) => group.trim() === '')} onClick={() => save.mutate()}>
        Save groups and roles
      </Button>
    </div>
  );
}
