// E-mail domains: prove that one is the workspace's, decide how its people come in, and let in who asks.
import { useState, type FormEvent } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';

import { refresh } from '../../api/client';
import { Problem, call, messageOf, newKey } from '../../api/http';
import { at } from '../../api/queries';
import type { ViewProps } from '../../shell/views';
import { TextField } from '../../ui/field';
import { LongList } from '../../ui/long-list';
import { Empty, Page, Section } from '../../ui/page';
import { done } from '../../ui/toast';
import { DomainCard } from './domain';
import { useDomains, type Domain } from './queries';
import { Requests } from './requests';

export function View({ ws }: ViewProps) {
  const domains = useDomains(ws);
  return (
    <Page title="Domains" intro="Prove that an e-mail domain is yours. Its people then find the company’s login by their address, and may come in without an invite if you want that.">
      <AddDomain ws={ws} />
      <Requests ws={ws} />
      <Section title="Domains of this workspace">
        <div className="card">
          <LongList label="Domains" listing={domains} keyOf={({ id }) => id} what="Loading domains" empty={<Empty title="No domains yet">Add the part of your addresses after the @. It takes somebody who may change its DNS records.</Empty>}>
            {(domain: Domain) => (
              <details className="px-4 py-3" open={!domain.verified}>
                <summary className="cursor-pointer">
                  <span className="inline-flex flex-wrap items-center gap-2">
                    <span className="font-medium">{domain.domain}</span>
                    <Badge variant={domain.verified ? 'success' : 'warning'}>{domain.verified ? 'Verified' : 'Not verified yet'}</Badge>
                    <span className="text-kumo-subtle">{JOINING[domain.auto_join]}</span>
                  </span>
                </summary>
                <DomainCard key={`${domain.auto_join} ${domain.grants.map((grant) => grant.expression).join()}`} ws={ws} domain={domain} />
              </details>
            )}
          </LongList>
        </div>
      </Section>
    </Page>
  );
}

const JOINING: Record<Domain['auto_join'], string> = { off: 'people come in by invites', request: 'people may ask to join', join: 'people join by themselves' };

function AddDomain({ ws }: { ws: string }) {
  const [domain, setDomain] = useState('');
  const add = useMutation({
    mutationFn: () => call<Domain>('POST', at(ws, '/domains'), { body: { domain: domain.trim() }, key: newKey() }),
    onSuccess: ({ domain: name }) => {
      done(`${name} is added. Set its record next.`);
      setDomain('');
      void refresh(ws);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  const issue = add.error instanceof Problem ? add.error.issues[0]?.detail : undefined;
  return (
    <form onSubmit={submit} className="card flex flex-wrap items-start gap-3 p-4">
      <TextField label="Domain" required placeholder="example.com" className="min-w-48 max-w-md flex-1" value={domain} onChange={(event) => setDomain(event.target.value)} error={add.isError ? (issue ?? messageOf(add.error)) : undefined} />
      <Button type="submit" variant="primary" className="sm:mt-6.5" loading={add.isPending} disabled={domain.trim() === ''}>
        Add domain
      </Button>
    </form>
  );
}
