// What an event is about: by the name that it had then, or by the one that it has now.
import { Link } from 'wouter';

import { Person } from '../../access/person';
import { useNames } from '../../access/names';
import { useGroup } from '../../api/queries';
import type { AuditEvent } from '../../api/types';
import { resourceWords } from '../../words';

/** The words that name a thing, in the order in which one of them is enough. */
const NAMES = ['email', 'name', 'domain'];

/** How a state of a thing calls it; undefined where it tells only a part. */
export function nameIn(state: unknown): string | undefined {
  if (typeof state !== 'object' || state === null) return undefined;
  const fields = state as Record<string, unknown>;
  return NAMES.map((name) => fields[name]).find((value): value is string => typeof value === 'string' && value !== '');
}

/** Where a thing has a page of its own; of all others the trail itself has the rest of the story. */
function placeOf(ws: string, { type, id }: AuditEvent['subject']): string {
  const pages: Record<string, string> = { member: 'members', group: 'groups', connection: 'sso' };
  return pages[type] === undefined ? `/w/${ws}/audit?${new URLSearchParams({ subject: id })}` : `/w/${ws}/${pages[type]}/${encodeURIComponent(id)}`;
}

export function Subject({ ws, event: { subject, before, after } }: { ws: string; event: AuditEvent }) {
  const name = nameIn(after) ?? nameIn(before);
  // Who accepts an invite is who it was for.
  if (subject.type === 'workspace' || (subject.type === 'invite' && name === undefined)) return null;
  return (
    <Link href={placeOf(ws, subject)} className="link break-all">
      {name ?? <Called ws={ws} subject={subject} />}
    </Link>
  );
}

function Called({ ws, subject: { type, id } }: { ws: string; subject: AuditEvent['subject'] }) {
  if (type === 'member') return <Person ws={ws} id={id} />;
  if (type === 'group') return <GroupName ws={ws} id={id} />;
  return type === 'resource' ? <ResourceName ws={ws} id={id} /> : <>{id}</>;
}

function GroupName({ ws, id }: { ws: string; id: string }) {
  return <>{useGroup(ws, id).data?.data.name ?? id}</>;
}

function ResourceName({ ws, id }: { ws: string; id: string }) {
  return <>{resourceWords(id, useNames(ws))}</>;
}
