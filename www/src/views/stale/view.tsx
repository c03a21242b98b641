// Stale access: members who aren't seen, tokens that aren't used, invites that nobody opened; why each is here, what it holds,
// and the way to end it.
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';

import { at, useMyWorkspace, useStale } from '../../api/queries';
import type { Stale } from '../../api/types';
import type { ViewProps } from '../../shell/views';
import { daysAgo } from '../../time';
import { Check, SelectField } from '../../ui/field';
import { TabLinks } from '../../ui/link';
import { LongList } from '../../ui/long-list';
import { Empty, Page } from '../../ui/page';
import { SaveFile } from '../../ui/save-file';
import { TakeAll } from '../../ui/take-all';
import { count } from '../../words';
import { EndAccess } from './end';
import { StaleRow, idOf, mayEnd } from './row';

const KINDS: { path: string; name: string; kind: string }[] = [
  { path: 'all', name: 'Everything', kind: 'member,token,invite' },
  { path: 'members', name: 'Members', kind: 'member' },
  { path: 'tokens', name: 'Tokens', kind: 'token' },
  { path: 'invites', name: 'Invites', kind: 'invite' },
];

export function View({ ws, id = 'all' }: ViewProps) {
  const { actions, settings } = useMyWorkspace(ws)!;
  // Who may not see tokens is told of the others.
  const tabs = KINDS.filter(({ kind }) => kind !== 'token' || actions.includes('token:manage'));
  const chosen = tabs.find(({ path }) => path === id) ?? tabs[0]!;
  const kind = actions.includes('token:manage') ? chosen.kind : chosen.kind.replace(',token', '');
  const [place, go] = useLocation();
  const search = useSearch();
  const days = new URLSearchParams(search).get('days') ?? '';
  const query = { kind, ...(days === '' ? {} : { inactive_since: daysAgo(Number(days)) }) };
  const base = `/w/${ws}/stale`;
  const suffix = search === '' ? '' : `?${search}`;
  return (
    <Page title="Stale access" intro="Who and what has access here without using it. Each is a seat, or a door, that nobody needs." actions={<SaveFile path={at(ws, '/access/stale')} query={query} what="stale-access" ws={ws} />}>
      <TabLinks label="Kinds" tabs={tabs.map(({ path, name }) => ({ href: `${base}/${path}${suffix}`, name }))} current={`${base}/${chosen.path}${suffix}`} />
      <SelectField label="Not used for" className="max-w-xs" value={days} onChange={(event) => go(event.target.value === '' ? place : `${place}?days=${event.target.value}`, { replace: true })}>
        <option value="">{`${settings.stale_after_days} days, as the settings say; invites at once`}</option>
        {['30', '90', '180', '365'].map((one) => (
          <option key={one} value={one}>
            {one} days
          </option>
        ))}
      </SelectField>
      <Report key={kind + days} ws={ws} query={query} />
    </Page>
  );
}

function Report({ ws, query }: { ws: string; query: { kind: string; inactive_since?: string } }) {
  const { actions } = useMyWorkspace(ws)!;
  const stale = useStale(ws, query);
  const [chosen, setChosen] = useState<ReadonlyMap<string, Stale>>(new Map());
  const open = (stale.rows ?? []).filter((row) => mayEnd(row, actions));
  const isAll = open.length > 0 && open.every((row) => chosen.has(idOf(row)));
  const choose = (rows: Stale[]) => setChosen(new Map(rows.filter((row) => mayEnd(row, actions)).map((row) => [idOf(row), row])));
  const toggle = (row: Stale) => {
    const next = new Map(chosen);
    if (!next.delete(idOf(row))) next.set(idOf(row), row);
    setChosen(next);
  };
  return (
    <>
      {open.length > 0 && (
        <div role="group" aria-label="Selected" className="flex min-h-9 flex-wrap items-center gap-3">
          <Check label={chosen.size === 0 ? 'Select all' : `${count(chosen.size, 'selected', 'selected')}`} checked={isAll} onChange={() => choose(isAll ? [] : open)} />
          {isAll && !stale.isComplete && <TakeAll words="Select everything stale" one="row" path={at(ws, '/access/stale')} query={query} onFound={choose} />}
          {chosen.size > 0 && <EndAccess ws={ws} rows={[...chosen.values()]} onDone={() => choose([])} />}
        </div>
      )}
      <div className="card">
        <LongList label="Stale access" listing={stale} keyOf={idOf} what="Looking for stale access" empty={<Empty title="Nothing is stale">Everybody and everything that has access here has used it in that time.</Empty>}>
          {(row) => <StaleRow ws={ws} row={row} isChosen={chosen.has(idOf(row))} onToggle={mayEnd(row, actions) ? () => toggle(row) : undefined} />}
        </LongList>
      </div>
    </>
  );
}
