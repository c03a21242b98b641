// What one member may do, resource by resource, as the package decides it.
import { useMemo, useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import type { Action, Resource, ResourceType } from 'rolecall';

import { messageOf } from '../api/http';
import { useResources } from '../api/queries';
import type { Resource as Registered } from '../api/types';
import { targetOf, useAccess, useChecks, type Checks } from '../engine';
import { SelectField } from '../ui/field';
import { Failed, Loaded, Loading } from '../ui/page';
import { RESOURCE_TYPES, actionWords, capital, count, kindOf, kindsOf, resourceWords, type Names } from '../words';
import { Explanation } from './explanation';
import { useNames } from './names';
import { actionsOn, actionsOnOne, reachOf, typeOf, type Reached } from './questions';
import { ResourceChoice } from './resource-choice';

interface EffectiveProps {
  ws: string;
  /** Whose access: an account's id. */
  id: string;
}

export function Effective({ ws, id }: EffectiveProps) {
  const checks = useChecks(ws, id);
  const resources = useResources(ws, { least: Infinity });
  if (resources.error !== null) return <Failed error={resources.error} retry={resources.more} />;
  return (
    <Loaded query={checks} what="Working out access">
      {(loaded) =>
        // Half of the registry would look like access to half of it.
        resources.isComplete ? <Reach ws={ws} id={id} checks={loaded} resources={resources.rows ?? []} /> : <Loading what={`Reading the registry: ${count(resources.rows?.length ?? 0, 'resource')}`} />
      }
    </Loaded>
  );
}

function Reach({ ws, id, checks, resources }: EffectiveProps & { checks: Checks; resources: Registered[] }) {
  const names = useNames(ws);
  const [asked, setAsked] = useState<{ action: Action; resource: Resource } | null>(null);
  const { workspace, reach } = useMemo(() => {
    const byType = Map.groupBy(resources.map(({ resource }) => resource), typeOf);
    // What is said of the workspace as a whole is only what is asked of nothing smaller.
    const smaller = new Set(RESOURCE_TYPES.flatMap((type) => actionsOnOne(checks, type)));
    const larger = actionsOn(checks, 'workspace').filter((action) => !smaller.has(action));
    return {
      workspace: larger.filter((action) => checks.workspace.can(id, action)),
      reach: RESOURCE_TYPES.map((type) => ({ type, rows: reachOf(checks, id, type, byType.get(type) ?? []) })),
    };
  }, [checks, id, resources]);
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
      {asked !== null && <Why ws={ws} id={id} action={asked.action} resource={asked.resource} title={`${actionWords(asked.action)} on ${resourceWords(asked.resource, names)}`} />}
      <AskAny ws={ws} id={id} checks={checks} />
    </div>
  );
}

/** So many rows come at once. */
const STEP = 100;

function Kind({ type, rows, names, onAsk }: { type: ResourceType; rows: Reached[]; names: Names; onAsk: (resource: Resource, action: Action) => void }) {
  const [most, setMost] = useState(STEP);
  return (
    <div className="relative overflow-x-auto">
      <table className="table">
        <caption className="text-start font-medium">
          {capital(kindsOf(type))} <span className="font-normal text-kumo-subtle">{rows.length > STEP && count(rows.length, kindOf(type), kindsOf(type))}</span>
        </caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Name</th>
            <th scope="col">May</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, most).map(({ resource, actions }) => (
            <tr key={resource}>
              <th scope="row" className="w-2/5 font-normal">
                {names.get(resource) ?? resource}
              </th>
              <td>
                <Verbs type={type} actions={actions} name={names.get(resource) ?? resource} onAsk={(action) => onAsk(resource, action)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > most && (
        <Button size="sm" onClick={() => setMost(most + STEP)}>
          {`Show ${Math.min(STEP, rows.length - most)} more of ${(rows.length - most).toLocaleString('en')}`}
        </Button>
      )}
    </div>
  );
}

/** The verbs, those on the thing itself first, then those on what lies in it. */
function Verbs({ type, actions, name, onAsk }: { type: ResourceType; actions: Action[]; name: string; onAsk: (action: Action) => void }) {
  const byKind = Map.groupBy(actions, (action) => action.split(':')[0] ?? '');
  return [...byKind].map(([kind, all]) => (
    <span key={kind} className="flex flex-wrap items-baseline gap-1 pb-1">
      {kind !== type && kind !== 'pii' && <span className="text-sm text-kumo-subtle">{capital(kindsOf(kind))}:</span>}
      {all.map((action) => (
        <button key={action} type="button" className="rounded-md border border-kumo-line px-2 hover:bg-kumo-tint" aria-label={`Why: ${actionWords(action)} on ${name}`} onClick={() => onAsk(action)}>
          {kind === 'pii' ? actionWords(action) : action.split(':')[1]}
        </button>
      ))}
    </span>
  ));
}

/** Why, or why not: any action on any resource. */
function AskAny({ ws, id, checks }: EffectiveProps & { checks: Checks }) {
  const [action, setAction] = useState<Action>('source:edit');
  const [resource, setResource] = useState('');
  // Reasons take the whole package, so that they come when somebody asks.
  const [isAsked, setAsked] = useState(false);
  return (
    <section aria-label="Ask" className="flex flex-col gap-2 border-t border-kumo-line pt-4">
      <h3 className="font-medium">May they…?</h3>
      <div className="flex flex-wrap items-end gap-2">
        <SelectField label="Action" className="min-w-40 flex-1" value={action} onChange={(event) => (setAction(event.target.value as Action), setAsked(true))}>
          {checks.actions().map((one) => (
            <option key={one} value={one}>
              {actionWords(one)}
            </option>
          ))}
        </SelectField>
        <ResourceChoice ws={ws} label="On" className="min-w-40 flex-1" none="The workspace" value={resource} onChange={(chosen) => (setResource(chosen), setAsked(true))} />
        {!isAsked && <Button onClick={() => setAsked(true)}>Ask</Button>}
      </div>
      {isAsked && <Why ws={ws} id={id} action={action} resource={resource} />}
    </section>
  );
}

function Why({ ws, id, action, resource, title }: EffectiveProps & { action: Action; resource: string; title?: string }) {
  const names = useNames(ws);
  const access = useAccess(ws, id);
  return (
    <Loaded query={access} what="Looking for the reasons">
      {({ workspace }) => {
        try {
          return <Explanation decision={workspace.explain(id, action, targetOf(resource))} title={title} names={names} />;
        } catch (error) {
          return <p className="text-kumo-subtle">{messageOf(error)}</p>;
        }
      }}
    </Loaded>
  );
}
