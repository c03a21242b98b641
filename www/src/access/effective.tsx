// What one member may do, resource by resource, as the package decides it.
import { useMemo, useState } from 'react';
import type { Action, Member, Resource, ResourceType } from 'rolecall';

import type { Loaded } from '../engine';
import { SelectField } from '../ui/field';
import { RESOURCE_TYPES, actionWords, capital, kindsOf, resourceWords, type Names } from '../words';
import { Explanation } from './explanation';

/** Verbs on a resource, and what is done inside a space. */
const VERBS: Record<ResourceType, Action[]> = {
  source: ['source:view', 'source:edit', 'source:delete', 'pii:view'],
  destination: ['destination:view', 'destination:edit', 'destination:delete'],
  tracking_plan: ['tracking_plan:view', 'tracking_plan:edit', 'tracking_plan:delete'],
  space: ['space:view', 'space:edit', 'space:delete', 'audience:edit', 'computed_trait:edit', 'journey:edit', 'pii:view'],
  warehouse: ['warehouse:view', 'warehouse:edit', 'warehouse:delete'],
  function: ['function:view', 'function:edit', 'function:delete'],
};

interface Row {
  resource: Resource;
  actions: Action[];
}

/** Which of a type's resources a member reaches, and with which actions. */
export function reachOf(member: Member, type: ResourceType): Row[] {
  const rows = new Map<Resource, Action[]>();
  for (const action of VERBS[type]) {
    for (const { resource } of member.list(action, type)) rows.set(resource, [...(rows.get(resource) ?? []), action]);
  }
  return [...rows].map(([resource, actions]) => ({ resource, actions })).sort((a, b) => (a.resource < b.resource ? -1 : 1));
}

function onWorkspace({ engine }: Loaded, member: Member): Action[] {
  const kinds = new Set<string>([...RESOURCE_TYPES, 'audience', 'computed_trait', 'journey', 'pii']);
  return engine.actions().filter((action) => !kinds.has(action.split(':')[0] ?? '') && member.can(action));
}

export function Effective({ access, id, names }: { access: Loaded; id: string; names: Names }) {
  const [asked, setAsked] = useState<{ action: Action; resource: Resource } | null>(null);
  const { workspace, reach } = useMemo(() => {
    const member = access.workspace.member(id);
    return { workspace: onWorkspace(access, member), reach: RESOURCE_TYPES.map((type) => ({ type, rows: reachOf(member, type) })) };
  }, [access, id]);
  return (
    <div className="flex flex-col gap-4">
      <div>
        <h3 className="font-medium">In the workspace</h3>
        <ul className="mt-1 list-disc pl-5">
          {workspace.map((action) => (
            <li key={action}>{actionWords(action)}</li>
          ))}
        </ul>
      </div>
      {reach.filter(({ rows }) => rows.length > 0).map(({ type, rows }) => (
        <Kind key={type} type={type} rows={rows} names={names} onAsk={(resource, action) => setAsked({ resource, action })} />
      ))}
      {reach.every(({ rows }) => rows.length === 0) && <p className="text-kumo-subtle">No resources: none of their roles reaches one.</p>}
      {asked !== null && <Explanation decision={access.workspace.explain(id, asked.action, asked.resource)} title={`${actionWords(asked.action)} on ${resourceWords(asked.resource, names)}`} names={names} />}
      <AskAny access={access} id={id} names={names} />
    </div>
  );
}

function Kind({ type, rows, names, onAsk }: { type: ResourceType; rows: Row[]; names: Names; onAsk: (resource: Resource, action: Action) => void }) {
  return (
    <div className="relative overflow-x-auto">
      <table className="table">
        <caption className="text-start font-medium">{capital(kindsOf(type))}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Name</th>
            <th scope="col">May</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, 200).map(({ resource, actions }) => (
            <tr key={resource}>
              <th scope="row" className="font-normal">
                {names.get(resource) ?? resource}
              </th>
              <td>
                <span className="flex flex-wrap gap-1">
                  {actions.map((action) => (
                    <button key={action} type="button" className="rounded-md border border-kumo-line px-2 hover:bg-kumo-tint" aria-label={`Why: ${actionWords(action)} on ${names.get(resource) ?? resource}`} onClick={() => onAsk(resource, action)}>
                      {action.startsWith(type) ? (action.split(':')[1] ?? '') : actionWords(action)}
                    </button>
                  ))}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > 200 && <p className="text-kumo-subtle">and {rows.length - 200} more</p>}
    </div>
  );
}

/** Why, or why not: any action on any resource. */
function AskAny({ access, id, names }: { access: Loaded; id: string; names: Names }) {
  const [action, setAction] = useState<Action>('source:edit');
  const [resource, setResource] = useState<Resource>('workspace');
  const decision = useMemo(() => {
    try {
      return access.workspace.explain(id, action, resource === 'workspace' ? null : resource);
    } catch (error) {
      return error as Error;
    }
  }, [access, id, action, resource]);
  return (
    <section aria-label="Ask" className="flex flex-col gap-2 border-t border-kumo-line pt-4">
      <h3 className="font-medium">May they…?</h3>
      <div className="flex flex-wrap gap-2">
        <SelectField label="Action" className="min-w-40 flex-1" value={action} onChange={(event) => setAction(event.target.value as Action)}>
          {access.engine.actions().map((one) => (
            <option key={one} value={one}>
              {actionWords(one)}
            </option>
          ))}
        </SelectField>
        <SelectField label="On" className="min-w-40 flex-1" value={resource} onChange={(event) => setResource(event.target.value as Resource)}>
          <option value="workspace">The workspace</option>
          {[...names].map(([reference]) => (
            <option key={reference} value={reference}>
              {resourceWords(reference, names)}
            </option>
          ))}
        </SelectField>
      </div>
      {decision instanceof Error ? <p className="text-kumo-subtle">{decision.message}</p> : <Explanation decision={decision} names={names} />}
    </section>
  );
}
