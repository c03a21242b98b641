// Resources: what roles can be scoped to, with their labels.
import { useState } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { Link, useLocation, useSearch } from 'wouter';

import { useMyWorkspace, useResources } from '../../api/queries';
import type { Resource } from '../../api/types';
import type { ViewProps } from '../../shell/views';
import { SelectField, TextField } from '../../ui/field';
import { PlusIcon } from '../../ui/icons';
import { Empty, Loaded, Page } from '../../ui/page';
import { RESOURCE_TYPES, capital, kindOf, kindsOf, resourceWords } from '../../words';
import { EditResource } from './edit';
import { DeleteResource } from './delete';

type Deed = { what: 'edit' | 'delete'; resource: Resource } | { what: 'new' };

export function View({ ws }: ViewProps) {
  const { actions } = useMyWorkspace(ws)!;
  const resources = useResources(ws);
  const [place, go] = useLocation();
  const type = new URLSearchParams(useSearch()).get('type') ?? '';
  const [text, setText] = useState('');
  const [deed, setDeed] = useState<Deed | null>(null);
  const mayMake = RESOURCE_TYPES.some((one) => actions.includes(`${one}:create`));
  const add = mayMake && (
    <Button variant="primary" icon={PlusIcon} onClick={() => setDeed({ what: 'new' })}>
      New resource
    </Button>
  );
  return (
    <Page title="Resources" intro="What roles can be scoped to. Rolecall keeps their names and labels, not the things themselves." actions={add}>
      <div className="flex flex-wrap gap-3">
        <TextField label="Search" type="search" className="min-w-48 flex-1" value={text} onChange={(event) => setText(event.target.value)} />
        <SelectField label="Kind" className="min-w-40" value={type} onChange={(event) => go(event.target.value === '' ? place : `${place}?type=${event.target.value}`, { replace: true })}>
          <option value="">All kinds</option>
          {RESOURCE_TYPES.map((one) => (
            <option key={one} value={one}>
              {capital(kindsOf(one))}
            </option>
          ))}
        </SelectField>
      </div>
      <div className="card">
        <Loaded query={resources} what="Loading resources">
          {({ data, complete }) => {
            const wanted = text.toLowerCase();
            const shown = data.filter((one) => (type === '' || one.type === type) && (wanted === '' || one.name.toLowerCase().includes(wanted) || one.id.toLowerCase().includes(wanted)));
            if (shown.length === 0) return <Empty title={data.length === 0 ? 'No resources yet' : 'Nothing matches'} action={data.length === 0 && add}>Register sources, spaces and the like here or by the API, to scope roles to them.</Empty>;
            return (
              <>
                <List ws={ws} resources={shown} mayExplore={actions.includes('member:view')} onDeed={setDeed} />
                {!complete && <p className="p-3 text-kumo-subtle">These are the first {data.length}; the API lists all.</p>}
              </>
            );
          }}
        </Loaded>
      </div>
      {deed?.what === 'new' && <EditResource ws={ws} onClose={() => setDeed(null)} />}
      {deed?.what === 'edit' && <EditResource ws={ws} resource={deed.resource} onClose={() => setDeed(null)} />}
      {deed?.what === 'delete' && <DeleteResource ws={ws} resource={deed.resource} onClose={() => setDeed(null)} />}
    </Page>
  );
}

function List({ ws, resources, mayExplore, onDeed }: { ws: string; resources: Resource[]; mayExplore: boolean; onDeed: (deed: Deed) => void }) {
  return (
    <ul className="divide-y divide-kumo-line" aria-label="Resources">
      {resources.map((one) => (
        <li key={one.resource} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
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
            <Button size="sm" aria-label={`Edit ${one.name}`} onClick={() => onDeed({ what: 'edit', resource: one })}>
              Edit
            </Button>
            <Button size="sm" variant="secondary-destructive" aria-label={`Delete ${one.name}`} onClick={() => onDeed({ what: 'delete', resource: one })}>
              Delete
            </Button>
          </div>
        </li>
      ))}
    </ul>
  );
}
