// One event of the audit trail: who did what to whom or what, and how it was before and after.
import { Fragment } from 'react';

import { useGrantWords } from '../../access/names';
import { Person } from '../../access/person';
import type { AuditEvent, GrantExpression } from '../../api/types';
import { Time } from '../../time';
import { eventWords, listWords } from '../../words';
import { Subject } from './subject';

const VIA: Record<AuditEvent['via'], string> = { api: 'API', console: 'console', scim: 'SCIM', jit: 'single sign-on', system: 'Rolecall itself' };
const ACTORS: Record<AuditEvent['actor']['kind'], string> = { member: 'A member', token: 'A token', operator: 'The operator', system: 'Rolecall' };

export const actorWords = ({ actor }: AuditEvent): string => actor.email ?? ACTORS[actor.kind];

interface EventProps {
  ws: string;
  event: AuditEvent;
  /** It stands under what it is about, which then needs no name. */
  isOwn?: boolean;
}

export function EventLine({ ws, event, isOwn = false }: EventProps) {
  return (
    <li className="flex flex-col gap-1 px-3 py-2">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium">{eventWords(event.type)}</span>
        {!isOwn && <Subject ws={ws} event={event} />}
        <span className="break-all text-kumo-subtle">
          by {actorWords(event)}, {VIA[event.via]}
        </span>
        <span className="ml-auto text-sm text-kumo-subtle">
          <Time at={event.at} />
        </span>
      </div>
      <Changed ws={ws} event={event} />
    </li>
  );
}

/** The texts of a list, among them what a grant is written as; none where it is no list. */
const textsOf = (list: unknown): string[] =>
  Array.isArray(list) ? list.flatMap((one: unknown) => (typeof one === 'string' ? [one] : typeof one === 'object' && one !== null && 'expression' in one ? [String(one.expression)] : [])) : [];

/** The grants of a state: the list itself, or the field of that name. */
const grantsOf = (state: unknown): GrantExpression[] => textsOf(Array.isArray(state) ? state : (state as { grants?: unknown } | null)?.grants) as GrantExpression[];

/** Grants and people as words of what was added and taken; everything else as its fields. */
function Changed({ ws, event: { type, before, after } }: { ws: string; event: AuditEvent }) {
  if (type === 'group.members_changed') return <People ws={ws} before={textsOf(before)} after={textsOf(after)} />;
  if (before == null && after == null) return null;
  return (
    <>
      <Grants ws={ws} before={grantsOf(before)} after={grantsOf(after)} />
      {!Array.isArray(before) && !Array.isArray(after) && (
        <details>
          <summary className="text-sm text-kumo-subtle">Before and after</summary>
          <div className="mt-1 grid gap-2 sm:grid-cols-2">
            <State title="Before" value={before} />
            <State title="After" value={after} />
          </div>
        </details>
      )}
    </>
  );
}

interface Difference<T> {
  ws: string;
  before: T[];
  after: T[];
}

/** What one list has and the other hasn't. */
const without = <T,>(list: readonly T[], other: readonly T[]): T[] => list.filter((one) => !other.includes(one));

function Grants({ ws, before, after }: Difference<GrantExpression>) {
  const words = useGrantWords(ws);
  const [added, taken] = [without(after, before), without(before, after)];
  return (
    <>
      {added.length > 0 && <p>Added {listWords(added.map(words))}</p>}
      {taken.length > 0 && <p>Took away {listWords(taken.map(words))}</p>}
    </>
  );
}

function People({ ws, before, after }: Difference<string>) {
  const [added, taken] = [without(after, before), without(before, after)];
  return (
    <>
      {added.length > 0 && <Named ws={ws} words="Put in" people={added} />}
      {taken.length > 0 && <Named ws={ws} words="Took out" people={taken} />}
    </>
  );
}

/** So many people are named; the rest is a number. */
const NAMED = 10;

function Named({ ws, words, people }: { ws: string; words: string; people: string[] }) {
  const more = people.length - NAMED;
  return (
    <p>
      {words}{' '}
      {people.slice(0, NAMED).map((id, index) => (
        <Fragment key={id}>
          {index > 0 && ', '}
          <Person ws={ws} id={id} />
        </Fragment>
      ))}
      {more > 0 && ` and ${more.toLocaleString('en')} more`}
    </p>
  );
}

function State({ title, value }: { title: string; value: unknown }) {
  return (
    <div className="min-w-0">
      <p className="text-sm text-kumo-subtle">{title}</p>
      <pre tabIndex={0} className="max-h-60 overflow-auto rounded bg-kumo-tint p-2 text-sm">
        {value === null ? 'nothing' : JSON.stringify(value, null, 2)}
      </pre>
    </div>
  );
}
