// My access: what the reader holds and may do here. Open to everybody in the workspace.
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';

import { Effective } from '../../access/effective';
import { useGrantWords, useNames } from '../../access/names';
import { client } from '../../api/client';
import { call, messageOf } from '../../api/http';
import { useMe } from '../../api/queries';
import type { GrantExpression } from '../../api/types';
import { useAccess, type Loaded as Access } from '../../engine';
import type { ViewProps } from '../../shell/views';
import { Loaded, Page, Section } from '../../ui/page';
import { failed } from '../../ui/toast';

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
    <Page title="My access" intro="What you may do in this workspace, and why." actions={<SignOutEverywhere />}>
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
                <Effective ws={ws} access={loaded} id={account?.id ?? ''} names={names} />
              </div>
            </Section>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

/** Ends each session of this account, here and on every other device. */
function SignOutEverywhere() {
  const [, go] = useLocation();
  const out = useMutation({
    mutationFn: () => call('DELETE', '/v1/sessions'),
    onSuccess: () => {
      client.clear();
      go('/sign-in');
    },
    onError: (error) => failed(messageOf(error)),
  });
  return (
    <Button loading={out.isPending} onClick={() => out.mutate()}>
      Sign out everywhere
    </Button>
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
