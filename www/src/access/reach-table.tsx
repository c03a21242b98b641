// What a preview says that somebody will and won't be able to do: kinds of things by what is done with them.
import type { AccessChange, Action } from 'rolecall';

import { CheckCircleIcon, XCircleIcon } from '../ui/icons';
import { actionWords, capital, kindsOf, type Names } from '../words';

const KINDS = ['source', 'destination', 'tracking_plan', 'space', 'audience', 'warehouse', 'function'];
const VERBS = ['view', 'create', 'edit', 'delete'];
const NOTABLE: Action[] = ['workspace:view', 'member:view', 'member:invite', 'workspace:edit', 'audit:view', 'pii:view'];

type Reach = 'all' | 'none' | string[];

/** Where an action is gained: everywhere, nowhere, or on these. */
function reachOf(gained: readonly AccessChange[], action: string): Reach {
  const rows = gained.filter((row) => (row.actions as string[]).includes(action));
  if (rows.some((row) => row.resource === 'workspace' || row.resource.endsWith('/*'))) return 'all';
  return rows.length === 0 ? 'none' : rows.map((row) => row.resource);
}

export function ReachTable({ gained, names }: { gained: readonly AccessChange[]; names: Names }) {
  return (
    <div className="flex flex-col gap-3">
      <ul className="grid gap-1 sm:grid-cols-2">
        {NOTABLE.map((action) => (
          <li key={action} className="flex items-center gap-2">
            <Mark reach={reachOf(gained, action)} names={names} /> {actionWords(action)}
          </li>
        ))}
      </ul>
      <div role="region" aria-label="By kind of resource" tabIndex={0} className="relative overflow-x-auto rounded">
        <table className="table">
          <caption className="sr-only">What they may do with each kind of resource</caption>
          <thead>
            <tr>
              <th scope="col">Kind</th>
              {VERBS.map((verb) => (
                <th key={verb} scope="col">
                  {capital(verb)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {KINDS.map((kind) => (
              <tr key={kind}>
                <th scope="row" className="font-normal">
                  {capital(kindsOf(kind))}
                </th>
                {VERBS.map((verb) => (
                  <td key={verb}>
                    <Mark reach={reachOf(gained, `${kind}:${verb}`)} names={names} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Mark({ reach, names }: { reach: Reach; names: Names }) {
  if (reach === 'all') return <CheckCircleIcon className="inline size-5 text-kumo-success" aria-label="yes" role="img" />;
  if (reach === 'none') return <XCircleIcon className="inline size-5 text-kumo-subtle" aria-label="no" role="img" />;
  // The row says which kind of thing it is.
  const words = reach.map((one) => names.get(one) ?? one);
  return (
    <span className="text-kumo-success" title={words.join(', ')}>
      {words.length === 1 ? words[0] : `${words.length} of them`}
    </span>
  );
}
