// What views read, each as one hook. A key begins with the workspace, so that one call refreshes all of it.
import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';

import { ask, call, callAll, type Page } from './http';
import type { AuditEvent, CatalogRole, Group, GroupMember, Invite, InviteStatus, Label, Me, Member, MyWorkspace, Resource, Seats, Token, Workspace } from './types';

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

export const useGroups = (ws: string, enabled = true) =>
  useQuery({ queryKey: [ws, 'groups'], queryFn: ({ signal }) => callAll<Group>(at(ws, '/groups'), {}, 1_000, signal), enabled });

export const useGroup = (ws: string, id: string) =>
  useQuery({ queryKey: [ws, 'group', id], queryFn: () => ask<Group>('GET', at(ws, `/groups/${id}`)) });

export const useGroupMembers = (ws: string, id: string) =>
  useQuery({ queryKey: [ws, 'group', id, 'members'], queryFn: ({ signal }) => callAll<GroupMember>(at(ws, `/groups/${id}/members`), {}, 2_000, signal) });

export const useResources = (ws: string, enabled = true) =>
  useQuery({ queryKey: [ws, 'resources'], queryFn: ({ signal }) => callAll<Resource>(at(ws, '/resources'), {}, 2_000, signal), enabled });

export const useLabels = (ws: string, enabled = true) =>
  useQuery({ queryKey: [ws, 'labels'], queryFn: ({ signal }) => callAll<Label>(at(ws, '/labels'), {}, 2_000, signal), enabled });

export const useTokens = (ws: string) =>
  useQuery({ queryKey: [ws, 'tokens'], queryFn: ({ signal }) => callAll<Token>(at(ws, '/tokens'), {}, 1_000, signal) });

export const useInvites = (ws: string, status: InviteStatus) =>
  useInfiniteQuery({
    queryKey: [ws, 'invites', status],
    queryFn: ({ pageParam, signal }) => call<Page<Invite>>('GET', at(ws, '/invites'), { query: { status, limit: 100, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export type AuditFilters = Partial<Record<'actor' | 'type' | 'subject' | 'since' | 'until', string>>;

export const useAudit = (ws: string, filters: AuditFilters, limit = 50) =>
  useInfiniteQuery({
    queryKey: [ws, 'audit', filters, limit],
    queryFn: ({ pageParam, signal }) => call<Page<AuditEvent>>('GET', at(ws, '/audit-events'), { query: { ...filters, limit, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
