// Single sign-on, in guided steps: connect a provider, try it, map its groups, require it.
import type { ReactNode } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Link } from 'wouter';

import { useMyWorkspace } from '../../api/queries';
import type { ViewProps } from '../../shell/views';
import { Time } from '../../time';
import { ButtonLink } from '../../ui/link';
import { PlusIcon } from '../../ui/icons';
import { Empty, Loaded, Page } from '../../ui/page';
import { count } from '../../words';
import { Connect } from './connect';
import { ConnectionPage } from './connection';
import { Enforcement } from './enforcement';
import { Step } from './form';
import { useConnections, type Connection } from './queries';

export function View({ ws, id, tab }: ViewProps) {
  if (id === 'new') return <Connect ws={ws} />;
  return id === undefined ? <Overview ws={ws} /> : <ConnectionPage ws={ws} id={id} tab={tab} />;
}

function Overview({ ws }: { ws: string }) {
  const isIncluded = useMyWorkspace(ws)!.plan === 'business';
  const connections = useConnections(ws);
  const add = isIncluded && (
    <ButtonLink href={`/w/${ws}/sso/new`} variant="primary" icon={PlusIcon}>
      Connect a provider
    </ButtonLink>
  );
  return (
    <Page title="Single sign-on" intro="Members sign in through the company’s identity provider, and become members by their first login." actions={add}>
      {!isIncluded && (
        <p className="card border-l-4 border-l-kumo-warning p-3">Single sign-on takes the Business plan, which whoever runs this deployment sets. What was set up before is kept, and nobody signs in by it.</p>
      )}
      <Loaded query={connections} what="Loading connections">
        {(all) => <Steps ws={ws} connections={all} add={add} isIncluded={isIncluded} />}
      </Loaded>
    </Page>
  );
}

function Steps({ ws, connections, add, isIncluded }: { ws: string; connections: Connection[]; add: ReactNode; isIncluded: boolean }) {
  const [first] = connections;
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <Step number={1} title="Connect a provider">
        {connections.length === 0 ? <Empty title="No connections yet" action={add}>Have the application’s settings of your identity provider at hand: it takes a few minutes.</Empty> : <List ws={ws} connections={connections} />}
      </Step>
      <Step number={2} title="Try a login">
        <p>See what the provider says of somebody and which roles that would give, before anybody signs in by it. Then switch it on.</p>
        {first !== undefined && <div><ButtonLink href={`/w/${ws}/sso/${first.id}/test`}>{`Try ${first.name}`}</ButtonLink></div>}
      </Step>
      <Step number={3} title="Give roles by groups">
        <p>Each group of the provider can give roles here, also on single sources or labels.</p>
        {first !== undefined && <div><ButtonLink href={`/w/${ws}/sso/${first.id}/groups`}>{`Map the groups of ${first.name}`}</ButtonLink></div>}
      </Step>
      {isIncluded && <Enforcement ws={ws} connections={connections} />}
    </div>
  );
}

function List({ ws, connections }: { ws: string; connections: Connection[] }) {
  return (
    <ul aria-label="Connections" className="divide-y divide-kumo-line">
      {connections.map(({ id, name, protocol, active, role_mappings, last_login_at }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
          <Link href={`/w/${ws}/sso/${id}`} className="link font-medium">
            {name}
          </Link>
          <Badge variant={active ? 'success' : 'neutral'}>{active ? 'On' : 'Switched off'}</Badge>
          <span className="text-kumo-subtle">
            {protocol === 'oidc' ? 'OpenID Connect' : 'SAML 2.0'}, {count(role_mappings.length, 'group')} mapped, {last_login_at === null ? 'not used yet' : <>last login <Time at={last_login_at} /></>}
          </span>
        </li>
      ))}
    </ul>
  );
}
