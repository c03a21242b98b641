// An invite as whom it is for sees it: who invites, to what, with which roles; and what to do with one that is over.
import { useState, type FormEvent } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';

import { client } from '../api/client';
import { Problem, call, messageOf } from '../api/http';
import type { Me, Offer } from '../api/types';
import { moment, ago } from '../time';
import { TextField } from '../ui/field';
import { ButtonLink } from '../ui/link';
import { Failed, Loading } from '../ui/page';
import { resourceWords } from '../words';
import { Card } from './card';

const OVER: Record<string, { title: string; text: string }> = {
  invite_expired: { title: 'This invite has expired', text: 'Ask whoever invited you to send it again: the new mail brings a new link.' },
  invite_canceled: { title: 'This invite was canceled', text: 'Somebody who manages the workspace took it back. If that is a surprise, ask them.' },
  invite_used: { title: 'This invite was used already', text: 'You may be a member by now: sign in with the address that it was sent to.' },
  not_found: { title: 'This invite doesn’t work', text: 'The link may be cut off, or a newer mail has replaced it. Open the newest mail, or copy its whole link.' },
};

const BY_STATUS: Partial<Record<Offer['status'], string>> = { expired: 'invite_expired', canceled: 'invite_canceled', accepted: 'invite_used', superseded: 'invite_used' };

function Over({ code }: { code: string }) {
  const { title, text } = OVER[code] ?? OVER.not_found!;
  return (
    <Card title={title}>
      <p>{text}</p>
      <ButtonLink href="/sign-in" variant={code === 'invite_used' ? 'primary' : 'secondary'}>
        Sign in
      </ButtonLink>
    </Card>
  );
}

export function OfferPage({ secret }: { secret: string }) {
  const path = `/v1/invites/${encodeURIComponent(secret)}`;
  const offer = useQuery({ queryKey: ['offer', secret], queryFn: () => call<Offer>('GET', path) });
  if (offer.error instanceof Problem && offer.error.code in OVER) return <Over code={offer.error.code} />;
  if (offer.data === undefined) return offer.error === null ? <Loading what="Reading the invite" /> : <Failed error={offer.error} retry={() => void offer.refetch()} />;
  const over = BY_STATUS[offer.data.status];
  return over !== undefined ? <Over code={over} /> : <Accept offer={offer.data} path={path} />;
}

function Accept({ offer, path }: { offer: Offer; path: string }) {
  const [, go] = useLocation();
  const [name, setName] = useState(offer.name ?? '');
  const accept = useMutation({
    mutationFn: () => call('POST', `${path}/accept`, { body: name.trim() === '' ? {} : { name: name.trim() } }),
    onSuccess: async () => {
      client.clear();
      const me = await call<Me>('GET', '/v1/me');
      const joined = me.workspaces.find((workspace) => workspace.name === offer.workspace);
      go(joined === undefined ? '/?choose' : `/w/${joined.slug}`, { replace: true });
    },
  });
  if (accept.error instanceof Problem && accept.error.code in OVER) return <Over code={accept.error.code} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    accept.mutate();
  };
  return (
    <Card title={`Join ${offer.workspace}`}>
      <p>
        <strong>{offer.inviter}</strong> invites <strong>{offer.email}</strong> to the workspace <strong>{offer.workspace}</strong>.
      </p>
      <Roles offer={offer} />
      <p className="text-kumo-subtle">
        The invite expires {ago(offer.expires_at)} ({moment(offer.expires_at)}).
      </p>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Your name" autoComplete="name" value={name} onChange={(event) => setName(event.target.value)} />
        {accept.isError && <p role="alert" className="text-kumo-danger">{refusal(accept.error)}</p>}
        <Button type="submit" variant="primary" loading={accept.isPending}>
          Accept and join
        </Button>
      </form>
    </Card>
  );
}

function refusal(error: unknown): string {
  const isOther = error instanceof Problem && error.code === 'wrong_account';
  return isOther ? `You are signed in as somebody else. Sign out, then open this link again. ${messageOf(error)}` : messageOf(error);
}

function Roles({ offer }: { offer: Offer }) {
  return (
    <div>
      <h2 className="font-medium">You will be</h2>
      <ul className="mt-1 list-disc pl-5">
        {offer.roles.map(({ role, scope }) => (
          <li key={`${role} ${scope}`}>
            {role} <span className="text-kumo-subtle">· {/^\w+\/\S+$/.test(scope) ? resourceWords(scope) : scope}</span>
          </li>
        ))}
        {offer.groups.map((group) => (
          <li key={group}>
            in the group {group} <span className="text-kumo-subtle">· with what it gives</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
