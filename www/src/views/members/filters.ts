// What the list of members is narrowed to, kept in the address so that it can be sent to somebody.
import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

import type { MemberFilters } from '../../api/queries';
import { daysAgo } from '../../time';

export const NAMES = ['q', 'role', 'group', 'resource', 'inactive', 'provisioned_by', 'sort'] as const;
export type Filters = Partial<Record<(typeof NAMES)[number], string>>;

export function filtersOf(search: string): Filters {
  const parameters = new URLSearchParams(search);
  return Object.fromEntries(NAMES.flatMap((name) => (parameters.get(name) ? [[name, parameters.get(name)!]] : [])));
}

/** The filters of the address, and the way to change some. */
export function useFilters(): [Filters, (change: Filters) => void] {
  const search = useSearch();
  const [place, go] = useLocation();
  const filters = useMemo(() => filtersOf(search), [search]);
  const change = useCallback(
    (next: Filters) => {
      const all = Object.entries({ ...filters, ...next }).filter(([, value]) => value !== undefined && value !== '') as [string, string][];
      const text = new URLSearchParams(all).toString();
      go(text === '' ? place : `${place}?${text}`, { replace: true });
    },
    [filters, place, go],
  );
  return [filters, change];
}

/** What the list asks the server for. */
export const askedOf = (filters: Filters): MemberFilters => parametersOf({ sort: 'email', ...filters });

/** As the API takes them. */
const parametersOf = ({ inactive, ...rest }: Filters): MemberFilters => (inactive === undefined ? rest : { ...rest, inactive_since: daysAgo(Number(inactive)) });

/** Whether the filters leave somebody out. */
export const isNarrowed = ({ sort: _, ...filters }: Filters): boolean => Object.keys(filters).length > 0;
