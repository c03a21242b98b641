// Choosing roles and where they hold: a list of what is chosen, and a line that adds to it.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';

import { useLabels, useRoles } from '../api/queries';
import type { CatalogRole, GrantExpression } from '../api/types';
import { PlusIcon, WarningIcon, XIcon } from '../ui/icons';
import { Choice, type Option } from '../ui/choice';
import { SelectField } from '../ui/field';
import { NEEDS, kindsOf, mainKind } from '../words';
import { useGrantWords } from './names';
import { ResourceChoice } from './resource-choice';

interface EditorProps {
  ws: string;
  value: readonly GrantExpression[];
  onChange: (grants: GrantExpression[]) => void;
  /** What is wrong with a grant, beside it. */
  problems?: ReadonlyMap<GrantExpression, string>;
  legend?: string;
  /** Who may not list members may not list resources of others either, but labels are open. */
  isDisabled?: boolean;
}

export function GrantEditor({ ws, value, onChange, problems, legend = 'Roles', isDisabled }: EditorProps) {
  const words = useGrantWords(ws);
  return (
    <fieldset className="flex flex-col gap-2" disabled={isDisabled}>
      <legend className="pb-1 font-medium">{legend}</legend>
      {value.length === 0 && <p className="text-kumo-subtle">None so far.</p>}
      {value.length > 0 && (
        <ul className="card divide-y divide-kumo-line" aria-label={`Chosen ${legend.toLowerCase()}`}>
          {value.map((grant) => (
            <li key={grant} className="px-3 py-1.5">
              <div className="flex items-center gap-2">
                <span className="min-w-0 flex-1">{words(grant)}</span>
                <Button variant="ghost" shape="square" size="sm" icon={XIcon} aria-label={`Take away ${words(grant)}`} onClick={() => onChange(value.filter((one) => one !== grant))} />
              </div>
              {problems?.has(grant) && <p className="text-sm text-kumo-danger">{problems.get(grant)}</p>}
            </li>
          ))}
        </ul>
      )}
      <Adder ws={ws} words={words} onAdd={(grant) => !value.includes(grant) && onChange([...value, grant])} />
    </fieldset>
  );
}

/** A grant while it is put together. Labels hold together: what has all of them is meant. */
interface Draft {
  role: string;
  resource: string;
  labels: string[];
}

const BLANK: Draft = { role: '', resource: '', labels: [] };

function expressionOf({ role, resource, labels }: Draft): GrantExpression {
  const scope = labels.length > 0 ? `{${labels.toSorted().join(',')}}` : resource;
  return (scope === '' ? role : `${role}@${scope}`) as GrantExpression;
}

function Adder({ ws, words, onAdd }: { ws: string; words: (grant: GrantExpression) => string; onAdd: (grant: GrantExpression) => void }) {
  const roles = useRoles().data ?? [];
  const [draft, setDraft] = useState(BLANK);
  const found = roles.find((one) => one.role === draft.role);
  const add = () => {
    onAdd(expressionOf(draft));
    setDraft(BLANK);
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-end gap-2">
        <SelectField label="Role" className="min-w-48 flex-1" value={draft.role} onChange={(event) => setDraft({ ...BLANK, role: event.target.value })}>
          <option value="">Choose a role to add</option>
          {(['workspace', 'resource', 'modifier'] as const).map((level) => (
            <optgroup key={level} label={LEVELS[level]}>
              {roles.filter((one) => one.level === level).map((one) => (
                <option key={one.role} value={one.role}>
                  {one.name}
                  {one.plan === 'all' ? '' : ` (${NEEDS[one.plan]?.replace('the ', '')})`}
                </option>
              ))}
            </optgroup>
          ))}
        </SelectField>
        {found?.scopes.some((scope) => scope !== 'workspace') && <Where ws={ws} role={found} draft={draft} onChange={setDraft} />}
        <Button icon={PlusIcon} disabled={draft.role === ''} onClick={add}>
          Add role
        </Button>
      </div>
      {draft.role !== '' && (
        <p role="status" className="flex gap-2 text-kumo-warning">
          <WarningIcon className="mt-0.5 size-4 shrink-0" />
          <span>Not chosen yet: {words(expressionOf(draft))}. “Add role” puts it on the list.</span>
        </p>
      )}
    </div>
  );
}

const LEVELS = { workspace: 'Workspace', resource: 'Resources', modifier: 'On top of others' };
const keyOf = (label: string): string => label.slice(0, label.indexOf(':'));

/** Everything, one resource, or labels: as far as the role can be scoped at all. */
function Where({ ws, role, draft, onChange }: { ws: string; role: CatalogRole; draft: Draft; onChange: (draft: Draft) => void }) {
  const takesLabels = role.scopes.includes('labels');
  const labels = useLabels(ws, { enabled: takesLabels, least: Infinity });
  const all: Option[] = takesLabels ? (labels.rows ?? []).map(({ key, value }) => ({ value: `${key}:${value}`, text: `${key}:${value}`, under: 'Labels' })) : [];
  const { labels: chosen } = draft;
  const choose = (value: string) => onChange(value.includes(':') ? { ...draft, resource: '', labels: [value] } : { ...draft, resource: value, labels: [] });
  const set = (index: number, label: string) => onChange({ ...draft, labels: label === '' ? chosen.slice(0, index) : [...chosen.slice(0, index), label, ...chosen.slice(index + 1)] });
  const whole = role.level === 'modifier' ? 'Everything they can view' : `All ${kindsOf(mainKind(role))}, present and future`;
  // A thing has one value for each key, so that a further label is of another key.
  const further = (index: number) => all.filter((one) => !chosen.slice(0, index).map(keyOf).includes(keyOf(one.value)));
  return (
    <>
      <ResourceChoice ws={ws} label="Where it holds" className="min-w-48 flex-1" kinds={role.scopes} none={whole} others={all} value={chosen[0] ?? draft.resource} onChange={choose} />
      {chosen.map((_, index) => {
        const options = further(index + 1);
        return options.length === 0 ? null : <Choice key={index} label={index === 0 ? 'And also labelled' : `And also labelled (${index + 1})`} className="min-w-48 flex-1" none="Nothing more" options={options.map(({ value, text }) => ({ value, text }))} value={chosen[index + 1] ?? ''} onChange={(label) => set(index + 1, label)} />;
      })}
    </>
  );
}
