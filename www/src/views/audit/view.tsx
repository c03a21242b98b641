// The audit trail: who did what, newest first, narrowed by filters and exported as a file.
import { useEffect, useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useLocation, useSearch } from 'wouter';

import { at, useAudit, type AuditFilters } from '../../api/queries';
import type { ViewProps } from '../../shell/views';
import { SelectField, TextField } from '../../ui/field';
import { Empty, Failed, Loading, Page } from '../../ui/page';
import { SaveFile } from '../../ui/save-file';
import { EVENT_TYPES, eventWords } from '../../words';
import { EventLine } from './event';

const NAMES = ['type', 'actor', 'subject', 'since', 'until'] as const;
type Filters = Partial<Record<(typeof NAMES)[number], string>>;

/** Days as people choose them, as moments for the API: `until` takes its whole day along. */
function parametersOf({ since, until, ...rest }: Filters): AuditFilters {
  const next = until === undefined ? undefined : new Date(Date.parse(`${until}T00:00:00Z`) + 86_400_000).toISOString().replace('.000Z', 'Z');
  return { ...rest, since: since === undefined ? undefined : `${since}T00:00:00Z`, until: next };
}

function useFilters(): [Filters, (change: Filters) => void] {
  const parameters = new URLSearchParams(useSearch());
  const [place, go] = useLocation();
  const filters = Object.fromEntries(NAMES.flatMap((name) => (parameters.get(name) ? [[name, parameters.get(name)!]] : []))) as Filters;
  const change = (next: Filters) => {
    const all = Object.entries({ ...filters, ...next }).filter(([, value]) => value !== '') as [string, string][];
    go(all.length === 0 ? place : `${place}?${new URLSearchParams(all)}`, { replace: true });
  };
  return [filters, change];
}

export function View({ ws }: ViewProps) {
  const [filters, change] = useFilters();
  const asked = parametersOf(filters);
  return (
    <Page title="Audit trail" intro="Who did what to what, with how it was before and after." actions={<SaveFile path={at(ws, '/audit-events')} query={asked} what="audit" ws={ws} />}>
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-5">
        <SelectField label="Event" value={filters.type ?? ''} onChange={(event) => change({ type: event.target.value })}>
          <option value="">All events</option>
          {EVENT_TYPES.map((type) => (
            <option key={type} value={type}>
              {eventWords(type)}
            </option>
          ))}
        </SelectField>
        <IdField label="Actor" hint="Id or address" value={filters.actor ?? ''} onChange={(actor) => change({ actor })} />
        <IdField label="Subject" hint="Id or address" value={filters.subject ?? ''} onChange={(subject) => change({ subject })} />
        <TextField label="From" type="date" value={filters.since ?? ''} onChange={(event) => change({ since: event.target.value })} />
        <TextField label="To" type="date" value={filters.until ?? ''} onChange={(event) => change({ until: event.target.value })} />
      </div>
      {Object.keys(filters).length > 0 && (
        <Button className="self-start" onClick={() => change(Object.fromEntries(NAMES.map((name) => [name, ''])))}>
          Clear filters
        </Button>
      )}
      <Trail ws={ws} filters={asked} />
    </Page>
  );
}

/** An id, taken when the typing is over. */
function IdField({ label, hint, value, onChange }: { label: string; hint: string; value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  // A link in the trail sets it as well.
  useEffect(() => setText(value), [value]);
  const tell = () => text.trim() !== value && onChange(text.trim());
  return <TextField label={label} placeholder={hint} value={text} onChange={(event) => setText(event.target.value)} onBlur={tell} onKeyDown={(event) => event.key === 'Enter' && tell()} />;
}

function Trail({ ws, filters }: { ws: string; filters: AuditFilters }) {
  const trail = useAudit(ws, filters);
  if (trail.error !== null) return <Failed error={trail.error} retry={() => void trail.refetch()} />;
  if (trail.data === undefined) return <Loading what="Reading the audit trail" />;
  const events = trail.data.pages.flatMap((page) => page.data);
  return (
    <>
      <div className="card">
        {events.length === 0 ? (
          <Empty title="No such events">Take away a filter, or choose a longer time.</Empty>
        ) : (
          <ol className="divide-y divide-kumo-line" aria-label="Events">
            {events.map((event) => (
              <EventLine key={event.id} ws={ws} event={event} />
            ))}
          </ol>
        )}
      </div>
      {trail.hasNextPage && (
        <Button className="self-start" loading={trail.isFetchingNextPage} onClick={() => void trail.fetchNextPage()}>
          Show older
        </Button>
      )}
    </>
  );
}
