// Choosing groups: boxes to tick, and what each of them gives.
import { useGroups } from '../api/queries';
import { Check } from '../ui/field';
import { listWords } from '../words';
import { useGrantWords } from './names';

export function GroupPicker({ ws, value, onChange }: { ws: string; value: readonly string[]; onChange: (groups: string[]) => void }) {
  const groups = useGroups(ws).data?.data ?? [];
  const words = useGrantWords(ws);
  if (groups.length === 0) return null;
  const toggle = (id: string, isChosen: boolean) => onChange(isChosen ? [...value, id] : value.filter((one) => one !== id));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 font-medium">Groups</legend>
      {groups.map(({ id, name, grants }) => (
        <Check
          key={id}
          label={name}
          hint={grants.length === 0 ? 'Gives no roles yet' : listWords(grants.map((grant) => words(grant.expression)))}
          checked={value.includes(id)}
          onChange={(event) => toggle(id, event.target.checked)}
        />
      ))}
    </fieldset>
  );
}
