// Asking for a link that signs in.
import { useState, type FormEvent } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';

import { call, messageOf } from '../api/http';
import { TextField } from '../ui/field';
import { Card } from './card';

export function SignIn() {
  const [email, setEmail] = useState('');
  const send = useMutation({ mutationFn: (to: string) => call('POST', '/v1/sessions/email', { body: { email: to } }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate(email.trim());
  };
  if (send.isSuccess) return <Sent email={email.trim()} again={send.reset} />;
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
          hint="We mail you a link that signs you in. There is no password."
        />
        <Button type="submit" variant="primary" loading={send.isPending} disabled={email.trim() === ''}>
          Mail me a link
        </Button>
      </form>
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
