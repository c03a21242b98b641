// What views read, each as one hook. A key begins with the workspace, so that one call refreshes all of it.
import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';

import { ask, call, type Page } from './http';
import { useListing, type Reading } from './listing';
import type { AuditEvent, CatalogRole, Group, GroupMember, Invite, InviteStatus, Label, Me, Member, MyWorkspace, Resource, Seats, Stale, Token, Workspace } from './types';

/** The API's address of a thing in a workspace. */
export const at = (ws: string, path = ''): string => `/v1/workspaces/${encodeURIComponent(ws)}${path}`;

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => call<Me>('GET', '/v1/me'), staleTime: 60_000 });
export const useMe = () => useQuery(meQuery);

/** The workspace of an address, as the signed-in person sees it. */
export function useMyWorkspace(ws: string): MyWorkspace | undefined {
  return useMe().data?.workspaces.find((one) => one.slug === ws || one.id === ws);
}

export const useRoles = () =>
  useQuery({ queryKey: ['roles'], queryFn: () => call<Page<CatalogRole>>('GET', '/v1/roles'), select: (page) => page.data, staleTime: Infinity });

export const useWorkspace = (ws: string) =>
  useQuery({ queryKey: [ws, 'workspace'], queryFn: () => ask<Workspace>('GET', at(ws)) });

/** What a list of members is filtered and sorted by: the parameters of the API. */
export type MemberFilters = Partial<Record<'q' | 'role' | 'group' | 'resource' | 'inactive_since' | 'provisioned_by' | 'sort', string>>;

export const membersQuery = (ws: string, filters: MemberFilters) =>
  infiniteQueryOptions({
    queryKey: [ws, 'members', filters],
    queryFn: ({ pageParam, signal }) => call<Page<Member>>('GET', at(ws, '/members'), { query: { ...filters, limit: 100, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

/** What was there stays until the answer to other filters comes. */
export const useMembers = (ws: string, filters: MemberFilters, enabled = true) => useInfiniteQuery({ ...membersQuery(ws, filters), placeholderData: keepPreviousData, enabled });

export const useMember = (ws: string, id: string) =>
  useQuery({ queryKey: [ws, 'member', id], queryFn: () => ask<Member>('GET', at(ws, `/members/${id}`)) });

export const useSeats = (ws: string, enabled = true) =>
  useQuery({ queryKey: [ws, 'seats'], queryFn: () => call<Seats>('GET', at(ws, '/seats')), enabled });

export const useGroups = (ws: string, reading?: Reading) => useListing<Group>([ws, 'groups'], at(ws, '/groups'), {}, reading);

export const useGroup = (ws: string, id: string, enabled = true) =>
  useQuery({ queryKey: [ws, 'group', id], queryFn: () => ask<Group>('GET', at(ws, `/groups/${id}`)), enabled });

export const useGroupMembers = (ws: string, id: string, reading?: Reading) => useListing<GroupMember>([ws, 'group', id, 'members'], at(ws, `/groups/${id}/members`), {}, reading);

export const useResources = (ws: string, reading?: Reading) => useListing<Resource>([ws, 'resources'], at(ws, '/resources'), {}, reading);

/** The resources of one kind, or without one of all. */
export const useRegistry = (ws: string, type: string, least: number) => useListing<Resource>(type === '' ? [ws, 'resources'] : [ws, 'resources', type], at(ws, '/resources'), { type }, { least });

export const useLabels = (ws: string, reading?: Reading) => useListing<Label>([ws, 'labels'], at(ws, '/labels'), {}, reading);

export const useTokens = (ws: string, reading?: Reading) => useListing<Token>([ws, 'tokens'], at(ws, '/tokens'), {}, reading);

export const useInvites = (ws: string, status: InviteStatus, reading?: Reading) => useListing<Invite>([ws, 'invites', status], at(ws, '/invites'), { status }, reading);

/** A page of it may be short, since what ended by itself is left out: at least one row is looked for. */
export const useStale = (ws: string, query: { kind: string; inactive_since?: string }) => useListing<Stale>([ws, 'stale', query], at(ws, '/access/stale'), query, { least: 1 });

export type AuditFilters = Partial<Record<'actor' | 'type' | 'subject' | 'since' | 'until', string>>;

export const useAudit = (ws: string, filters: AuditFilters, limit = 50) =>
  useInfiniteQuery({
    queryKey: [ws, 'audit', filters, limit],
    queryFn: ({ pageParam, signal }) => call<Page<AuditEvent>>('GET', at(ws, '/audit-events'), { query: { ...filters, limit, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
