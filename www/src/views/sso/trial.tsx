// Trying a connection: a login that shows what the provider says of somebody and what that would give, and gives nothing.
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { useLocation, useSearch } from 'wouter';

import { GrantList } from '../../access/grant-list';
import { call, messageOf } from '../../api/http';
import { refusalOf } from '../../session/refusals';
import { CopyField } from '../../ui/copy';
import { CheckCircleIcon, XCircleIcon } from '../../ui/icons';
import { Loaded, Section } from '../../ui/page';
import { Time } from '../../time';
import { listWords } from '../../words';
import { placeOf, useTrial, type Connection, type Outcome, type Trial } from './queries';

export function TryOut({ ws, connection }: { ws: string; connection: Connection }) {
  const [place, go] = useLocation();
  const id = new URLSearchParams(useSearch()).get('test') ?? '';
  const begin = useMutation({
    mutationFn: () => call<Trial>('POST', `${placeOf(ws, connection.id)}/tests`, { body: { return_to: '/tried' } }),
    onSuccess: (trial) => go(`${place}?test=${trial.id}`, { replace: true }),
  });
  return (
    <div className="card flex flex-col gap-4 p-4 sm:p-5">
      <p>A login that tries the connection signs nobody in and changes nothing. It shows the claims that the provider sends and the roles that they would give.</p>
      <Button variant={id === '' ? 'primary' : 'secondary'} className="self-start" loading={begin.isPending} onClick={() => begin.mutate()}>
        {id === '' ? 'Try a login' : 'Try another login'}
      </Button>
      {begin.isError && <p role="alert" className="text-kumo-danger">{messageOf(begin.error)}</p>}
      {id !== '' && <Running ws={ws} connection={connection} id={id} />}
    </div>
  );
}

function Running({ ws, connection, id }: { ws: string; connection: Connection; id: string }) {
  const trial = useTrial(ws, connection.id, id);
  return (
    <Loaded query={trial} what="Looking at the trial">
      {({ url, outcome, expires_at }) =>
        outcome !== null ? (
          <Result ws={ws} outcome={outcome} />
        ) : url === null ? (
          <p role="status">Nobody came back from the provider in time. Try another login.</p>
        ) : (
          <>
            <a href={url} target="_blank" rel="noreferrer" className="link self-start font-medium">
              Go to {connection.name} in a new tab
            </a>
            <p>Or open its address in another browser, as somebody else:</p>
            <CopyField label="Address of this trial" value={url} />
            <p role="status" className="text-kumo-subtle">
              Waiting for the provider’s answer. It can be begun until <Time at={expires_at} />.
            </p>
          </>
        )
      }
    </Loaded>
  );
}

function Result({ ws, outcome: { status, refusal, claims, is_member, grants, groups } }: { ws: string; outcome: Outcome }) {
  const isGood = status === 'passed';
  const Icon = isGood ? CheckCircleIcon : XCircleIcon;
  return (
    <div role="status" className="flex flex-col gap-4">
      <p className={`flex items-center gap-2 font-medium ${isGood ? 'text-kumo-success' : 'text-kumo-danger'}`}>
        <Icon className="size-5 shrink-0" />
        {isGood ? `The login works. ${is_member ? 'They are a member already.' : 'It would make them a member.'}` : `${refusalOf(refusal?.code ?? '').title}.`}
      </p>
      {refusal !== null && (
        <p>
          {refusal.detail} <span className="text-sm">({refusal.code})</span>
        </p>
      )}
      {claims !== null && (
        <Section title="What the provider says" level={3}>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
            <Claim name="sub" value={claims.sub} />
            <Claim name="email" value={claims.email === null ? 'not sent' : `${claims.email}, ${claims.email_verified ? 'verified' : 'not verified'}`} />
            <Claim name="name" value={claims.name ?? 'not sent'} />
            <Claim name="groups" value={claims.groups === null ? 'not sent: check the group claim' : claims.groups.length === 0 ? 'none' : listWords(claims.groups)} />
          </dl>
        </Section>
      )}
      {isGood && (
        <Section title="What they would hold" level={3}>
          <GrantList ws={ws} grants={grants} />
          {groups.length > 0 && <p>{`In the groups ${listWords(groups)}.`}</p>}
        </Section>
      )}
    </div>
  );
}

function Claim({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt className="text-kumo-subtle">{name}</dt>
      <dd className="break-all">{value}</dd>
    </>
  );
}
