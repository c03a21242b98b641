// A list of any length: only the rows in sight are in the page, the next ones are read as they come near, and its end is said.
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useWindowVirtualizer } from '@tanstack/react-virtual';

import type { Listing } from '../api/listing';
import { count } from '../words';
import { Failed, Loading } from './page';

interface LongListProps<T> {
  label: string;
  /** Where the rows come from. */
  listing: Listing<T>;
  /** Those of them to show; all by default. */
  rows?: T[];
  keyOf: (row: T) => string;
  children: (row: T) => ReactNode;
  /** What stands in when there is none. */
  empty: ReactNode;
  /** What is said while the list is read. */
  what: string;
  /** Something is looked for, so that what isn't read yet may fit as well. */
  isSearch?: boolean;
}

/** So many rows stand in the page as they are, where the browser's own search finds them. */
const PLAIN = 100;

export function LongList<T>({ label, listing, rows = listing.rows ?? [], keyOf, children, empty, what, isSearch = false }: LongListProps<T>) {
  if (listing.rows === undefined) return listing.error === null ? <Loading what={what} /> : <Failed error={listing.error} retry={listing.refetch} />;
  if (rows.length === 0 && listing.isComplete) return <>{empty}</>;
  return (
    <>
      <Rows label={label} listing={listing} rows={rows} keyOf={keyOf}>
        {children}
      </Rows>
      {listing.error !== null && <Failed error={listing.error} retry={listing.more} />}
      {!listing.isComplete && <End listing={listing} found={rows.length} isSearch={isSearch} />}
    </>
  );
}

function Rows<T>({ label, listing, rows, keyOf, children }: Pick<LongListProps<T>, 'label' | 'listing' | 'keyOf' | 'children'> & { rows: T[] }) {
  const frame = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  // What stands above may change its height.
  useLayoutEffect(() => setTop(Math.round((frame.current?.getBoundingClientRect().top ?? 0) + scrollY)));
  const virtual = useWindowVirtualizer({ count: rows.length, estimateSize: () => 56, overscan: 12, scrollMargin: top, getItemKey: (index) => keyOf(rows[index]!) });
  const isPlain = rows.length <= PLAIN;
  const items = virtual.getVirtualItems();
  const last = isPlain ? rows.length : (items.at(-1)?.index ?? 0);
  const { more } = listing;
  useEffect(() => {
    if (!isPlain && last >= rows.length - 30) more();
  }, [isPlain, last, rows.length, more]);
  if (isPlain) {
    return (
      <ul ref={frame} aria-label={label} className="divide-y divide-kumo-line">
        {rows.map((row) => (
          <li key={keyOf(row)}>{children(row)}</li>
        ))}
      </ul>
    );
  }
  return (
    <ul ref={frame} aria-label={label} className="relative" style={{ height: virtual.getTotalSize() }}>
      {items.map((item) => {
        const row = rows[item.index];
        return row === undefined ? null : (
          <li key={item.key} ref={virtual.measureElement} data-index={item.index} aria-posinset={item.index + 1} aria-setsize={listing.isComplete ? rows.length : -1} className="absolute inset-x-0 border-b border-kumo-line" style={{ transform: `translateY(${item.start - top}px)` }}>
            {children(row)}
          </li>
        );
      })}
    </ul>
  );
}

/** There is more than this: how much was read, and the rest. */
function End<T>({ listing, found, isSearch }: { listing: Listing<T>; found: number; isSearch: boolean }) {
  const read = listing.rows?.length ?? 0;
  return (
    <p className="flex flex-wrap items-center gap-3 border-t border-kumo-line px-4 py-2 text-kumo-subtle">
      <span role="status">{isSearch ? `${found.toLocaleString('en')} found among the first ${read.toLocaleString('en')}; looking on…` : `The first ${count(read, 'row')}; there are more.`}</span>
      {!isSearch && (
        <Button size="sm" loading={listing.isReading} onClick={listing.more}>
          Show more
        </Button>
      )}
    </p>
  );
}
