// A mailed sign-in link. It is spent by a click, since mail scanners follow links.
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';

import { client } from '../api/client';
import { Problem, call, messageOf } from '../api/http';
import { ButtonLink } from '../ui/link';
import { Card } from './card';
import { takePlace } from './place';

const DEAD: Record<string, { title: string; text: string }> = {
  link_expired: { title: 'This link has expired', text: 'Sign-in links work for 15 minutes. Ask for a new one.' },
  link_used: { title: 'This link was used already', text: 'Each sign-in link works once. If it wasn’t you who used it, sign in again and sign out everywhere.' },
  not_found: { title: 'This link doesn’t work', text: 'It may be cut off, or its account is gone. Copy the whole link from the mail, or ask for a new one.' },
};

export function OpenLink({ secret }: { secret: string }) {
  const [, go] = useLocation();
  const open = useMutation({
    mutationFn: () => call('POST', `/v1/sessions/email/${encodeURIComponent(secret)}`),
    onSuccess: () => {
      client.clear();
      go(takePlace(), { replace: true });
    },
  });
  const dead = open.error instanceof Problem ? DEAD[open.error.code] : undefined;
  if (dead !== undefined) {
    return (
      <Card title={dead.title}>
        <p>{dead.text}</p>
        <ButtonLink href="/sign-in" variant="primary">
          Ask for a new link
        </ButtonLink>
      </Card>
    );
  }
  return (
    <Card title="Sign in to Rolecall">
      <p>You asked for this link. Go on to sign in with it on this device.</p>
      {open.isError && <p role="alert" className="text-kumo-danger">{messageOf(open.error)}</p>}
      <Button variant="primary" autoFocus loading={open.isPending} onClick={() => open.mutate()}>
        Sign in
      </Button>
    </Card>
  );
}
