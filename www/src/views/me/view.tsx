// My access: what the reader holds and may do here. Open to everybody in the workspace.
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';

import { Effective } from '../../access/effective';
import { GrantList } from '../../access/grant-list';
import { client } from '../../api/client';
import { call, messageOf } from '../../api/http';
import { useMe, useMember } from '../../api/queries';
import type { ViewProps } from '../../shell/views';
import { Loaded, Page, Section } from '../../ui/page';
import { failed } from '../../ui/toast';

export function View({ ws }: ViewProps) {
  const me = useMe().data?.account?.id ?? '';
  const member = useMember(ws, me);
  return (
    <Page title="My access" intro="What you may do in this workspace, and why." actions={<SignOutEverywhere />}>
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <Section title="Your roles">
          <Loaded query={member} what="Reading your roles">
            {({ data }) => <GrantList ws={ws} grants={data.grants} />}
          </Loaded>
        </Section>
        <Section title="What they let you do">
          <div className="card p-4">
            <Effective ws={ws} id={me} />
          </div>
        </Section>
      </div>
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
