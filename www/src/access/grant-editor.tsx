// Choosing roles and where they hold: a list of what is chosen, and a line that adds to it.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';

import { useLabels, useResources, useRoles } from '../api/queries';
import type { CatalogRole, GrantExpression } from '../api/types';
import { PlusIcon, XIcon } from '../ui/icons';
import { SelectField } from '../ui/field';
import { NEEDS, capital, kindsOf, mainKind } from '../words';
import { useGrantWords } from './names';

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
      <Adder ws={ws} onAdd={(grant) => !value.includes(grant) && onChange([...value, grant])} />
    </fieldset>
  );
}

function Adder({ ws, onAdd }: { ws: string; onAdd: (grant: GrantExpression) => void }) {
  const roles = useRoles().data ?? [];
  const [role, setRole] = useState('source_read_only');
  const [scope, setScope] = useState('');
  const found = roles.find((one) => one.role === role);
  const add = () => {
    onAdd((scope === '' ? role : `${role}@${scope}`) as GrantExpression);
    setScope('');
  };
  return (
    <div className="flex flex-wrap items-end gap-2">
      <SelectField label="Role" className="min-w-48 flex-1" value={role} onChange={(event) => (setRole(event.target.value), setScope(''))}>
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
      <ScopeSelect ws={ws} role={found} value={scope} onChange={setScope} />
      <Button icon={PlusIcon} onClick={add}>
        Add role
      </Button>
    </div>
  );
}

const LEVELS = { workspace: 'Workspace', resource: 'Resources', modifier: 'On top of others' };

/** Everything, one resource, or a label: as far as the role can be scoped at all. */
function ScopeSelect({ ws, role, value, onChange }: { ws: string; role: CatalogRole | undefined; value: string; onChange: (scope: string) => void }) {
  const scopes = role?.scopes ?? [];
  const isScoped = scopes.some((scope) => scope !== 'workspace');
  const resources = useResources(ws, isScoped).data?.data ?? [];
  const labels = useLabels(ws, scopes.includes('labels')).data?.data ?? [];
  if (!isScoped) return null;
  const kinds = scopes.filter((scope) => scope !== 'workspace' && scope !== 'labels');
  const whole = role?.level === 'modifier' ? 'Everything they can view' : `All ${kindsOf(mainKind(role))}, present and future`;
  return (
    <SelectField label="Where it holds" className="min-w-48 flex-1" value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{whole}</option>
      {kinds.map((kind) => (
        <optgroup key={kind} label={capital(kindsOf(kind))}>
          {resources.filter((one) => one.type === kind).map((one) => (
            <option key={one.resource} value={one.resource}>
              {one.name}
            </option>
          ))}
        </optgroup>
      ))}
      {labels.length > 0 && (
        <optgroup label="Labels">
          {labels.map(({ key, value: text }) => (
            <option key={`${key}:${text}`} value={`{${key}:${text}}`}>
              {key}:{text}
            </option>
          ))}
        </optgroup>
      )}
    </SelectField>
  );
}
