// A list that is read page by page: what is there so far, whether that is all, and the way to the rest. Nothing ends unsaid.
import { useCallback, useEffect, useMemo } from 'react';
import { useInfiniteQuery, type InfiniteData } from '@tanstack/react-query';

import { client } from './client';
import { call, type Options, type Page } from './http';

export interface Listing<T> {
  /** What was read so far; undefined until the first page is there. */
  rows: T[] | undefined;
  /** Whether these are all. */
  isComplete: boolean;
  isReading: boolean;
  error: Error | null;
  /** Reads the next page, unless one is on its way. */
  more: () => void;
  refetch: () => void;
}

export interface Reading {
  enabled?: boolean;
  /** So many rows are read without being asked for; `Infinity` for all, one page by default. */
  least?: number;
}

export function useListing<T>(key: readonly unknown[], path: string, query: Options['query'] = {}, { enabled = true, least = 0 }: Reading = {}): Listing<T> {
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => call<Page<T>>('GET', path, { query: { ...query, limit: 200, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    enabled,
  });
  const { data, hasNextPage, isFetching, error, fetchNextPage, refetch } = list;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.data), [data]);
  const more = useCallback(() => {
    // Several parts of a page may read one list; none breaks off what another has begun.
    if (hasNextPage && !isFetching) void fetchNextPage({ cancelRefetch: false });
  }, [hasNextPage, isFetching, fetchNextPage]);
  const isShort = enabled && rows !== undefined && error === null && rows.length < least;
  useEffect(() => {
    if (isShort) more();
  }, [isShort, more]);
  return { rows, isComplete: rows !== undefined && !hasNextPage, isReading: isFetching, error, more, refetch: () => void refetch() };
}

/** What is at hand already, as a list. */
export const listed = <T>(rows: T[] | undefined): Listing<T> => ({ rows, isComplete: rows !== undefined, isReading: rows === undefined, error: null, more: () => undefined, refetch: () => undefined });

/** The rows of a list that fit; while there is something to look for, the list has to be read to its end. */
export function useFitting<T>(rows: T[] | undefined, text: string, words: (row: T) => string): T[] {
  const wanted = text.trim().toLowerCase();
  return useMemo(() => (wanted === '' ? (rows ?? []) : (rows ?? []).filter((row) => words(row).toLowerCase().includes(wanted))), [rows, wanted]);
}

/** Takes rows out of a list before the server has; answers what puts them back. */
export async function dropRows<T>(key: readonly unknown[], isGone: (row: T) => boolean): Promise<() => void> {
  await client.cancelQueries({ queryKey: key });
  const before = client.getQueryData<InfiniteData<Page<T>>>(key);
  client.setQueryData<InfiniteData<Page<T>>>(key, (list) => list && { ...list, pages: list.pages.map((page) => ({ ...page, data: page.data.filter((row) => !isGone(row)) })) });
  return () => void client.setQueryData(key, before);
}
