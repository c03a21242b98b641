// One event of the audit trail: who did what, and how it was before and after.
import { useGrantWords } from '../../access/names';
import type { AuditEvent, GrantExpression } from '../../api/types';
import { Time } from '../../time';
import { eventWords, listWords } from '../../words';

const VIA: Record<AuditEvent['via'], string> = { api: 'API', console: 'console', scim: 'SCIM', jit: 'single sign-on', system: 'Rolecall itself' };
const ACTORS: Record<AuditEvent['actor']['kind'], string> = { member: 'A member', token: 'A token', operator: 'The operator', system: 'Rolecall' };

export const actorWords = ({ actor }: AuditEvent): string => actor.email ?? ACTORS[actor.kind];

export function EventLine({ ws, event }: { ws: string; event: AuditEvent }) {
  return (
    <li className="flex flex-col gap-1 px-3 py-2">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium">{eventWords(event.type)}</span>
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

type State = Record<string, unknown> | null;

const isState = (value: unknown): value is State => value === null || (typeof value === 'object' && !Array.isArray(value));
const expressions = (state: State): GrantExpression[] => {
  const grants = state?.grants;
  return Array.isArray(grants) ? grants.flatMap((grant: unknown) => (typeof grant === 'string' ? [grant as GrantExpression] : typeof grant === 'object' && grant !== null && 'expression' in grant ? [grant.expression as GrantExpression] : [])) : [];
};

/** Grants as words of what was added and taken; everything else as its fields. */
function Changed({ ws, event }: { ws: string; event: AuditEvent }) {
  const words = useGrantWords(ws);
  if (!isState(event.before) || !isState(event.after)) return null;
  const [before, after] = [expressions(event.before), expressions(event.after)];
  const added = after.filter((grant) => !before.includes(grant));
  const taken = before.filter((grant) => !after.includes(grant));
  return (
    <>
      {added.length > 0 && <p>Added {listWords(added.map(words))}</p>}
      {taken.length > 0 && <p>Took away {listWords(taken.map(words))}</p>}
      <details>
        <summary className="text-sm text-kumo-subtle">Before and after</summary>
        <div className="mt-1 grid gap-2 sm:grid-cols-2">
          <State title="Before" value={event.before} />
          <State title="After" value={event.after} />
        </div>
      </details>
    </>
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
