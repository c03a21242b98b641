// What can be done with several members at once: the difference for all of them first, then one after the other.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import type { Change, GrantExpression, Preview } from 'rolecall';

import { Difference, Problems } from '../../access/difference';
import { GrantEditor } from '../../access/grant-editor';
import { useNames } from '../../access/names';
import { refresh } from '../../api/client';
import { call, messageOf } from '../../api/http';
import { at, useGroups, useMyWorkspace } from '../../api/queries';
import type { Member } from '../../api/types';
import { SelectField } from '../../ui/field';
import { Modal } from '../../ui/modal';
import { Loaded, Section } from '../../ui/page';
import { done } from '../../ui/toast';
import { count } from '../../words';

interface SelectionProps {
  ws: string;
  members: Member[];
  onClear: () => void;
}

type Deed = 'roles' | 'group' | 'remove';

export function Selection({ ws, members, onClear }: SelectionProps) {
  const { actions } = useMyWorkspace(ws)!;
  const [deed, setDeed] = useState<Deed | null>(null);
  return (
    <div role="group" aria-label="Selected members" className="card flex flex-wrap items-center gap-2 px-3 py-2">
      <span role="status" className="font-medium">
        {count(members.length, 'member')} selected
      </span>
      {actions.includes('member:edit') && <Button size="sm" onClick={() => setDeed('roles')}>Add roles</Button>}
      {actions.includes('group:manage') && <Button size="sm" onClick={() => setDeed('group')}>Add to a group</Button>}
      {actions.includes('member:remove') && <Button size="sm" variant="secondary-destructive" onClick={() => setDeed('remove')}>Remove</Button>}
      <Button size="sm" variant="ghost" onClick={onClear}>
        Clear selection
      </Button>
      {deed !== null && <Together ws={ws} members={members} deed={deed} onClose={() => setDeed(null)} onDone={() => (setDeed(null), onClear())} />}
    </div>
  );
}

const TITLES: Record<Deed, string> = { roles: 'Add roles', group: 'Add to a group', remove: 'Remove' };

function Together({ ws, members, deed, onClose, onDone }: { ws: string; members: Member[]; deed: Deed; onClose: () => void; onDone: () => void }) {
  const [grants, setGrants] = useState<GrantExpression[]>([]);
  const [group, setGroup] = useState('');
  const groups = useGroups(ws).data?.data ?? [];
  const [progress, setProgress] = useState<number | null>(null);
  const [refused, setRefused] = useState<string[]>([]);
  const changes = members.flatMap((member) => changesOf(deed, member, grants, group));
  const run = async () => {
    const failures: string[] = [];
    for (const [index, member] of members.entries()) {
      setProgress(index);
      await perform(ws, deed, member, grants, group).catch((error: unknown) => failures.push(`${member.name}: ${messageOf(error)}`));
    }
    setProgress(null);
    await refresh(ws);
    if (failures.length > 0) return setRefused(failures);
    done(`Done for ${count(members.length, 'member')}`);
    onDone();
  };
  const isReady = deed === 'remove' || (deed === 'roles' ? grants.length > 0 : group !== '');
  return (
    <Modal
      title={`${TITLES[deed]}: ${count(members.length, 'member')}`}
      size="xl"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant={deed === 'remove' ? 'destructive' : 'primary'} disabled={!isReady} loading={progress !== null} onClick={() => void run()}>
            {progress === null ? TITLES[deed] : `${progress} of ${members.length}`}
          </Button>
        </>
      }
    >
      {deed === 'roles' && <GrantEditor ws={ws} value={grants} onChange={setGrants} legend="Roles to add" />}
      {deed === 'group' && (
        <SelectField label="Group" value={group} onChange={(event) => setGroup(event.target.value)}>
          <option value="">Choose a group</option>
          {groups.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      {isReady && <Effect ws={ws} members={members} changes={changes} />}
      {refused.length > 0 && (
        <ul role="alert" className="list-disc pl-5 text-kumo-danger">
          {refused.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </Modal>
  );
}

function changesOf(deed: Deed, member: Member, grants: GrantExpression[], group: string): Change[] {
  if (deed === 'remove') return [{ remove_member: member.id }];
  if (deed === 'group') return [{ add_to_group: group, member: member.id }];
  return grants.map((grant) => ({ grant, to: member.id }));
}

function perform(ws: string, deed: Deed, member: Member, grants: GrantExpression[], group: string): Promise<unknown> {
  if (deed === 'remove') return call('DELETE', at(ws, `/members/${member.id}`));
  if (deed === 'group') return call('POST', at(ws, `/groups/${group}/members`), { body: { members: [member.id] } });
  return call('POST', at(ws, `/members/${member.id}/grants`), { body: { grants } });
}

/** The server's preview: several members are more than one member's snapshot tells. */
function Effect({ ws, members, changes }: { ws: string; members: Member[]; changes: Change[] }) {
  const names = useNames(ws);
  const preview = useQuery({ queryKey: [ws, 'preview', changes], queryFn: () => call<Preview>('POST', at(ws, '/preview'), { body: { changes } }) });
  const called = new Map(members.map((member) => [member.id, member.name]));
  return (
    <Section title="What changes" level={3}>
      <Loaded query={preview} what="Working out the difference">
        {({ problems, changes: difference }) => (
          <>
            <Problems problems={problems} />
            <Difference changes={difference} names={names} person={(id) => called.get(id) ?? id} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
