// Asking for a link that signs in; and what to do where a login by SSO was refused.
import { useState, type FormEvent } from 'react';
import { Button, buttonVariants } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from 'wouter';

import { call, messageOf } from '../api/http';
import { TextField } from '../ui/field';
import { Card } from './card';
import { keepPlace, wantedPlace } from './place';
import { refusalOf } from './refusals';

export function SignIn() {
  const asked = new URLSearchParams(useSearch());
  const error = asked.get('error');
  const [isGoingOn, setGoingOn] = useState(false);
  return error === null || isGoingOn ? <ByMail /> : <Refused code={error} wanted={asked.get('return_to')} onOther={() => setGoingOn(true)} />;
}

/** A refusal as a page of its own: what happened, what to do, and the code for whoever helps. */
function Refused({ code, wanted, onOther }: { code: string; wanted: string | null; onOther: () => void }) {
  const { title, text } = refusalOf(code);
  const other = () => {
    if (wanted !== null) keepPlace(wanted);
    onOther();
  };
  return (
    <Card title={title}>
      <p role="alert">{text}</p>
      <p className="text-kumo-subtle">
        Code: <code>{code}</code>
      </p>
      <Button variant="primary" className="self-start" onClick={other}>
        Sign in another way
      </Button>
    </Card>
  );
}

interface Found {
  connection: { name: string; login_url: string } | null;
}

/** First the address: where its domain has a login of the company, that is offered, and a mailed link beside it. */
function ByMail() {
  const [email, setEmail] = useState('');
  const address = email.trim();
  const send = useMutation({ mutationFn: () => call('POST', '/v1/sessions/email', { body: { email: address } }) });
  const look = useMutation({
    mutationFn: () => call<Found>('GET', '/v1/sso/discover', { query: { email: address } }),
    onSuccess: ({ connection }) => connection === null && send.mutate(),
    // Whether it is an address is the mail's to say.
    onError: () => send.mutate(),
  });
  const connection = look.data?.connection ?? null;
  const again = () => (look.reset(), send.reset());
  if (send.isSuccess) return <Sent email={address} again={again} />;
  if (connection !== null) return <BySso email={address} connection={connection} isSending={send.isPending} onMail={() => send.mutate()} again={again} error={send.error} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look.mutate();
  };
  return (
    <Card title="Sign in">
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <TextField
          label="Work e-mail"
          type="email"
          autoComplete="email"
          required
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={send.isError ? messageOf(send.error) : undefined}
          hint="You go to your company’s login if it has one here. Otherwise we mail you a link that signs you in; there is no password."
        />
        <Button type="submit" variant="primary" loading={look.isPending || send.isPending} disabled={address === ''}>
          Continue
        </Button>
      </form>
    </Card>
  );
}

interface BySsoProps {
  email: string;
  connection: NonNullable<Found['connection']>;
  isSending: boolean;
  onMail: () => void;
  again: () => void;
  error: unknown;
}

function BySso({ email, connection, isSending, onMail, again, error }: BySsoProps) {
  const login = new URL(connection.login_url);
  return (
    <Card title="Sign in by your company">
      <p>
        <strong>{email}</strong> signs in through {connection.name}.
      </p>
      <a href={`${login.pathname}?${new URLSearchParams({ return_to: wantedPlace() })}`} className={`${buttonVariants({ variant: 'primary', size: 'base', shape: 'base' })} primary-link inline-flex items-center justify-center no-underline`}>
        Go to {connection.name}
      </a>
      {error != null && <p role="alert" className="text-kumo-danger">{messageOf(error)}</p>}
      <div className="flex flex-wrap gap-2">
        <Button loading={isSending} onClick={onMail}>
          Mail me a link instead
        </Button>
        <Button variant="ghost" onClick={again}>
          Use another address
        </Button>
      </div>
    </Card>
  );
}

function Sent({ email, again }: { email: string; again: () => void }) {
  return (
    <Card title="Check your mail">
      <p role="status">
        If <strong>{email}</strong> belongs to a member, a link is on its way. It works once, for 15 minutes.
      </p>
      <p className="text-kumo-subtle">Nothing there? Look among unwanted mail, or ask the owner of the workspace whether you were invited under this address.</p>
      <Button onClick={again} className="self-start">
        Use another address
      </Button>
    </Card>
  );
}
