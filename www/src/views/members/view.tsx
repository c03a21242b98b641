// Members: everybody in the workspace, to search, to narrow, to select and to open.
import { lazy, Suspense, useCallback, useDeferredValue, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';

import { useMembers, useMyWorkspace, useSeats } from '../../api/queries';
import type { Member } from '../../api/types';
import type { ViewProps } from '../../shell/views';
import { ButtonLink } from '../../ui/link';
import { PlusIcon, UploadSimpleIcon } from '../../ui/icons';
import { Empty, Failed, Loading, Page } from '../../ui/page';
import { useTyped } from '../../ui/search-text';
import { count } from '../../words';
import { ExportMembers } from './export';
import { FilterBar } from './filter-bar';
import type { Chosen } from './chosen';
import { askedOf, isNarrowed, useFilters } from './filters';
import { MemberTable } from './table';

const MemberPanel = lazy(() => import('./panel').then((module) => ({ default: module.MemberPanel })));
const Selection = lazy(() => import('./selection').then((module) => ({ default: module.Selection })));

/** Does what is typed begin the name or the address? The rows at hand answer at once, the server a moment later. */
const begins = (member: Member, typed: string): boolean => {
  const text = typed.toLowerCase();
  return member.email.startsWith(text) || member.name.toLowerCase().startsWith(text);
};

export function View({ ws, id, tab }: ViewProps) {
  const workspace = useMyWorkspace(ws)!;
  const [filters, change] = useFilters();
  const [typed, setTyped] = useTyped(filters.q ?? '', (q) => change({ q }));
  const members = useMembers(ws, askedOf(filters));
  const seats = useSeats(ws);
  const [, go] = useLocation();
  const query = useSearch();
  const search = query === '' ? '' : `?${query}`;
  const isAnswered = typed === (filters.q ?? '') && !members.isPlaceholderData;
  const rows = useRows(members.data?.pages, isAnswered ? '' : typed);
  const total = Math.max(rows.length, members.hasNextPage ? (seats.data?.active ?? 0) : 0);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = members;
  const near = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const [chosen, setChosen] = useState<Chosen>(new Map());
  const mayInvite = workspace.actions.includes('member:invite');
  return (
    <Page
      title="Members"
      intro={seats.data === undefined ? 'Who is in this workspace, and what they may do.' : `${count(seats.data.active, 'member')}, ${count(seats.data.pending, 'pending invite')}${seats.data.limit === null ? '' : `, ${seats.data.limit} seats`}.`}
      actions={
        <>
          <ExportMembers ws={ws} filters={askedOf(filters)} />
          {mayInvite && <InviteButtons ws={ws} />}
        </>
      }
    >
      <FilterBar ws={ws} typed={typed} onType={setTyped} filters={filters} onChange={change} staleDays={workspace.settings.stale_after_days} />
      {members.error !== null && <Failed error={members.error} retry={() => void members.refetch()} />}
      {members.data === undefined && members.error === null && <Loading what="Loading members" />}
      {chosen.size > 0 && (
        <Suspense>
          <Selection ws={ws} chosen={chosen} onChoose={setChosen} filters={askedOf(filters)} isFiltered={isNarrowed(filters)} hasMore={hasNextPage} total={hasNextPage && !isNarrowed(filters) ? (seats.data?.active ?? null) : null} />
        </Suspense>
      )}
      {members.data !== undefined && (
        <MemberTable
          ws={ws}
          search={search}
          members={rows}
          isBusy={members.isPlaceholderData}
          total={total}
          staleDays={workspace.settings.stale_after_days}
          sort={filters.sort ?? 'email'}
          onSort={(sort) => change({ sort })}
          onNear={near}
          empty={<NoMatch isFiltered={query !== '' || typed !== ''} ws={ws} mayInvite={mayInvite} />}
          chosen={chosen}
          onChoose={setChosen}
        />
      )}
      <p role="status" className="sr-only">{`${rows.length}${members.hasNextPage ? ' or more' : ''} members shown`}</p>
      {id !== undefined && (
        <Suspense>
          <MemberPanel ws={ws} id={id} tab={tab} onClose={() => go(`/w/${ws}/members${search}`)} />
        </Suspense>
      )}
    </Page>
  );
}

/** Rows of the pages, narrowed to what is typed. The field is painted first, the rows follow. */
function useRows(pages: { data: Member[] }[] | undefined, typed: string): Member[] {
  const deferred = useDeferredValue(typed);
  const all = useMemo(() => pages?.flatMap((page) => page.data) ?? [], [pages]);
  return useMemo(() => (deferred === '' ? all : all.filter((member) => begins(member, deferred))), [all, deferred]);
}

function InviteButtons({ ws }: { ws: string }) {
  return (
    <>
      <ButtonLink href={`/w/${ws}/import`} icon={UploadSimpleIcon}>
        Import CSV
      </ButtonLink>
      <ButtonLink href={`/w/${ws}/invite`} variant="primary" icon={PlusIcon}>
        Invite Team Member
      </ButtonLink>
    </>
  );
}

function NoMatch({ isFiltered, ws, mayInvite }: { isFiltered: boolean; ws: string; mayInvite: boolean }) {
  if (isFiltered) return <Empty title="Nobody matches">Take away a filter, or search by the beginning of a name or an address.</Empty>;
  return (
    <Empty title="No members yet" action={mayInvite && <InviteButtons ws={ws} />}>
      Invite the people who should work here.
    </Empty>
  );
}
