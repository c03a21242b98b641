// Deleting the workspace, by typing its name.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useLocation } from 'wouter';

import { client } from '../../api/client';
import { call } from '../../api/http';
import { at } from '../../api/queries';
import type { Workspace } from '../../api/types';
import { Confirm } from '../../ui/confirm';
import { Section } from '../../ui/page';
import { done } from '../../ui/toast';

export function DeleteWorkspace({ ws, workspace }: { ws: string; workspace: Workspace }) {
  const [, go] = useLocation();
  const [isAsking, setAsking] = useState(false);
  const leave = () => {
    client.clear();
    done(`${workspace.name} is deleted`);
    go('/?choose');
  };
  return (
    <Section title="Delete the workspace">
      <div className="card flex flex-col items-start gap-3 p-4">
        <p className="text-kumo-subtle">Everybody loses access, and its members, invites, groups, tokens and audit trail are gone. This can’t be undone.</p>
        <Button variant="secondary-destructive" onClick={() => setAsking(true)}>
          Delete workspace
        </Button>
      </div>
      {isAsking && <Confirm title={`Delete ${workspace.name}`} verb="Delete for good" word={workspace.name} act={() => call('DELETE', at(ws))} onDone={leave} onClose={() => setAsking(false)} />}
    </Section>
  );
}
