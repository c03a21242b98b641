// The columns of the list of members.
import { memo } from 'react';
import { tableFeatures, type ColumnDef } from '@tanstack/react-table';
import { Link } from 'wouter';

import { useRoles } from '../../api/queries';
import type { Member } from '../../api/types';
import { ago } from '../../time';
import { roleName } from '../../words';
import { Badges } from './badges';

export const features = tableFeatures({});
export type MemberColumn = ColumnDef<typeof features, Member>;

/** What everybody has: it says something only where there is nothing else. */
const BASE = ['workspace_member', 'minimal_workspace_access'];

/** The roles of a member in a few words: each once, whatever its scopes are. */
const Roles = memo(function Roles({ member }: { member: Member }) {
  const roles = useRoles().data;
  const all = [...new Set(member.grants.map((grant) => grant.role))];
  const held = all.every((role) => BASE.includes(role)) ? all : all.filter((role) => !BASE.includes(role));
  const names = held.map((role) => roleName(role, roles));
  return (
    <span className="block truncate" title={names.join(', ')}>
      {names.slice(0, 2).join(', ')}
      {names.length > 2 && <span className="text-kumo-subtle"> +{names.length - 2}</span>}
    </span>
  );
});

export function columns(ws: string, search: string, staleDays: number): MemberColumn[] {
  return [
    {
      id: 'email',
      header: 'Member',
      cell: ({ row: { original: member } }) => (
        <span className="flex min-w-0 flex-col">
          <span className="flex min-w-0 items-center gap-2">
            <Link href={`/w/${ws}/members/${member.id}${search}`} className="truncate font-medium hover:underline">
              {member.name}
            </Link>
            <Badges member={member} staleDays={staleDays} />
          </span>
          <span className="truncate text-sm text-kumo-subtle">{member.email}</span>
          <span className="min-w-0 text-sm md:hidden">
            <Roles member={member} />
          </span>
        </span>
      ),
    },
    { id: 'roles', header: 'Roles', cell: ({ row }) => <Roles member={row.original} /> },
    { id: 'groups', header: 'Groups', cell: ({ row }) => <span className="block truncate">{row.original.groups.map((group) => group.name).join(', ') || '–'}</span> },
    { id: '-last_active_at', header: 'Last active', cell: ({ row }) => (row.original.last_active_at === null ? 'Never' : ago(row.original.last_active_at)) },
    { id: 'joined_at', header: 'Joined', cell: ({ row }) => ago(row.original.joined_at) },
  ];
}

/** Which columns stand beside each other, by width. */
export const GRID = 'grid grid-cols-[2.5rem_minmax(0,1fr)] md:grid-cols-[2.5rem_minmax(0,2fr)_minmax(0,1.4fr)_8rem] xl:grid-cols-[2.5rem_minmax(0,2fr)_minmax(0,1.4fr)_minmax(0,1fr)_8rem_8rem]';
export const SHOWN: Record<string, string> = { email: '', roles: 'max-md:hidden', groups: 'max-xl:hidden', '-last_active_at': 'max-md:hidden', joined_at: 'max-xl:hidden' };
/** What the API can sort by, for who has no head of a column to choose it by. */
export const SORT_WORDS: Record<string, string> = { email: 'E-mail', '-last_active_at': 'Last active', joined_at: 'Joined' };
export const SORTS = Object.keys(SORT_WORDS);
