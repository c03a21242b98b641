// A decision in words: allowed or not, because of which grants, and what is missing.
import type { Decision, Via } from 'rolecall';

import { useRoles } from '../api/queries';
import { CheckCircleIcon, XCircleIcon } from '../ui/icons';
import { NEEDS, grantWords, listWords, resourceWords, type Names } from '../words';

const viaWords = (via: Via): string => (via === 'direct' ? 'given directly' : `through the group ${via.group.name}`);

export function Explanation({ decision, title, names }: { decision: Decision; title?: string; names?: Names }) {
  const roles = useRoles().data;
  const Icon = decision.allowed ? CheckCircleIcon : XCircleIcon;
  return (
    <div role="status" className="card flex flex-col gap-2 p-3">
      <p className={`flex items-center gap-2 font-medium ${decision.allowed ? 'text-kumo-success' : 'text-kumo-danger'}`}>
        <Icon className="size-5 shrink-0" /> {title !== undefined && `${title}: `}
        {decision.allowed ? 'allowed' : 'not allowed'}
      </p>
      {decision.because.length > 0 && (
        <ul className="list-disc pl-5">
          {decision.because.map(({ grant, id, via, inherited_from }) => (
            <li key={`${id} ${viaWords(via)}`}>
              {grantWords(grant, roles, names)}, {viaWords(via)}
              {inherited_from !== undefined && `; it comes with ${resourceWords(inherited_from, names)}`}
            </li>
          ))}
        </ul>
      )}
      {!decision.allowed && decision.missing.length > 0 && (
        <div>
          <p>One of these would allow it, least first:</p>
          <ul className="list-disc pl-5">
            {decision.missing.slice(0, 5).map((together) => (
              <li key={together.join()}>{listWords(together.map((grant) => grantWords(grant, roles, names)))}</li>
            ))}
          </ul>
        </div>
      )}
      {decision.dormant.map(({ grant, id, needs }) => (
        <p key={id}>
          {grantWords(grant, roles, names)} is held, but dormant: it needs {NEEDS[needs]}.
        </p>
      ))}
    </div>
  );
}
