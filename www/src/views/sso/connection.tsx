// One connection, in the order in which it is set up: the provider, a login that tries it, the groups that it maps.
import { useState, type FormEvent } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';

import { refresh } from '../../api/client';
import { Problem, ask, call, messageOf } from '../../api/http';
import { CopyField } from '../../ui/copy';
import { Confirm } from '../../ui/confirm';
import { ButtonLink, TabLinks } from '../../ui/link';
import { Loaded, Page, Section } from '../../ui/page';
import { done, failed } from '../../ui/toast';
import { Time } from '../../time';
import { History } from '../audit/history';
import { Fields, bodyOf, type Draft } from './form';
import { Mappings } from './mappings';
import { placeOf, useConnection, type Connection } from './queries';
import { TryOut } from './trial';

export function ConnectionPage({ ws, id, tab = 'provider' }: { ws: string; id: string; tab?: string }) {
  const connection = useConnection(ws, id);
  return (
    <Page title={connection.data?.data.name ?? 'Connection'} actions={<ButtonLink href={`/w/${ws}/sso`}>All connections</ButtonLink>}>
      <Loaded query={connection}>{({ data, etag }) => <About ws={ws} connection={data} etag={etag} tab={tab} />}</Loaded>
    </Page>
  );
}

function About({ ws, connection, etag, tab }: { ws: string; connection: Connection; etag: string | null; tab: string }) {
  const base = `/w/${ws}/sso/${connection.id}`;
  const tabs = [
    { href: `${base}/provider`, name: '1. Provider' },
    { href: `${base}/test`, name: '2. Try a login' },
    { href: `${base}/groups`, name: '3. Groups and roles' },
    { href: `${base}/history`, name: 'History' },
  ];
  return (
    <>
      <Facts ws={ws} connection={connection} />
      <TabLinks label="Steps" tabs={tabs} current={`${base}/${tab}`} />
      {tab === 'test' ? (
        <TryOut ws={ws} connection={connection} />
      ) : tab === 'groups' ? (
        <Mappings ws={ws} connection={connection} etag={etag} />
      ) : tab === 'history' ? (
        <History ws={ws} subject={connection.id} />
      ) : (
        <Provider ws={ws} connection={connection} etag={etag} />
      )}
    </>
  );
}

function Facts({ ws, connection }: { ws: string; connection: Connection }) {
  const [, go] = useLocation();
  const [isDoomed, setDoomed] = useState(false);
  const { active, name } = connection;
  const turn = useMutation({
    mutationFn: () => call('PATCH', placeOf(ws, connection.id), { body: { active: !active } }),
    onSuccess: () => done(active ? `${name} is switched off: nobody signs in by it, and the sessions that it opened go on until they end` : `${name} is switched on: people can sign in by it`),
    onError: (error) => failed(messageOf(error)),
    onSettled: () => refresh(ws),
  });
  const finish = () => {
    done(`${name} is deleted`);
    void refresh(ws);
    go(`/w/${ws}/sso`);
  };
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Badge variant={active ? 'success' : 'neutral'}>{active ? 'On' : 'Switched off'}</Badge>
      <span className="text-kumo-subtle">
        {connection.protocol === 'oidc' ? 'OpenID Connect' : 'SAML 2.0'} · {connection.last_login_at === null ? 'nobody has signed in by it yet' : <>last login <Time at={connection.last_login_at} /></>}
      </span>
      <span className="ml-auto flex gap-2">
        <Button variant={active ? 'secondary' : 'primary'} loading={turn.isPending} onClick={() => turn.mutate()}>
          {active ? 'Switch off' : 'Switch on'}
        </Button>
        <Button variant="secondary-destructive" onClick={() => setDoomed(true)}>
          Delete
        </Button>
      </span>
      {isDoomed && (
        <Confirm title={`Delete ${name}`} verb="Delete connection" word={name} act={() => call('DELETE', placeOf(ws, connection.id))} onDone={finish} onClose={() => setDoomed(false)}>
          <p>Nobody signs in by it any more, and the sessions that it opened end at once.</p>
          <p>{connection.role_mappings.length === 0 ? 'It maps no groups.' : 'The groups that it maps are deleted, with the roles that they give.'} Its people stay members, with what they hold otherwise.</p>
        </Confirm>
      )}
    </div>
  );
}

const draftOf = ({ protocol, name, issuer, client_id, idp_initiated, group_claim, sync }: Connection): Draft => ({ protocol, name, issuer: issuer ?? '', client_id: client_id ?? '', client_secret: '', metadata_xml: '', idp_initiated, group_claim, sync });

function Provider({ ws, connection, etag }: { ws: string; connection: Connection; etag: string | null }) {
  const [draft, setDraft] = useState(() => draftOf(connection));
  // The state that the editing began with: a login meanwhile is no change of it.
  const [tag, setTag] = useState(etag);
  const save = useMutation({
    mutationFn: () => ask<Connection>('PATCH', placeOf(ws, connection.id), { body: bodyOf(draft), ifMatch: tag ?? undefined }),
    onSuccess: (saved) => {
      setDraft(draftOf(saved.data));
      setTag(saved.etag);
      done(`${draft.name} saved`);
      void refresh(ws);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isLate = save.error instanceof Problem && save.error.code === 'version_conflict';
  return (
    <div className="grid items-start gap-6 xl:grid-cols-2">
      <Section title="What the provider has to be told">
        <div className="card flex flex-col gap-3 p-4">
          <CopyField label={connection.protocol === 'oidc' ? 'Redirect URI' : 'ACS URL'} value={connection.redirect_uri} />
          {connection.metadata_url !== null && <CopyField label="Entity id, and address of the metadata" value={connection.metadata_url} />}
          <CopyField label="Where a login starts" value={connection.login_url} />
          <p className="text-kumo-subtle">The second is for a tile in the provider’s own dashboard, or a link in your intranet.</p>
        </div>
      </Section>
      <Section title="What the provider says of itself">
        <form onSubmit={submit} className="card flex flex-col gap-4 p-4 sm:p-5">
          {connection.protocol === 'saml' && <Saml connection={connection} />}
          <Fields draft={draft} set={(change) => setDraft((old) => ({ ...old, ...change }))} error={save.error} known={connection} />
          {connection.protocol === 'oidc' && <p className="text-kumo-subtle">With another issuer or client, people are known anew by their addresses at their next login.</p>}
          {save.isError && <p role="alert" className="text-kumo-danger">{isLate ? 'Somebody else changed this connection while you were editing. Nothing of yours was saved: reload the page to see theirs.' : messageOf(save.error)}</p>}
          <Button type="submit" variant="primary" className="self-start" loading={save.isPending}>
            Save
          </Button>
        </form>
      </Section>
    </div>
  );
}

function Saml({ connection: { entity_id, sso_url, certificates } }: { connection: Connection }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
      <dt className="text-kumo-subtle">Entity id</dt>
      <dd className="break-all">{entity_id}</dd>
      <dt className="text-kumo-subtle">Login address</dt>
      <dd className="break-all">{sso_url}</dd>
      <dt className="text-kumo-subtle">Certificates</dt>
      <dd>{certificates.length}</dd>
    </dl>
  );
}
