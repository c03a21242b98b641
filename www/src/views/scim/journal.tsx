// What the provider asked for, what came of it, and why something was refused.
import { useState } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';

import { Time } from '../../time';
import { SelectField } from '../../ui/field';
import { LongList } from '../../ui/long-list';
import { Empty } from '../../ui/page';
import { count } from '../../words';
import { useJournal, type Effect, type Entry } from './queries';

const OUTCOMES = { applied: ['Done', 'success'], unchanged: ['Nothing to change', 'neutral'], refused: ['Refused', 'error'] } as const;

export function Journal({ ws }: { ws: string }) {
  const [outcome, setOutcome] = useState('');
  const entries = useJournal(ws, outcome);
  return (
    <div className="flex flex-col gap-3">
      <SelectField label="Show" className="max-w-xs" value={outcome} onChange={(event) => setOutcome(event.target.value)}>
        <option value="">Everything</option>
        <option value="applied">What was done</option>
        <option value="refused">What was refused</option>
      </SelectField>
      <LongList label="Requests of the provider" listing={entries} keyOf={({ id }) => id} what="Loading the journal" empty={<Empty title="Nothing yet">Each change that the provider asks for is told here.</Empty>}>
        {(entry: Entry) => <Row entry={entry} />}
      </LongList>
    </div>
  );
}

function Row({ entry: { at, method, path, outcome, status, detail, changes } }: { entry: Entry }) {
  const [words, variant] = OUTCOMES[outcome];
  return (
    <div className="flex flex-col gap-1 py-3">
      <p className="flex flex-wrap items-center gap-2">
        <Badge variant={variant}>{words}</Badge>
        <code className="break-all">{`${method} ${path}`}</code>
        <span className="text-sm text-kumo-subtle">
          {status}, <Time at={at} />
        </span>
      </p>
      {detail !== null && <p>{detail}</p>}
      {changes.map((effect, index) => (
        <p key={index} className="text-sm text-kumo-subtle">
          {inWords(effect)}
        </p>
      ))}
    </div>
  );
}

const inWords = ({ effect, members, grants }: Effect) => `${count(members.length, 'person', 'people')} ${effect} ${grants.length === 0 ? 'nothing' : grants.join(', ')}`;
