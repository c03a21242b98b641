// Who can do something, each with the reason, and whether these are all.
import { Button } from '@cloudflare/kumo/components/button';
import type { Because, MemberAccess } from 'rolecall';
import { Link } from 'wouter';

import { useGrantWords } from '../../access/names';
import type { Listing } from '../../api/listing';
import { download } from '../../ui/copy';
import { csvOf, fileName } from '../../ui/csv';
import { DownloadSimpleIcon } from '../../ui/icons';
import { LongList } from '../../ui/long-list';
import { Empty } from '../../ui/page';
import { actionWords, count } from '../../words';
import type { Ask } from './view';

interface WhomProps {
  ws: string;
  asked: Ask;
  found: Listing<MemberAccess>;
  /** All are being read, where they don't come by themselves. */
  isWhole?: boolean;
  onWhole?: (isWhole: boolean) => void;
}

export function Whom({ ws, asked, found, isWhole = false, onWhole }: WhomProps) {
  const { rows = [], isComplete } = found;
  const can = `can ${actionWords(asked.action).toLowerCase()}`;
  return (
    <div className="card">
      <div className="flex flex-wrap items-center gap-3 p-3">
        <h2 className="min-w-0 flex-1 font-medium">
          <span role="status">{found.rows === undefined ? `Who ${can}?` : isComplete ? `${count(rows.length, 'member')} ${can}` : `At least ${count(rows.length, 'member')} ${can}`}</span>
        </h2>
        {!isComplete && found.rows !== undefined && (
          <Button size="sm" onClick={() => onWhole?.(!isWhole)}>
            {isWhole ? 'Stop' : 'Count all'}
          </Button>
        )}
        {isComplete && rows.length > 0 && (
          <Button size="sm" icon={DownloadSimpleIcon} onClick={() => save(ws, asked, rows)}>
            Export CSV
          </Button>
        )}
      </div>
      <LongList label={`Who ${can}`} listing={found} keyOf={({ member }) => member.id} what="Asking the server" empty={<Empty title="Nobody can">No member holds a role that allows this.</Empty>}>
        {({ member, because }) => (
          <div className="grid gap-x-4 px-3 py-2 sm:grid-cols-2">
            <div className="min-w-0">
              <Link href={`/w/${ws}/members/${member.id}/effective`} className="link">
                {member.name}
              </Link>
              <span className="block break-all text-sm text-kumo-subtle">{member.email}</span>
            </div>
            <div className="min-w-0">
              <Reasons ws={ws} because={because} />
            </div>
          </div>
        )}
      </LongList>
    </div>
  );
}

export function Reasons({ ws, because }: { ws: string; because: readonly Because[] }) {
  const words = useGrantWords(ws);
  return because.map(({ grant, id, via }) => (
    <span key={`${id} ${via === 'direct' ? '' : via.group.id}`} className="block">
      {words(grant)} <span className="text-kumo-subtle">{via === 'direct' ? '' : `through ${via.group.name}`}</span>
    </span>
  ));
}

function save(ws: string, { action, resource }: Ask, rows: readonly MemberAccess[]): void {
  const lines = rows.map(({ member, because }) => [member.id, member.email, member.name, action, resource, because.map(({ grant, via }) => (via === 'direct' ? grant : `${grant} through ${via.group.name}`)).join('; ')]);
  download(fileName('who-can', ws), csvOf([['id', 'email', 'name', 'action', 'resource', 'because'], ...lines]));
}
