// What can be done with several members at once, and the way to take all that match.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';

import { at, useMyWorkspace, type MemberFilters } from '../../api/queries';
import type { Member } from '../../api/types';
import { TakeAll } from '../../ui/take-all';
import { count } from '../../words';
import { personOf, type Chosen } from './chosen';
import { Together, type Deed } from './together';

interface SelectionProps {
  ws: string;
  chosen: Chosen;
  onChoose: (chosen: Chosen) => void;
  /** What the list is narrowed to, as the API takes it. */
  filters: MemberFilters;
  isFiltered: boolean;
  /** There are rows that the page hasn't read. */
  hasMore: boolean;
  /** How many members there are, where that is known. */
  total: number | null;
}

export function Selection({ ws, chosen, onChoose, filters, isFiltered, hasMore, total }: SelectionProps) {
  const { actions } = useMyWorkspace(ws)!;
  const [deed, setDeed] = useState<Deed | null>(null);
  const words = isFiltered ? 'Select all that match' : `Select all${total === null ? '' : ` ${count(total, 'member')}`}`;
  return (
    <div role="group" aria-label="Selected members" className="card flex flex-wrap items-center gap-2 px-3 py-2">
      <span role="status" className="font-medium">
        {`${count(chosen.size, 'member')} selected`}
      </span>
      {hasMore && <TakeAll words={words} one="member" path={at(ws, '/members')} query={{ ...filters }} onFound={(all: Member[]) => onChoose(new Map(all.map((one) => [one.id, personOf(one)])))} />}
      {actions.includes('member:edit') && <Button size="sm" onClick={() => setDeed('roles')}>Add roles</Button>}
      {actions.includes('group:manage') && <Button size="sm" onClick={() => setDeed('group')}>Add to a group</Button>}
      {actions.includes('member:remove') && <Button size="sm" variant="secondary-destructive" onClick={() => setDeed('remove')}>Remove</Button>}
      <Button size="sm" variant="ghost" onClick={() => onChoose(new Map())}>
        Clear selection
      </Button>
      {deed !== null && <Together ws={ws} people={[...chosen.values()]} deed={deed} onClose={() => setDeed(null)} onDone={() => (setDeed(null), onChoose(new Map()))} />}
    </div>
  );
}
