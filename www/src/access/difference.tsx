// What a change does to access: who gains and who loses what, and which rules refuse it. The package works it out.
import type { ReactNode } from 'react';
import type { AccessChange, Change, Preview } from 'rolecall';

import type { Loaded } from '../engine';
import { messageOf } from '../api/http';
import { CheckCircleIcon, WarningIcon, XCircleIcon } from '../ui/icons';
import { actionsWords, resourceWords, type Names } from '../words';

/** What the package says that changes would do; a change that it can't read is a problem like others. */
export function previewOf(access: Loaded | undefined, changes: readonly Change[]): Preview | undefined {
  if (access === undefined) return undefined;
  try {
    return access.workspace.preview(changes);
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'invalid_change';
    return { problems: [{ change: 0, code, detail: messageOf(error) }], changes: { gained: [], lost: [] }, complete: true, version: access.workspace.version };
  }
}

export function Problems({ problems }: { problems: readonly { code: string; detail: string }[] }) {
  if (problems.length === 0) return null;
  return (
    <div role="alert">
      <ul className="flex flex-col gap-1">
        {problems.map(({ code, detail }, index) => (
          <li key={index} className="flex gap-2 text-kumo-danger">
            <WarningIcon className="mt-0.5 size-4 shrink-0" />
            <span>
              {detail} <span className="text-sm">({code})</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface DifferenceProps {
  changes: Preview['changes'];
  names?: Names;
  /** How people are called, where the change is about more than one. */
  person?: (member: string) => ReactNode;
  none?: string;
}

export function Difference({ changes: { gained, lost }, names, person, none = 'No difference: everybody may do what they may do now.' }: DifferenceProps) {
  if (gained.length + lost.length === 0) return <p className="text-kumo-subtle">{none}</p>;
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Side title="Will be able to" rows={gained} names={names} person={person} isGain />
      <Side title="Will no longer be able to" rows={lost} names={names} person={person} isGain={false} />
    </div>
  );
}

/** So many rows tell the story; the rest is a number. */
const MOST = 60;

function Side({ title, rows, names, person, isGain }: { title: string; rows: readonly AccessChange[]; isGain: boolean } & Pick<DifferenceProps, 'names' | 'person'>) {
  if (rows.length === 0) return null;
  const Icon = isGain ? CheckCircleIcon : XCircleIcon;
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className={`font-medium ${isGain ? 'text-kumo-success' : 'text-kumo-danger'}`}>{title}</h3>
      <ul className="mt-1 flex flex-col gap-1">
        {rows.slice(0, MOST).map((row, index) => (
          <li key={index} className="flex gap-2">
            <Icon className={`mt-0.5 size-4 shrink-0 ${isGain ? 'text-kumo-success' : 'text-kumo-danger'}`} />
            <span className="min-w-0 break-words">
              {person !== undefined && <strong className="font-medium">{person(row.member)}: </strong>}
              {actionsWords(row.actions)} <span className="text-kumo-subtle">{where(row, names)}</span>
            </span>
          </li>
        ))}
      </ul>
      {rows.length > MOST && <p className="text-kumo-subtle">and {rows.length - MOST} more</p>}
    </section>
  );
}

function where(row: AccessChange, names?: Names): string {
  if (row.resource === 'workspace') return '';
  const except = row.except === undefined || row.except.length === 0 ? '' : `, except ${row.except.map((one) => resourceWords(one, names)).join(', ')}`;
  return `· ${resourceWords(row.resource, names)}${except}`;
}
