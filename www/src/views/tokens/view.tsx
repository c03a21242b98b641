// API tokens of the workspace: what each may do, when it was last used, and whether its maker is still here.
import { useState } from 'react';
import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';

import { useGrantWords } from '../../access/names';
import { useFitting } from '../../api/listing';
import { useTokens } from '../../api/queries';
import type { Token } from '../../api/types';
import type { ViewProps } from '../../shell/views';
import { Time } from '../../time';
import { TextField } from '../../ui/field';
import { PlusIcon } from '../../ui/icons';
import { LongList } from '../../ui/long-list';
import { Empty, Page } from '../../ui/page';
import { useSearchText } from '../../ui/search-text';
import { actionWords, listWords } from '../../words';
import { DeleteToken } from './delete';
import { NewToken } from './new';

export function View({ ws }: ViewProps) {
  const [text, setText] = useSearchText();
  const tokens = useTokens(ws, { least: text === '' ? 0 : Infinity });
  const shown = useFitting(tokens.rows, text, ({ name }) => name);
  const [isAdding, setAdding] = useState(false);
  const [doomed, setDoomed] = useState<Token | null>(null);
  const add = (
    <Button variant="primary" icon={PlusIcon} onClick={() => setAdding(true)}>
      New token
    </Button>
  );
  const empty =
    text === '' ? (
      <Empty title="No tokens yet" action={add}>
        Make one for each machine, with no more than it needs: checking access takes “See members and their access” alone.
      </Empty>
    ) : (
      <Empty title="Nothing matches">No token has this in its name.</Empty>
    );
  return (
    <Page title="Tokens" intro="Credentials for machines. A secret is shown once, when it is made. A token of the workspace goes on working when its maker leaves." actions={add}>
      <TextField label="Search" type="search" className="max-w-md" value={text} onChange={(event) => setText(event.target.value)} />
      <div className="card">
        <LongList label="Tokens" listing={tokens} rows={shown} keyOf={({ id }) => id} isSearch={text !== ''} what="Loading tokens" empty={empty}>
          {(token) => <Row ws={ws} token={token} onDelete={() => setDoomed(token)} />}
        </LongList>
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
    <div className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
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
    </div>
  );
}
