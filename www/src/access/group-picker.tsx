// Choosing groups: boxes to tick, and what each of them gives. Among many groups, a field narrows the boxes.
import { useState } from 'react';

import { useFitting } from '../api/listing';
import { useGroups } from '../api/queries';
import { Check, TextField } from '../ui/field';
import { count, listWords } from '../words';
import { useGrantWords } from './names';

/** So many boxes are looked through by eye. */
const SHOWN = 20;

export function GroupPicker({ ws, value, onChange }: { ws: string; value: readonly string[]; onChange: (groups: string[]) => void }) {
  const groups = useGroups(ws, { least: Infinity });
  const [text, setText] = useState('');
  const fitting = useFitting(groups.rows, text, ({ name }) => name).filter(({ managed }) => !managed);
  const words = useGrantWords(ws);
  // Who is in a managed group is the identity provider's to say.
  const all = (groups.rows ?? []).filter(({ id, managed }) => !managed || value.includes(id));
  if (all.length === 0) return null;
  const toggle = (id: string, isChosen: boolean) => onChange(isChosen ? [...value, id] : value.filter((one) => one !== id));
  const shown = fitting.slice(0, SHOWN);
  // What is chosen stays in sight, whatever is looked for.
  const chosen = all.filter(({ id }) => value.includes(id) && !shown.some((one) => one.id === id));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 font-medium">Groups</legend>
      {all.length > SHOWN && <TextField label="Find a group" type="search" value={text} onChange={(event) => setText(event.target.value)} />}
      {[...chosen, ...shown].map(({ id, name, grants }) => (
        <Check
          key={id}
          label={name}
          hint={grants.length === 0 ? 'Gives no roles yet' : listWords(grants.map((grant) => words(grant.expression)))}
          checked={value.includes(id)}
          onChange={(event) => toggle(id, event.target.checked)}
        />
      ))}
      {fitting.length > SHOWN && <p className="text-kumo-subtle">{`${count(fitting.length - SHOWN, 'more group')}: find them by name.`}</p>}
      {!groups.isComplete && <p className="text-kumo-subtle">More are being read…</p>}
    </fieldset>
  );
}
