// My access: what the reader holds and may do here. Open to everybody in the workspace.
import { Effective } from '../../access/effective';
import { useGrantWords, useNames } from '../../access/names';
import { useMe } from '../../api/queries';
import type { GrantExpression } from '../../api/types';
import { useAccess, type Loaded as Access } from '../../engine';
import type { ViewProps } from '../../shell/views';
import { Loaded, Page, Section } from '../../ui/page';

/** The part of a snapshot that this view reads. */
interface Own {
  members: { id: string; grants: { expression: GrantExpression }[]; groups: string[] }[];
  groups: { id: string; name: string; grants: { expression: GrantExpression }[] }[];
}

export function View({ ws }: ViewProps) {
  const account = useMe().data?.account;
  const access = useAccess(ws, 'me');
  const names = useNames(ws);
  return (
    <Page title="My access" intro="What you may do in this workspace, and why.">
      <Loaded query={access} what="Working out your access">
        {(loaded) => (
          <div className="grid items-start gap-6 xl:grid-cols-2">
            <Section title="Your roles">
              <div className="card p-4">
                <Held ws={ws} access={loaded} id={account?.id ?? ''} />
              </div>
            </Section>
            <Section title="What they let you do">
              <div className="card p-4">
                <Effective access={loaded} id={account?.id ?? ''} names={names} />
              </div>
            </Section>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Held({ ws, access, id }: { ws: string; access: Access; id: string }) {
  const words = useGrantWords(ws);
  const snapshot = access.snapshot as Own;
  const me = snapshot.members.find((one) => one.id === id);
  const groups = snapshot.groups.filter((group) => me?.groups.includes(group.id));
  return (
    <ul className="list-disc pl-5">
      {me?.grants.map(({ expression }) => (
        <li key={expression}>{words(expression)}</li>
      ))}
      {groups.flatMap((group) =>
        group.grants.map(({ expression }) => (
          <li key={`${group.id} ${expression}`}>
            {words(expression)} <span className="text-kumo-subtle">through the group {group.name}</span>
          </li>
        )),
      )}
    </ul>
  );
}
