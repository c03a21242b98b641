// Roles: each role of the catalog against what it allows, as a table that people can read.
import { Badge } from '@cloudflare/kumo/components/badge';
import { Link } from 'wouter';

import { useRoles } from '../../api/queries';
import type { CatalogRole } from '../../api/types';
import type { ViewProps } from '../../shell/views';
import { CheckCircleIcon } from '../../ui/icons';
import { ButtonLink } from '../../ui/link';
import { Loaded, Page } from '../../ui/page';
import { NEEDS, actionWords, capital, kindsOf, mainKind } from '../../words';

export function View({ ws, id }: ViewProps) {
  const roles = useRoles();
  return (
    <Page title="Roles" intro="Roles are fixed. Somebody may hold several, and the more powerful wins. Each may be scoped as its card says.">
      <Loaded query={roles} what="Loading roles">
        {(all) => (id === undefined ? <Matrix ws={ws} roles={all} /> : <OneRole ws={ws} role={all.find((one) => one.role === id)} />)}
      </Loaded>
    </Page>
  );
}

const VERBS = ['view', 'create', 'edit', 'delete', 'manage', 'invite', 'remove'];

/** What most roles are about comes first; what only owners do comes last. */
const KINDS = ['source', 'destination', 'tracking_plan', 'space', 'audience', 'computed_trait', 'journey', 'warehouse', 'function', 'pii', 'identity', 'privacy', 'entity'];

/** Actions by their kind of thing, so that a cell holds a few letters instead of forty columns. */
function kindsOfActions(roles: CatalogRole[]): string[] {
  const kinds = [...new Set(roles.flatMap((role) => role.actions.map((action) => action.split(':')[0] ?? '')))];
  const place = (kind: string): number => (kind === 'workspace' ? -1 : KINDS.includes(kind) ? KINDS.indexOf(kind) : KINDS.length);
  return kinds.sort((a, b) => place(a) - place(b));
}

function verbsOf(role: CatalogRole, kind: string): string[] {
  const verbs = role.actions.filter((action) => action.startsWith(`${kind}:`)).map((action) => action.split(':')[1] ?? '');
  return verbs.sort((a, b) => VERBS.indexOf(a) - VERBS.indexOf(b));
}

const SHORT: Record<string, string> = { sso: 'Single sign-on', scim: 'SCIM', pii: 'Personal data', audit: 'Audit trail', billing: 'Billing', member: 'Members', group: 'Groups', label: 'Labels', token: 'Tokens', identity: 'Identity resolution', privacy: 'End-user privacy', entity: 'Entities', workspace: 'Workspace' };
const kindName = (kind: string): string => SHORT[kind] ?? capital(kindsOf(kind));

function Matrix({ ws, roles }: { ws: string; roles: CatalogRole[] }) {
  const kinds = kindsOfActions(roles);
  return (
    <div className="card max-h-[calc(100dvh-11rem)] overflow-auto" tabIndex={0} role="region" aria-label="Roles and what they allow">
      <table className="table border-separate border-spacing-0">
        <caption className="sr-only">What each role allows, by kind of thing</caption>
        <thead>
          <tr>
            <th scope="col" className="sticky left-0 top-0 z-20 bg-kumo-base">
              Role
            </th>
            {kinds.map((kind) => (
              <th key={kind} scope="col" className="sticky top-0 z-10 bg-kumo-base">
                {kindName(kind)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {roles.map((role) => (
            <tr key={role.role}>
              <th scope="row" className="sticky left-0 z-10 bg-kumo-base">
                <Link href={`/w/${ws}/roles/${role.role}`} className="link">
                  {role.name}
                </Link>
              </th>
              {kinds.map((kind) => (
                <td key={kind} className="whitespace-nowrap">
                  {verbsOf(role, kind).join(', ') || <span className="sr-only">nothing</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function OneRole({ ws, role }: { ws: string; role: CatalogRole | undefined }) {
  if (role === undefined) return <p>There is no such role. <ButtonLink href={`/w/${ws}/roles`}>All roles</ButtonLink></p>;
  const scopes = role.scopes.map((scope) => (scope === 'workspace' ? (role.level === 'resource' ? `all ${kindsOf(mainKind(role))}` : 'the workspace') : scope === 'labels' ? 'labels (Business plan)' : `single ${kindsOf(scope)}`));
  return (
    <div className="card flex flex-col gap-3 p-4">
      <h2 className="flex flex-wrap items-center gap-2 text-lg font-semibold">
        {role.name} {role.plan !== 'all' && <Badge variant="neutral">needs {NEEDS[role.plan]}</Badge>}
      </h2>
      <p>
        Written <code className="rounded bg-kumo-tint px-1">{role.role}</code>. It may be given on {scopes.join(', ')}.
        {role.level === 'modifier' && ' It adds to other roles and never widens what they reach.'}
      </p>
      <ul className="grid gap-1 sm:grid-cols-2 xl:grid-cols-3">
        {role.actions.map((action) => (
          <li key={action} className="flex items-center gap-2">
            <CheckCircleIcon className="size-4 shrink-0 text-kumo-success" /> {actionWords(action)}
          </li>
        ))}
      </ul>
      <div className="flex gap-2">
        <ButtonLink href={`/w/${ws}/roles`}>All roles</ButtonLink>
        <ButtonLink href={`/w/${ws}/members?role=${role.role}`}>Who holds it</ButtonLink>
      </div>
    </div>
  );
}
