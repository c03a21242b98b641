// Provisioning by SCIM, in guided steps: a token, what the provider has to be told, roles for its groups, what it did.
import { Link } from 'wouter';

import { useMyWorkspace } from '../../api/queries';
import type { ViewProps } from '../../shell/views';
import { CopyField } from '../../ui/copy';
import { ButtonLink } from '../../ui/link';
import { Loaded, Page } from '../../ui/page';
import { Step } from '../sso/form';
import { useConnections } from '../sso/queries';
import { InactivePeople } from './inactive';
import { Journal } from './journal';
import { Tokens } from './tokens';

const BASE = `${location.origin}/scim/v2`;

export function View({ ws }: ViewProps) {
  const isIncluded = useMyWorkspace(ws)!.plan === 'business';
  const connections = useConnections(ws);
  return (
    <Page title="SCIM" intro="The identity provider adds people, puts them into groups and takes them out, by itself.">
      {!isIncluded && (
        <p className="card border-l-4 border-l-kumo-warning p-3">SCIM takes the Business plan, which whoever runs this deployment sets. Requests of the provider are refused until then; nobody loses anything by that.</p>
      )}
      <Loaded query={connections} what="Loading connections">
        {(all) => <Steps ws={ws} isReady={isIncluded && all.some(({ active }) => active)} />}
      </Loaded>
    </Page>
  );
}

function Steps({ ws, isReady }: { ws: string; isReady: boolean }) {
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <Step number={1} title="Make a token">
        {!isReady && (
          <div className="flex flex-col gap-3">
            <p>SCIM goes with single sign-on: a connection that is switched on comes first, so that whoever is provisioned can sign in.</p>
            <div><ButtonLink href={`/w/${ws}/sso`}>Set up single sign-on</ButtonLink></div>
          </div>
        )}
        <Tokens ws={ws} isReady={isReady} />
      </Step>
      <Step number={2} title="Tell the provider">
        <CopyField label="Base URL" value={BASE} />
        <ul className="list-disc pl-5">
          <li><strong className="font-medium">Okta:</strong> in the application’s Provisioning tab choose “HTTP Header”, put the token in, and set “userName” as the unique identifier. Switch on Create, Update and Deactivate.</li>
          <li><strong className="font-medium">Entra ID:</strong> under Provisioning choose Automatic; the base URL is the Tenant URL, the token the Secret Token. “userPrincipalName” or “mail” has to be the person’s address.</li>
          <li><strong className="font-medium">OneLogin:</strong> the base URL is the SCIM Base URL, the token the SCIM Bearer Token.</li>
        </ul>
      </Step>
      <Step number={3} title="Give roles by groups">
        <p>
          Groups that the provider pushes appear under <Link className="link" href={`/w/${ws}/groups`}>Groups</Link>, managed by it: it says who is in them, you say what they may do. Who is in none gets the roles that the <Link className="link" href={`/w/${ws}/settings`}>settings</Link> give to people who come by themselves.
        </p>
      </Step>
      <Step number={4} title="See what it did">
        <Journal ws={ws} />
      </Step>
      <Step number={5} title="Keep out whom you removed">
        <InactivePeople ws={ws} />
      </Step>
    </div>
  );
}
