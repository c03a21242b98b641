// A new connection: what the provider has to be told, then what it says of itself.
import { useState, type FormEvent } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';

import { refresh } from '../../api/client';
import { call, messageOf, newKey } from '../../api/http';
import { CopyField } from '../../ui/copy';
import { Check } from '../../ui/field';
import { ButtonLink } from '../../ui/link';
import { Page } from '../../ui/page';
import { done } from '../../ui/toast';
import { BLANK, Fields, Step, bodyOf, type Draft } from './form';
import { placeOf, type Connection, type Protocol } from './queries';

const PROTOCOLS: { protocol: Protocol; name: string; note: string }[] = [
  { protocol: 'oidc', name: 'OpenID Connect', note: 'Okta, Entra ID, Google, Auth0 and most others. Choose it where the provider offers both.' },
  { protocol: 'saml', name: 'SAML 2.0', note: 'For providers that speak nothing else.' },
];

export function Connect({ ws }: { ws: string }) {
  const [, go] = useLocation();
  const [draft, setDraft] = useState<Draft>(BLANK);
  const [key, setKey] = useState(newKey);
  const set = (change: Partial<Draft>) => setDraft((old) => ({ ...old, ...change }));
  const make = useMutation({
    // It is switched on when a login has shown that it works.
    mutationFn: () => call<Connection>('POST', placeOf(ws), { body: { ...bodyOf(draft), protocol: draft.protocol, active: false }, key }),
    onSuccess: ({ id, name }) => {
      done(`${name} is connected, and switched off until you have tried it`);
      void refresh(ws);
      go(`/w/${ws}/sso/${id}/test`);
    },
    onError: () => setKey(newKey()),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Page title="Connect a provider" intro="Nobody signs in by it before you have tried it and switched it on." actions={<ButtonLink href={`/w/${ws}/sso`}>All connections</ButtonLink>}>
      <form onSubmit={submit} className="flex max-w-3xl flex-col gap-6">
        <Step number={1} title="What the provider speaks">
          <fieldset className="flex flex-col gap-2">
            <legend className="sr-only">Protocol</legend>
            {PROTOCOLS.map(({ protocol, name, note }) => (
              <Check key={protocol} label={name} hint={note} type="radio" name="protocol" checked={draft.protocol === protocol} onChange={() => set({ protocol })} />
            ))}
          </fieldset>
        </Step>
        <Step number={2} title="What the provider has to be told">
          {draft.protocol === 'oidc' ? (
            <>
              <p>Make an application of the kind “Web” there, with the authorization code flow and PKCE, and register this address:</p>
              <CopyField label="Redirect URI" value={`${location.origin}/v1/sso/oidc/callback`} />
              <p className="text-kumo-subtle">Have it send the claims email and email_verified, and groups if roles shall follow them.</p>
            </>
          ) : (
            <>
              <p>Make an application of the kind “SAML 2.0” there, with this address for its answers. The entity id and the metadata of this side are shown when the connection is made.</p>
              <CopyField label="ACS URL" value={`${location.origin}/v1/sso/saml/acs`} />
            </>
          )}
        </Step>
        <Step number={3} title="What the provider says of itself">
          <Fields draft={draft} set={set} error={make.error} />
          {make.isError && <p role="alert" className="text-kumo-danger">{messageOf(make.error)}</p>}
          <Button type="submit" variant="primary" className="self-start" loading={make.isPending}>
            Connect, and try a login next
          </Button>
        </Step>
      </form>
    </Page>
  );
}
