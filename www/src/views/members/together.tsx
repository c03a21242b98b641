// One deed for several members: whom it is about, the difference, then each of them with progress, and who was left out.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import type { Change, GrantExpression } from 'rolecall';

import { GrantEditor } from '../../access/grant-editor';
import { GroupChoice } from '../../access/resource-choice';
import { ServerEffect } from '../../access/server-effect';
import { refresh } from '../../api/client';
import { call } from '../../api/http';
import { useMany, type Deed as Doing } from '../../api/many';
import { at } from '../../api/queries';
import { TextField } from '../../ui/field';
import { Modal } from '../../ui/modal';
import { Running } from '../../ui/run';
import { done } from '../../ui/toast';
import { count, listWords } from '../../words';
import type { Person } from './chosen';

export type Deed = 'roles' | 'group' | 'remove';

const TITLES: Record<Deed, string> = { roles: 'Add roles', group: 'Add to a group', remove: 'Remove' };

interface TogetherProps {
  ws: string;
  people: Person[];
  deed: Deed;
  onClose: () => void;
  onDone: () => void;
}

export function Together({ ws, people, deed, onClose, onDone }: TogetherProps) {
  const [grants, setGrants] = useState<GrantExpression[]>([]);
  const [group, setGroup] = useState('');
  const [typed, setTyped] = useState('');
  const { run, start, stop } = useMany<Person>();
  const go = async (whom: Person[]) => {
    const end = await start(whom, doing(ws, deed, grants, group));
    void refresh(ws);
    if (end.failures.length + end.left.length > 0) return;
    done(`Done for ${count(people.length, 'member')}`);
    onDone();
  };
  const number = people.length.toLocaleString('en');
  const isReady = deed === 'remove' ? typed.trim() === number || typed.trim() === String(people.length) : deed === 'roles' ? grants.length > 0 : group !== '';
  const isOpen = run === null;
  return (
    <Modal
      title={`${TITLES[deed]}: ${count(people.length, 'member')}`}
      size="xl"
      // What has begun goes on until it is stopped.
      onClose={run?.isRunning ? stop : isOpen ? onClose : onDone}
      footer={
        isOpen ? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button variant={deed === 'remove' ? 'destructive' : 'primary'} disabled={!isReady} onClick={() => void go(people)}>
              {TITLES[deed]}
            </Button>
          </>
        ) : (
          <Button disabled={run.isRunning} onClick={onDone}>
            Close
          </Button>
        )
      }
    >
      <Whom people={people} />
      {isOpen && (
        <>
          {deed === 'roles' && <GrantEditor ws={ws} value={grants} onChange={setGrants} legend="Roles to add" />}
          {deed === 'group' && <GroupChoice ws={ws} isOpen label="Group" none="Choose a group" value={group} onChange={setGroup} />}
          {(deed === 'remove' || (deed === 'roles' ? grants.length > 0 : group !== '')) && <Effect ws={ws} people={people} changesOf={(one) => changesOf(deed, one, grants, group)} />}
          {deed === 'remove' && <Returning people={people} />}
          {deed === 'remove' && <TextField label={`Type ${number} to confirm`} hint="So many people lose access at once, on every device." value={typed} onChange={(event) => setTyped(event.target.value)} />}
        </>
      )}
      {!isOpen && <Running run={run} nameOf={({ email }) => email} one="member" onStop={stop} onRetry={(whom) => void go(whom)} />}
    </Modal>
  );
}

function Returning({ people }: { people: Person[] }) {
  const found = people.filter(({ provisioned_by }) => provisioned_by === 'scim' || provisioned_by === 'jit');
  if (found.length === 0) return null;
  return (
    <p className="card border-l-4 border-l-kumo-warning p-3">
      The identity provider may bring back {count(found.length, 'person', 'people')} of these: unassign them there first, then remove them here.
    </p>
  );
}

const NAMED = 5;

function Whom({ people }: { people: Person[] }) {
  const owners = people.filter((one) => one.is_owner);
  const more = people.length - NAMED;
  const named = people.slice(0, NAMED).map((one) => one.name);
  return (
    <div>
      <p>{`For ${listWords(more > 0 ? [...named, count(more, 'other')] : named)}.`}</p>
      {owners.length > 0 && <p className="text-kumo-warning">{`Among them ${count(owners.length, 'owner')}: ${listWords(owners.slice(0, NAMED).map((one) => one.name))}${owners.length > NAMED ? ' and more' : ''}.`}</p>}
    </div>
  );
}

function changesOf(deed: Deed, { id }: Person, grants: GrantExpression[], group: string): Change[] {
  if (deed === 'remove') return [{ remove_member: id }];
  if (deed === 'group') return [{ add_to_group: group, member: id }];
  return grants.map((grant) => ({ grant, to: id }));
}

function doing(ws: string, deed: Deed, grants: GrantExpression[], group: string): Doing<Person> {
  if (deed === 'remove') return { one: ({ id }) => call('DELETE', at(ws, `/members/${id}`)) };
  if (deed === 'roles') return { one: ({ id }) => call('POST', at(ws, `/members/${id}/grants`), { body: { grants } }) };
  const join = (members: Person[]) => call('POST', at(ws, `/groups/${group}/members`), { body: { members: members.map(({ id }) => id) } });
  return { one: (person) => join([person]), together: join };
}

/** One request of the API previews so many changes. */
const MOST_CHANGES = 100;

/** The server's preview, since several members are more than one member's snapshot tells; of many, the first stand for all. */
function Effect({ ws, people, changesOf }: { ws: string; people: Person[]; changesOf: (person: Person) => Change[] }) {
  const shown = people.slice(0, Math.max(1, Math.floor(MOST_CHANGES / changesOf(people[0]!).length)));
  const names = new Map(people.map((one) => [one.id, one.name]));
  const note = shown.length < people.length ? `Shown for the first ${shown.length.toLocaleString('en')} of ${count(people.length, 'member')}; each is checked when it is done.` : undefined;
  return <ServerEffect ws={ws} changes={shown.flatMap(changesOf)} person={(id) => names.get(id) ?? id} note={note} />;
}
