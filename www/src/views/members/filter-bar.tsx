// The search field and the filters over the list of members.
import { Button } from '@cloudflare/kumo/components/button';

import { GroupChoice, ResourceChoice } from '../../access/resource-choice';
import { useRoles } from '../../api/queries';
import { SelectField, TextField } from '../../ui/field';
import { PROVISIONED } from '../../words';
import { SORT_WORDS } from './columns';
import type { Filters } from './filters';

interface BarProps {
  ws: string;
  typed: string;
  onType: (text: string) => void;
  filters: Filters;
  onChange: (change: Filters) => void;
  staleDays: number;
}

export function FilterBar({ ws, typed, onType, filters, onChange, staleDays }: BarProps) {
  const roles = useRoles().data ?? [];
  const isFiltered = typed !== '' || ['role', 'group', 'resource', 'inactive', 'provisioned_by'].some((name) => filters[name as keyof Filters]);
  const clear = () => {
    onType('');
    onChange({ q: '', role: '', group: '', resource: '', inactive: '', provisioned_by: '' });
  };
  return (
    <search className="grid grid-cols-2 items-end gap-2 sm:grid-cols-3 xl:grid-cols-[minmax(14rem,2fr)_repeat(6,minmax(7rem,1fr))]">
      <TextField label="Search" type="search" placeholder="Name or e-mail" className="col-span-2 sm:col-span-3 xl:col-span-1" value={typed} onChange={(event) => onType(event.target.value)} />
      <Filter label="Role" name="role" filters={filters} onChange={onChange} options={roles.map((one) => [one.role, one.name])} />
      <GroupChoice ws={ws} label="Group" none="All" value={filters.group ?? ''} onChange={(group) => onChange({ group })} />
      <ResourceChoice ws={ws} label="Resource" none="All" value={filters.resource ?? ''} onChange={(resource) => onChange({ resource })} />
      <Filter label="Activity" name="inactive" filters={filters} onChange={onChange} options={days(staleDays)} />
      <Filter label="Came by" name="provisioned_by" filters={filters} onChange={onChange} options={Object.entries(PROVISIONED)} />
      <SelectField label="Sort by" className="xl:hidden" value={filters.sort ?? 'email'} onChange={(event) => onChange({ sort: event.target.value })}>
        {Object.entries(SORT_WORDS).map(([sort, words]) => (
          <option key={sort} value={sort}>
            {words}
          </option>
        ))}
      </SelectField>
      {isFiltered && (
        <Button className="self-end justify-self-start" onClick={clear}>
          Clear filters
        </Button>
      )}
    </search>
  );
}

const days = (stale: number): [string, string][] => [...new Set([30, 90, 180, stale])].sort((a, b) => a - b).map((one) => [String(one), `Not active for ${one} days`]);

interface FilterProps {
  label: string;
  name: keyof Filters;
  filters: Filters;
  onChange: (change: Filters) => void;
  options: [value: string, text: string][];
}

function Filter({ label, name, filters, onChange, options }: FilterProps) {
  return (
    <SelectField label={label} value={filters[name] ?? ''} onChange={(event) => onChange({ [name]: event.target.value })}>
      <option value="">All</option>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </SelectField>
  );
}
