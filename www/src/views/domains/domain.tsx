// One domain: the record that proves it, and what follows for people who have an address there.
import { useState, type FormEvent } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import type { GrantExpression } from 'rolecall';

import { GrantEditor } from '../../access/grant-editor';
import { refresh } from '../../api/client';
import { call, messageOf } from '../../api/http';
import { at } from '../../api/queries';
import { CopyField } from '../../ui/copy';
import { Confirm } from '../../ui/confirm';
import { Check } from '../../ui/field';
import { done } from '../../ui/toast';
import { Time } from '../../time';
import type { AutoJoin, Domain } from './queries';

export function DomainCard({ ws, domain }: { ws: string; domain: Domain }) {
  const [isDoomed, setDoomed] = useState(false);
  const finish = () => {
    done(`${domain.domain} is given up`);
    void refresh(ws);
  };
  return (
    <div className="flex flex-col gap-5 pt-4">
      <Proof ws={ws} domain={domain} />
      <Joining ws={ws} domain={domain} />
      <Button variant="secondary-destructive" className="self-start" onClick={() => setDoomed(true)}>
        Give up {domain.domain}
      </Button>
      {isDoomed && (
        <Confirm title={`Give up ${domain.domain}`} verb="Give up" act={() => call('DELETE', at(ws, `/domains/${domain.id}`))} onDone={finish} onClose={() => setDoomed(false)}>
          <p>Nobody joins by it any more, the company’s login isn’t found by its addresses, and requests that wait are dropped. Who joined by it stays.</p>
        </Confirm>
      )}
    </div>
  );
}

function Proof({ ws, domain: { id, domain, verified, verified_at, record } }: { ws: string; domain: Domain }) {
  const verify = useMutation({
    mutationFn: () => call('POST', at(ws, `/domains/${id}/verify`)),
    onSuccess: () => done(`${domain} is verified`),
    onSettled: () => refresh(ws),
  });
  if (verified && verified_at !== null) {
    return (
      <p className="text-kumo-subtle">
        Verified <Time at={verified_at} />. Leave the record where it is.
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <ol className="list-decimal pl-5">
        <li>Open the DNS settings of {domain}, and add a record of the type TXT with this name and this value.</li>
        <li>Wait until it is out: mostly minutes, at times an hour.</li>
        <li>Come back and verify it here.</li>
      </ol>
      <CopyField label="Name of the record" value={record.name} />
      <CopyField label="Value of the record" value={record.value} />
      {verify.isError && <p role="alert" className="text-kumo-danger">{messageOf(verify.error)}</p>}
      <Button variant="primary" className="self-start" loading={verify.isPending} onClick={() => verify.mutate()}>
        Verify {domain}
      </Button>
    </div>
  );
}

const CHOICES: { value: AutoJoin; name: string; note: string }[] = [
  { value: 'off', name: 'By invites alone', note: 'The domain serves to find the company’s login.' },
  { value: 'request', name: 'On request', note: 'Who signs in with an address there may ask to join. You approve or deny it on this page.' },
  { value: 'join', name: 'By themselves', note: 'Who signs in with an address there may join at once, as long as there are seats.' },
];

function Joining({ ws, domain }: { ws: string; domain: Domain }) {
  const [choice, setChoice] = useState(domain.auto_join);
  const [grants, setGrants] = useState<GrantExpression[]>(domain.grants.map((grant) => grant.expression));
  const save = useMutation({
    mutationFn: () => call('PATCH', at(ws, `/domains/${domain.id}`), { body: { auto_join: choice, grants } }),
    onSuccess: () => done(`${domain.domain} is saved`),
    onSettled: () => refresh(ws),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <fieldset className="flex flex-col gap-2">
        <legend className="pb-1 font-medium">How its people come in{domain.verified ? '' : ', once it is verified'}</legend>
        {CHOICES.map(({ value, name, note }) => (
          <Check key={value} type="radio" name={`join-${domain.id}`} label={name} hint={note} checked={choice === value} onChange={() => setChoice(value)} />
        ))}
      </fieldset>
      {choice !== 'off' && (
        <>
          <GrantEditor ws={ws} value={grants} onChange={setGrants} legend="Roles of who comes by this domain" />
          {grants.length === 0 && <p className="text-kumo-subtle">Without any, they get the roles that the settings give to people who come by themselves.</p>}
        </>
      )}
      {save.isError && <p role="alert" className="text-kumo-danger">{messageOf(save.error)}</p>}
      <Button type="submit" className="self-start" loading={save.isPending}>
        Save how they come in
      </Button>
    </form>
  );
}
