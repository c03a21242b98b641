// The tokens of identity providers: made, rotated with an overlap, deleted; each secret is shown once.
import { useState, type FormEvent } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';

import { refresh } from '../../api/client';
import { call, messageOf, newKey } from '../../api/http';
import { at } from '../../api/queries';
import { Time } from '../../time';
import { Confirm } from '../../ui/confirm';
import { CopyField } from '../../ui/copy';
import { TextField } from '../../ui/field';
import { LongList } from '../../ui/long-list';
import { Modal } from '../../ui/modal';
import { Empty } from '../../ui/page';
import { done } from '../../ui/toast';
import { useScimTokens, type ScimToken } from './queries';

export function Tokens({ ws, isReady }: { ws: string; isReady: boolean }) {
  const tokens = useScimTokens(ws);
  const [made, setMade] = useState<ScimToken | null>(null);
  const [doomed, setDoomed] = useState<ScimToken | null>(null);
  const finish = () => {
    done(`${doomed!.name} is deleted`);
    setDoomed(null);
    void refresh(ws);
  };
  return (
    <div className="flex flex-col gap-4">
      {isReady && <Add ws={ws} onMade={setMade} />}
      <LongList label="SCIM tokens" listing={tokens} keyOf={({ id }) => id} what="Loading tokens" empty={<Empty title="No tokens yet">One for each provider.</Empty>}>
        {(token: ScimToken) => <Row ws={ws} token={token} isReady={isReady} onMade={setMade} onDelete={() => setDoomed(token)} />}
      </LongList>
      {made !== null && (
        <Modal title={`${made.name} is ready`} onClose={() => setMade(null)} footer={<Button onClick={() => setMade(null)}>Done</Button>}>
          <p>Copy the token to the provider now: it is shown only this once, and stored only as a hash.</p>
          <CopyField label="Token" value={made.secret ?? ''} />
          <CopyField label="Base URL of SCIM" value={made.base_url} />
        </Modal>
      )}
      {doomed !== null && (
        <Confirm title={`Delete ${doomed.name}`} verb="Delete" act={() => call('DELETE', at(ws, `/scim/tokens/${doomed.id}`))} onDone={finish} onClose={() => setDoomed(null)}>
          <p>The provider is refused from now on. People and groups that it made stay as they are.</p>
        </Confirm>
      )}
    </div>
  );
}

function Add({ ws, onMade }: { ws: string; onMade: (token: ScimToken) => void }) {
  const [name, setName] = useState('');
  const [key, setKey] = useState(newKey);
  const make = useMutation({
    mutationFn: () => call<ScimToken>('POST', at(ws, '/scim/tokens'), { body: { name: name.trim() }, key }),
    onSuccess: (token) => {
      onMade(token);
      setName('');
      void refresh(ws);
    },
    onSettled: () => setKey(newKey()),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-start gap-3">
      <TextField label="Name of the provider" required placeholder="Okta" className="min-w-48 max-w-md flex-1" value={name} onChange={(event) => setName(event.target.value)} error={make.isError ? messageOf(make.error) : undefined} />
      <Button type="submit" variant="primary" className="sm:mt-6.5" loading={make.isPending} disabled={name.trim() === ''}>
        Make token
      </Button>
    </form>
  );
}

interface RowProps {
  ws: string;
  token: ScimToken;
  isReady: boolean;
  onMade: (token: ScimToken) => void;
  onDelete: () => void;
}

function Row({ ws, token, isReady, onMade, onDelete }: RowProps) {
  const { id, name, created_at, expires_at, last_used_at } = token;
  const rotate = useMutation({
    mutationFn: () => call<ScimToken>('POST', at(ws, `/scim/tokens/${id}/rotate`), { key: newKey() }),
    onSuccess: onMade,
    onSettled: () => refresh(ws),
  });
  const isOver = expires_at !== null && Date.parse(expires_at) <= Date.now();
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{name}</span>
          {isOver && <Badge variant="error">Over</Badge>}
        </p>
        <p className="text-sm text-kumo-subtle">
          Made <Time at={created_at} /> · {last_used_at === null ? 'the provider has not come yet' : <>last sync <Time at={last_used_at} /></>}
          {expires_at !== null && !isOver && (
            <>
              {' · '}works until <Time at={expires_at} />
            </>
          )}
        </p>
        {rotate.isError && <p role="alert" className="text-kumo-danger">{messageOf(rotate.error)}</p>}
      </div>
      {isReady && expires_at === null && (
        <Button size="sm" aria-label={`Rotate ${name}`} loading={rotate.isPending} onClick={() => rotate.mutate()}>
          Rotate
        </Button>
      )}
      <Button size="sm" variant="secondary-destructive" aria-label={`Delete ${name}`} onClick={onDelete}>
        Delete
      </Button>
    </div>
  );
}
