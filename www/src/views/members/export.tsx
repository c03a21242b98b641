// The members that match as a file: who has access to what, for a review or an import elsewhere.
import { Button } from '@cloudflare/kumo/components/button';

import { at, type MemberFilters } from '../../api/queries';
import type { Grant, Member } from '../../api/types';
import { useWalk } from '../../api/walking';
import { download } from '../../ui/copy';
import { csvOf, fileName } from '../../ui/csv';
import { DownloadSimpleIcon } from '../../ui/icons';
import { done } from '../../ui/toast';
import { count } from '../../words';

const HEAD = ['id', 'email', 'name', 'grants', 'groups', 'grants_by_groups', 'is_owner', 'provisioned_by', 'joined_at', 'last_active_at'];

const throughOf = ({ expression, via }: Grant): string => (via === 'direct' ? expression : `${expression} through ${via.group.name}`);

/** Several in a cell are separated as in a file of invites. */
function lineOf(member: Member): string[] {
  const [direct, through] = [member.grants.filter(({ via }) => via === 'direct'), member.grants.filter(({ via }) => via !== 'direct')];
  const lists = [direct.map(throughOf), member.groups.map(({ name }) => name), through.map(throughOf)].map((list) => list.join(';'));
  return [member.id, member.email, member.name, ...lists, member.is_owner ? 'yes' : 'no', member.provisioned_by, member.joined_at, member.last_active_at ?? ''];
}

export function ExportMembers({ ws, filters }: { ws: string; filters: MemberFilters }) {
  const save = (members: Member[]) => {
    download(fileName('members', ws), csvOf([HEAD, ...members.map(lineOf)]));
    done(`${count(members.length, 'member')} saved as CSV`);
  };
  const { found, start, stop } = useWalk<Member>(at(ws, '/members'), { ...filters }, save);
  return (
    <>
      {found !== null && <span role="status" className="self-center">{`${count(found, 'member')} read…`}</span>}
      <Button icon={DownloadSimpleIcon} onClick={found === null ? start : stop}>
        {found === null ? 'Export CSV' : 'Stop'}
      </Button>
    </>
  );
}
