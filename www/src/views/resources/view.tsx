// Resources: what roles can be scoped to, with their labels.
import { useState } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { Link } from 'wouter';

import { useFitting } from '../../api/listing';
import { useMe, useMyWorkspace, useRegistry } from '../../api/queries';
import type { Resource } from '../../api/types';
import { useChecks } from '../../engine';
import type { ViewProps } from '../../shell/views';
import { SelectField, TextField } from '../../ui/field';
import { PlusIcon } from '../../ui/icons';
import { LongList } from '../../ui/long-list';
import { Empty, Page } from '../../ui/page';
import { useParameter, useSearchText } from '../../ui/search-text';
import { RESOURCE_TYPES, capital, kindOf, kindsOf, resourceWords } from '../../words';
import { EditResource } from './edit';
import { DeleteResource } from './delete';

type Deed = { what: 'edit' | 'delete'; resource: Resource } | { what: 'new' };

export function View({ ws }: ViewProps) {
  const { actions } = useMyWorkspace(ws)!;
  const [type, setType] = useParameter('type');
  const [text, setText] = useSearchText();
  const isSearch = text !== '';
  const resources = useRegistry(ws, type, isSearch ? Infinity : 1);
  const shown = useFitting(resources.rows, text, ({ name, id }) => `${name} ${id}`);
  const [deed, setDeed] = useState<Deed | null>(null);
  const mayMake = RESOURCE_TYPES.some((one) => actions.includes(`${one}:create`));
  const add = mayMake && (
    <Button variant="primary" icon={PlusIcon} onClick={() => setDeed({ what: 'new' })}>
      New resource
    </Button>
  );
  const isNone = !isSearch && type === '';
  return (
    <Page title="Resources" intro="What roles can be scoped to. Rolecall keeps their names and labels, not the things themselves." actions={add}>
      <div className="flex flex-wrap gap-3">
        <TextField label="Search" type="search" className="min-w-48 flex-1" value={text} onChange={(event) => setText(event.target.value)} />
        <SelectField label="Kind" className="min-w-40" value={type} onChange={(event) => setType(event.target.value)}>
          <option value="">All kinds</option>
          {RESOURCE_TYPES.map((one) => (
            <option key={one} value={one}>
              {capital(kindsOf(one))}
            </option>
          ))}
        </SelectField>
      </div>
      <div className="card">
        <LongList
          label="Resources"
          listing={resources}
          rows={shown}
          keyOf={({ resource }) => resource}
          isSearch={isSearch}
          what="Loading resources"
          empty={<Empty title={isNone ? 'No resources yet' : 'Nothing matches'} action={isNone && add}>{isNone ? 'Register sources, spaces and the like here or by the API, to scope roles to them.' : 'Search by a part of a name or an id, or choose another kind.'}</Empty>}
        >
          {(resource) => <Row ws={ws} resource={resource} mayExplore={actions.includes('member:view')} onDeed={setDeed} />}
        </LongList>
      </div>
      {deed?.what === 'new' && <EditResource ws={ws} onClose={() => setDeed(null)} />}
      {deed?.what === 'edit' && <EditResource ws={ws} resource={deed.resource} onClose={() => setDeed(null)} />}
      {deed?.what === 'delete' && <DeleteResource ws={ws} resource={deed.resource} onClose={() => setDeed(null)} />}
    </Page>
  );
}

function Row({ ws, resource: one, mayExplore, onDeed }: { ws: string; resource: Resource; mayExplore: boolean; onDeed: (deed: Deed) => void }) {
  const may = useMay(ws, one);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{one.name}</span>
          {Object.entries(one.labels).map(([key, value]) => (
            <Badge key={key} variant="outline">{`${key}:${value}`}</Badge>
          ))}
        </p>
        <p className="text-sm text-kumo-subtle">
          {capital(kindOf(one.type))} <code>{one.id}</code>
          {one.parent !== null && `, fed by ${resourceWords(one.parent)}`}
        </p>
      </div>
      {mayExplore && (
        <Link className="link" href={`/w/${ws}/explorer/who?${new URLSearchParams({ resource: one.resource, action: `${one.type}:view` })}`} aria-label={`Who can reach ${one.name}?`}>
          Who can?
        </Link>
      )}
      <div className="flex gap-2">
        {may('edit') && (
          <Button size="sm" aria-label={`Edit ${one.name}`} onClick={() => onDeed({ what: 'edit', resource: one })}>
            Edit
          </Button>
        )}
        {may('delete') && (
          <Button size="sm" variant="secondary-destructive" aria-label={`Delete ${one.name}`} onClick={() => onDeed({ what: 'delete', resource: one })}>
            Delete
          </Button>
        )}
      </div>
    </div>
  );
}

/** What the reader may do to one resource, as the package decides it; nothing until it is there. */
function useMay(ws: string, { type, resource }: Resource): (verb: 'edit' | 'delete') => boolean {
  const me = useMe().data?.account?.id;
  const checks = useChecks(ws, 'me').data;
  return (verb) => checks !== undefined && me !== undefined && checks.workspace.can(me, `${type}:${verb}`, resource);
}
