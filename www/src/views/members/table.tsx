// The list of members: only the rows in sight are in the page, and the next ones are fetched as they come near.
import { useEffect, useMemo, useRef, useSyncExternalStore, type ReactNode } from 'react';
import { FlexRender, useTable, type Row } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';

import type { Member } from '../../api/types';
import { CaretDownIcon, CaretUpIcon } from '../../ui/icons';
import { personOf, type Chosen } from './chosen';
import { GRID, SHOWN, SORTS, columns, features } from './columns';

interface TableProps {
  ws: string;
  search: string;
  members: Member[];
  /** These are the rows of the question before. */
  isBusy: boolean;
  /** How many there are, as far as is known. */
  total: number;
  staleDays: number;
  sort: string;
  onSort: (sort: string) => void;
  onNear: () => void;
  empty: ReactNode;
  chosen: Chosen;
  onChoose: (chosen: Chosen) => void;
}

/** How high a row is: on a narrow screen its roles stand under the name. */
const ROW = { wide: 60, narrow: 84 };
const narrow = matchMedia('(max-width: 767px)');

function useRowHeight(): number {
  const isNarrow = useSyncExternalStore(
    (listener) => (narrow.addEventListener('change', listener), () => narrow.removeEventListener('change', listener)),
    () => narrow.matches,
  );
  return isNarrow ? ROW.narrow : ROW.wide;
}

export function MemberTable({ ws, search, members, isBusy, total, staleDays, sort, onSort, onNear, empty, chosen, onChoose }: TableProps) {
  const shown = useMemo(() => columns(ws, search, staleDays), [ws, search, staleDays]);
  const table = useTable({ features, columns: shown, data: members, getRowId: (member) => member.id });
  const { rows } = table.getRowModel();
  const frame = useRef<HTMLDivElement>(null);
  const height = useRowHeight();
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => frame.current, estimateSize: () => height, overscan: 8 });
  useEffect(() => virtual.measure(), [virtual, height]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 40) onNear();
  }, [last, rows.length, onNear]);
  const toggle = (some: Member[], isChosen: boolean) => {
    const next = new Map(chosen);
    for (const one of some) isChosen ? next.set(one.id, personOf(one)) : next.delete(one.id);
    onChoose(next);
  };
  return (
      <div ref={frame} className="card max-h-[calc(100dvh-15rem)] min-h-80 overflow-y-auto">
        <div role="table" aria-label="Members" aria-busy={isBusy} className={isBusy ? 'opacity-60' : undefined} aria-rowcount={total + 1}>
          <div role="rowgroup" className="sticky top-0 z-10 border-b border-kumo-line bg-kumo-base">
            <div role="row" aria-rowindex={1} className={`${GRID} items-center px-3 py-2`}>
              <div role="columnheader">
                <input
                  type="checkbox"
                  className="size-4 accent-blue-700"
                  aria-label="Select all that are loaded"
                  checked={members.length > 0 && chosen.size >= members.length && members.every(({ id }) => chosen.has(id))}
                  onChange={(event) => toggle(members, event.target.checked)}
                />
              </div>
              {table.getHeaderGroups().flatMap((group) => group.headers.map((header) => <Header key={header.id} id={header.id} text={String(header.column.columnDef.header)} sort={sort} onSort={onSort} />))}
            </div>
          </div>
          <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index];
              return row === undefined ? null : <Line key={row.id} row={row} index={item.index} start={item.start} height={height} isSelected={chosen.has(row.id)} onToggle={toggle} />;
            })}
          </div>
        </div>
        {rows.length === 0 && empty}
      </div>
  );
}

interface LineProps {
  row: Row<typeof features, Member>;
  index: number;
  start: number;
  height: number;
  isSelected: boolean;
  onToggle: (members: Member[], isChosen: boolean) => void;
}

function Line({ row, index, start, height, isSelected, onToggle }: LineProps) {
  return (
    <div role="row" aria-rowindex={index + 2} aria-selected={isSelected} className={`${GRID} absolute inset-x-0 items-center border-b border-kumo-line px-3 ${isSelected ? 'bg-kumo-tint' : 'hover:bg-kumo-tint'}`} style={{ height, transform: `translateY(${start}px)` }}>
      <div role="cell">
        <input type="checkbox" className="size-4 accent-blue-700" aria-label={`Select ${row.original.name}`} checked={isSelected} onChange={(event) => onToggle([row.original], event.target.checked)} />
      </div>
      {row.getAllCells().map((cell) => (
        <div key={cell.id} role="cell" className={`min-w-0 pr-3 ${SHOWN[cell.column.id] ?? ''}`}>
          <FlexRender cell={cell} />
        </div>
      ))}
    </div>
  );
}

function Header({ id, text, sort, onSort }: { id: string; text: string; sort: string; onSort: (sort: string) => void }) {
  const isSorted = sort === id;
  const isDescending = id.startsWith('-');
  const Caret = isDescending ? CaretDownIcon : CaretUpIcon;
  const state = isSorted ? (isDescending ? 'descending' : 'ascending') : undefined;
  return (
    <div role="columnheader" aria-sort={state} className={`text-kumo-subtle ${SHOWN[id] ?? ''}`}>
      {SORTS.includes(id) ? (
        <button type="button" className="inline-flex items-center gap-1 rounded font-medium hover:text-kumo-default" onClick={() => onSort(id)}>
          {text} {isSorted && <Caret className="size-3" />}
        </button>
      ) : (
        <span className="font-medium">{text}</span>
      )}
    </div>
  );
}
