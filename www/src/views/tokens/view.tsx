// API tokens of the workspace: what each may do, when it was last used, and whether its maker is still here.
import { useState } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';

import { useGrantWords } from '../../access/names';
import { refresh } from '../../api/client';
import { call, messageOf } from '../../api/http';
import { at, useTokens } from '../../api/queries';
import type { Token } from '../../api/types';
import type { ViewProps } from '../../shell/views';
import { Time } from '../../time';
import { PlusIcon } from '../../ui/icons';
import { Modal } from '../../ui/modal';
import { Empty, Loaded, Page } from '../../ui/page';
import { done } from '../../ui/toast';
import { actionWords, listWords } from '../../words';
import { NewToken } from './new';

export function View({ ws }: ViewProps) {
  const tokens = useTokens(ws);
  const [isAdding, setAdding] = useState(false);
  const [doomed, setDoomed] = useState<Token | null>(null);
  const add = (
    <Button variant="primary" icon={PlusIcon} onClick={() => setAdding(true)}>
      New token
    </Button>
  );
  return (
    <Page title="Tokens" intro="Credentials for machines. A secret is shown once, when it is made. A token of the workspace goes on working when its maker leaves." actions={add}>
      <div className="card">
        <Loaded query={tokens} what="Loading tokens">
          {({ data }) =>
            data.length === 0 ? (
              <Empty title="No tokens yet" action={add}>
                Make one for each machine, with no more than it needs: checking access takes “See members and their access” alone.
              </Empty>
            ) : (
              <ul className="divide-y divide-kumo-line" aria-label="Tokens">
                {data.map((token) => (
                  <Row key={token.id} ws={ws} token={token} onDelete={() => setDoomed(token)} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </div>
      {isAdding && <NewToken ws={ws} onClose={() => setAdding(false)} />}
      {doomed !== null && <DeleteToken ws={ws} token={doomed} onClose={() => setDoomed(null)} />}
    </Page>
  );
}

function Row({ ws, token, onDelete }: { ws: string; token: Token; onDelete: () => void }) {
  const words = useGrantWords(ws);
  const may = token.kind === 'personal' ? 'acts as its member' : listWords([...token.grants.map((grant) => words(grant.expression)), ...token.actions.map(actionWords)]);
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{token.name}</span>
          {token.kind === 'personal' && <Badge variant="neutral">Personal</Badge>}
          {token.orphaned && <Badge variant="warning">Maker has left</Badge>}
          {token.expires_at !== null && Date.parse(token.expires_at) < Date.now() && <Badge variant="error">Expired</Badge>}
        </p>
        <p className="text-kumo-subtle">{may}</p>
        <p className="text-sm text-kumo-subtle">
          Made <Time at={token.created_at} /> · {token.last_used_at === null ? 'never used' : <>used <Time at={token.last_used_at} /></>}
          {token.expires_at !== null && (
            <>
              {' · '}expires <Time at={token.expires_at} />
            </>
          )}
        </p>
      </div>
      <Button size="sm" variant="secondary-destructive" aria-label={`Delete ${token.name}`} onClick={onDelete}>
        Delete
      </Button>
    </li>
  );
}

function DeleteToken({ ws, token, onClose }: { ws: string; token: Token; onClose: () => void }) {
  const remove = useMutation({
    mutationFn: () => call('DELETE', at(ws, `/tokens/${token.id}`)),
    onSuccess: () => {
      done(`${token.name} is deleted`);
      void refresh(ws);
      onClose();
    },
  });
  return (
    <Modal
      title={`Delete ${token.name}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="destructive" loading={remove.isPending} onClick={() => remove.mutate()}>
            Delete token
          </Button>
        </>
      }
    >
      <p>Whatever uses it stops working at once. This can’t be undone: its secret is kept nowhere.</p>
      {remove.isError && <p role="alert" className="text-kumo-danger">{messageOf(remove.error)}</p>}
    </Modal>
  );
}
