// The grants that somebody holds, each with why it is there.
import { Badge } from '@cloudflare/kumo/components/badge';
import { Link } from 'wouter';

import type { Grant, GroupName } from '../api/types';
import { useGroup, useMyWorkspace, useRoles } from '../api/queries';
import { Time } from '../time';
import { NEEDS, roleName, scopeWords } from '../words';
import { useNames } from './names';

export function GrantList({ ws, grants }: { ws: string; grants: readonly Grant[] }) {
  const roles = useRoles().data;
  const names = useNames(ws);
  if (grants.length === 0) return <p className="text-kumo-subtle">No roles.</p>;
  return (
    <ul className="card divide-y divide-kumo-line">
      {grants.map((grant) => {
        const role = roles?.find((one) => one.role === grant.role);
        return (
          <li key={`${grant.id} ${grant.via === 'direct' ? '' : grant.via.group.id}`} className="flex flex-wrap items-baseline gap-x-2 px-3 py-2">
            <span className="font-medium">{roleName(grant.role, roles)}</span>
            <span className="text-kumo-subtle">on {scopeWords(grant.scope, role, names)}</span>
            {grant.dormant && <Badge variant="warning">dormant: needs {NEEDS[role?.plan ?? ''] ?? 'the Business plan'}</Badge>}
            <span className="ml-auto text-sm text-kumo-subtle">
              <Why ws={ws} grant={grant} /> · <Time at={grant.created_at} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** Given by hand, by a group, or by a group in which the identity provider puts people. */
function Why({ ws, grant }: { ws: string; grant: Grant }) {
  return grant.via === 'direct' ? <>given directly</> : <ByGroup ws={ws} group={grant.via.group} />;
}

function ByGroup({ ws, group: { id, name } }: { ws: string; group: GroupName }) {
  const mayLook = useMyWorkspace(ws)?.actions.includes('member:view') ?? false;
  const isManaged = useGroup(ws, id, mayLook).data?.data.managed ?? false;
  if (!mayLook) return <>through the group {name}</>;
  return (
    <>
      through the group{' '}
      <Link href={`/w/${ws}/groups/${id}`} className="link">
        {name}
      </Link>
      {isManaged && ', by the identity provider'}
    </>
  );
}
