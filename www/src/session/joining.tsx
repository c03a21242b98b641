// Workspaces that somebody may join by the domain of their address: at once, or by asking.
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';

import { client } from '../api/client';
import { call, messageOf } from '../api/http';
import { at } from '../api/queries';
import type { Joinable } from '../api/types';

const STATES = { requested: 'Somebody there has to let you in. You get the workspace here as soon as they do.', denied: 'Your request was refused. Ask an administrator for an invite.' };

export function Joining({ workspaces }: { workspaces: Joinable[] }) {
  return (
    <section aria-label="Workspaces of your company" className="flex flex-col gap-2">
      <h2 className="font-medium">Workspaces of your company</h2>
      <ul className="flex flex-col gap-2">
        {workspaces.map((workspace) => (
          <Row key={workspace.id} workspace={workspace} />
        ))}
      </ul>
    </section>
  );
}

function Row({ workspace: { name, slug, how } }: { workspace: Joinable }) {
  const [, go] = useLocation();
  const join = useMutation({
    mutationFn: () => call<{ outcome: 'joined' | 'requested' }>('POST', at(slug, '/join')),
    onSuccess: async ({ outcome }) => {
      await client.invalidateQueries({ queryKey: ['me'] });
      if (outcome === 'joined') go(`/w/${slug}`);
    },
  });
  return (
    <li className="flex flex-wrap items-center gap-3 rounded-lg border border-kumo-line px-4 py-3">
      <span className="min-w-0 flex-1 font-medium">{name}</span>
      {how === 'join' || how === 'request' ? (
        <Button loading={join.isPending} onClick={() => join.mutate()}>
          {how === 'join' ? `Join ${name}` : `Ask to join ${name}`}
        </Button>
      ) : (
        <p role="status" className="text-kumo-subtle">
          {STATES[how]}
        </p>
      )}
      {join.isError && <p role="alert" className="w-full text-kumo-danger">{messageOf(join.error)}</p>}
    </li>
  );
}
