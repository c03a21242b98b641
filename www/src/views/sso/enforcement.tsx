// Requiring single sign-on: what that means for whom, before it is switched on.
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';

import { client, refresh } from '../../api/client';
import { Problem, call, messageOf } from '../../api/http';
import { at, useWorkspace } from '../../api/queries';
import { Loaded } from '../../ui/page';
import { done } from '../../ui/toast';
import { Step } from './form';
import type { Connection } from './queries';

export function Enforcement({ ws, connections }: { ws: string; connections: Connection[] }) {
  const workspace = useWorkspace(ws);
  return (
    <Step number={4} title="Require single sign-on">
      <ul className="list-disc pl-5">
        <li>Members have to sign in by a connection that is switched on. A session that was opened by a mailed link opens this workspace no more, and neither does a personal token of theirs.</li>
        <li>Owners can always come in by a mailed link, so that a broken provider locks nobody out for good. Each time is told in the audit trail.</li>
        <li>Who is exempt comes in as before: say so in their panel under Members.</li>
        <li>Tokens of the workspace go on working.</li>
      </ul>
      <Loaded query={workspace}>{({ data, etag }) => <Switch ws={ws} isOn={data.settings.require_sso} etag={etag} connections={connections} />}</Loaded>
    </Step>
  );
}

function Switch({ ws, isOn, etag, connections }: { ws: string; isOn: boolean; etag: string | null; connections: Connection[] }) {
  const active = connections.find((one) => one.active);
  const turn = useMutation({
    mutationFn: () => call('PATCH', at(ws), { body: { settings: { require_sso: !isOn } }, ifMatch: etag ?? undefined }),
    onSuccess: () => done(isOn ? 'Single sign-on is not required any more' : 'Single sign-on is required from now on'),
    onSettled: () => Promise.all([refresh(ws), client.invalidateQueries({ queryKey: ['me'] })]),
  });
  const isUntested = turn.error instanceof Problem && turn.error.code === 'sso_untested';
  return (
    <div className="flex flex-col items-start gap-3">
      <Badge variant={isOn ? 'success' : 'neutral'}>{isOn ? 'Required' : 'Not required'}</Badge>
      {!isOn && active === undefined && <p>A connection has to be switched on first.</p>}
      {!isOn && active !== undefined && <p className="text-kumo-subtle">It can be switched on only by somebody who has signed in by SSO: that shows that people can.</p>}
      {turn.isError && <p role="alert" className="text-kumo-danger">{messageOf(turn.error)}</p>}
      {isUntested && active !== undefined && (
        <a className="link font-medium" href={`${active.login_url}?${new URLSearchParams({ return_to: `/w/${ws}/sso` })}`}>
          Sign in by {active.name} now, and come back here
        </a>
      )}
      <Button variant={isOn ? 'secondary' : 'primary'} loading={turn.isPending} disabled={!isOn && active === undefined} onClick={() => turn.mutate()}>
        {isOn ? 'Require it no more' : 'Require single sign-on'}
      </Button>
    </div>
  );
}
