// Whom the provider knows and who is no member: who was removed here comes back with its next word, and what to do about that.
import { useState } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';

import { Time } from '../../time';
import { SelectField } from '../../ui/field';
import { LongList } from '../../ui/long-list';
import { Empty } from '../../ui/page';
import { listWords } from '../../words';
import { useInactive, type Inactive } from './queries';

export function InactivePeople({ ws }: { ws: string }) {
  const [way, setWay] = useState('');
  const people = useInactive(ws, way);
  return (
    <div className="flex flex-col gap-3">
      <p>
        Whoever is removed here while the provider still assigns them may come back with its next sync. Unassign them at the provider to keep them out: once it says so, the mark is gone.
      </p>
      <SelectField label="People" className="max-w-xs" value={way} onChange={(event) => setWay(event.target.value)}>
        <option value="">Everyone who is no member</option>
        <option value="scim">Removed here, still assigned</option>
        <option value="none">Taken out by the provider</option>
      </SelectField>
      <LongList label="People whom the provider knows" listing={people} keyOf={({ id }) => id} what="Loading people" empty={<Empty title="Nobody">Everyone whom the provider assigns is a member.</Empty>}>
        {(person: Inactive) => <Row person={person} />}
      </LongList>
    </div>
  );
}

function Row({ person: { email, name, since, returns_by, groups } }: { person: Inactive }) {
  return (
    <div className="flex flex-col gap-1 py-3">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-medium break-all">{email}</span>
        {name !== email && <span className="text-kumo-subtle">{name}</span>}
        <Badge variant={returns_by === null ? 'neutral' : 'warning'}>{returns_by === null ? 'Taken out by the provider' : 'Removed here, still assigned'}</Badge>
      </p>
      <p className="text-sm text-kumo-subtle">
        No member since <Time at={since} />
        {groups.length > 0 && <> · would be back in {listWords(groups.map((group) => group.name))}</>}
      </p>
      {returns_by !== null && <p className="text-sm">Unassign them at the provider, or it may bring them back.</p>}
    </div>
  );
}
