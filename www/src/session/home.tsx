// The start page: into the only workspace or the last one, or the choice between several.
import { Link, Redirect, useSearch } from 'wouter';

import { useMe } from '../api/queries';
import { Problem } from '../api/http';
import { Failed, Loading } from '../ui/page';
import { capital } from '../words';
import { Card } from './card';
import { Joining } from './joining';
import { lastWorkspace } from './place';

export function Home() {
  const me = useMe();
  const wantsChoice = new URLSearchParams(useSearch()).has('choose');
  if (me.error instanceof Problem && me.error.status === 401) return <Redirect to="/sign-in" replace />;
  if (me.data === undefined) return me.error === null ? <Loading /> : <Failed error={me.error} retry={() => void me.refetch()} />;
  const { workspaces, joinable } = me.data;
  const chosen = workspaces.find((one) => one.slug === lastWorkspace()) ?? (workspaces.length === 1 ? workspaces[0] : undefined);
  if (chosen !== undefined && !wantsChoice) return <Redirect to={`/w/${chosen.slug}`} replace />;
  return (
    <Card title={workspaces.length === 0 ? 'No workspace yet' : 'Choose a workspace'}>
      {workspaces.length === 0 && (
        <p>
          You are signed in as {me.data.account?.email}, but you aren’t a member of a workspace.{joinable.length === 0 && ' Ask its owner to invite this address.'}
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {workspaces.map((workspace) => (
          <li key={workspace.id}>
            <Link href={`/w/${workspace.slug}`} className="flex items-center justify-between rounded-lg border border-kumo-line px-4 py-3 hover:bg-kumo-tint">
              <span className="font-medium">{workspace.name}</span>
              <span className="text-kumo-subtle">{capital(workspace.plan)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {joinable.length > 0 && <Joining workspaces={joinable} />}
      <Link href="/new" className="link self-start">
        Create a workspace
      </Link>
    </Card>
  );
}
