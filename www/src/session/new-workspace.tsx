// A new workspace. Only who runs the deployment may make one: by its bootstrap token.
import { useState, type FormEvent } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';

import { Problem, call, messageOf, newKey } from '../api/http';
import type { Plan, Workspace } from '../api/types';
import { CopyField } from '../ui/copy';
import { SelectField, TextField } from '../ui/field';
import { ButtonLink } from '../ui/link';
import { Card } from './card';

const BLANK = { name: '', slug: '', plan: 'free' as Plan, owner: '', email: '', token: '' };
const FIELDS: Record<string, keyof typeof BLANK> = { '/name': 'name', '/slug': 'slug', '/plan': 'plan', '/owner/name': 'owner', '/owner/email': 'email' };

const slugOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 40);

export function NewWorkspace() {
  const [form, setForm] = useState(BLANK);
  const [key] = useState(newKey);
  const make = useMutation({
    mutationFn: () =>
      call<{ workspace: Workspace; token: { secret: string } }>('POST', '/v1/workspaces', {
        token: form.token,
        key: `${key}-${form.slug}`,
        body: { name: form.name, slug: form.slug, plan: form.plan, owner: { email: form.email, name: form.owner } },
      }),
  });
  const set = (change: Partial<typeof BLANK>) => setForm((old) => ({ ...old, ...change }));
  const text = (name: keyof typeof BLANK) => ({
    value: form[name],
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
    error: make.error instanceof Problem ? make.error.issues.find((issue) => FIELDS[issue.path] === name)?.detail : undefined,
  });
  if (make.data !== undefined) return <Made name={make.data.workspace.name} secret={make.data.token.secret} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Card title="Create a workspace">
      <p className="text-kumo-subtle">Workspaces are made by whoever runs this deployment, with its bootstrap token.</p>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" required {...text('name')} onChange={(event) => set({ name: event.target.value, slug: slugOf(event.target.value) })} />
        <TextField label="Slug" hint="Part of its addresses: a–z, 0–9 and hyphens." required {...text('slug')} />
        <SelectField label="Plan" {...text('plan')}>
          <option value="free">Free</option>
          <option value="team">Team</option>
          <option value="business">Business</option>
        </SelectField>
        <TextField label="Owner’s name" required {...text('owner')} />
        <TextField label="Owner’s e-mail" type="email" required {...text('email')} />
        <TextField label="Bootstrap token" type="password" required {...text('token')} />
        {make.isError && <p role="alert" className="text-kumo-danger">{messageOf(make.error)}</p>}
        <Button type="submit" variant="primary" loading={make.isPending}>
          Create workspace
        </Button>
      </form>
    </Card>
  );
}

function Made({ name, secret }: { name: string; secret: string }) {
  return (
    <Card title={`${name} is ready`}>
      <p>Its owner can sign in by mail now. This token acts as the owner and is shown once:</p>
      <CopyField label="Owner’s token" value={secret} />
      <ButtonLink href="/sign-in" variant="primary">
        Sign in
      </ButtonLink>
    </Card>
  );
}
