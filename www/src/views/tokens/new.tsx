// A new token: its name, what it may do, how long; then its secret, once.
import { useState, type FormEvent } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import type { Action, GrantExpression } from 'rolecall';

import { GrantEditor } from '../../access/grant-editor';
import { refresh } from '../../api/client';
import { call, messageOf, newKey } from '../../api/http';
import { at, useMyWorkspace } from '../../api/queries';
import type { Token } from '../../api/types';
import { CopyField } from '../../ui/copy';
import { Check, SelectField, TextField } from '../../ui/field';
import { Modal } from '../../ui/modal';
import { actionWords } from '../../words';

const LIVES: [days: string, words: string][] = [['30', '30 days'], ['90', '90 days'], ['365', 'A year'], ['', 'Until it is deleted']];

const inDays = (days: string): string | null => (days === '' ? null : new Date(Date.now() + Number(days) * 86_400_000).toISOString().replace(/\.\d+Z/, 'Z'));

export function NewToken({ ws, onClose }: { ws: string; onClose: () => void }) {
  const workspaceActions = useMyWorkspace(ws)!.actions.filter((action) => /^(workspace|member|group|label|token|audit|sso|scim|billing):/.test(action));
  const [name, setName] = useState('');
  const [grants, setGrants] = useState<GrantExpression[]>([]);
  const [actions, setActions] = useState<Action[]>(['member:view']);
  const [days, setDays] = useState('90');
  const [key, setKey] = useState(newKey);
  const make = useMutation({
    mutationFn: () => call<Token>('POST', at(ws, '/tokens'), { body: { name: name.trim(), grants, actions, expires_at: inDays(days) }, key }),
    onSuccess: () => refresh(ws),
    onError: () => setKey(newKey()),
  });
  if (make.data !== undefined) return <Made token={make.data} onClose={onClose} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  const toggle = (action: Action, isOn: boolean) => setActions((old) => (isOn ? [...old, action] : old.filter((one) => one !== action)));
  return (
    <Modal title="New token" size="xl" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" required hint="Which machine uses it, and for what." value={name} onChange={(event) => setName(event.target.value)} />
        <fieldset className="grid gap-2 sm:grid-cols-2">
          <legend className="pb-1 font-medium">Single actions</legend>
          {workspaceActions.map((action) => (
            <Check key={action} label={actionWords(action)} checked={actions.includes(action)} onChange={(event) => toggle(action, event.target.checked)} />
          ))}
        </fieldset>
        <GrantEditor ws={ws} value={grants} onChange={setGrants} legend="Roles as well" />
        <SelectField label="Lives" value={days} onChange={(event) => setDays(event.target.value)}>
          {LIVES.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </SelectField>
        {make.isError && <p role="alert" className="text-kumo-danger">{messageOf(make.error)}</p>}
        <Button type="submit" variant="primary" className="self-end" loading={make.isPending} disabled={name.trim() === '' || grants.length + actions.length === 0}>
          Make token
        </Button>
      </form>
    </Modal>
  );
}

function Made({ token, onClose }: { token: Token; onClose: () => void }) {
  return (
    <Modal title={`${token.name} is ready`} onClose={onClose} footer={<Button onClick={onClose}>Done</Button>}>
      <p>Copy the secret now: it is shown only this once, and stored only as a hash.</p>
      <CopyField label="Secret" value={token.secret ?? ''} />
    </Modal>
  );
}
