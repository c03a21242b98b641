// Deleting what roles hang on, a group or a resource: who loses what, before it is done.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Preview } from 'rolecall';

import { refresh } from '../api/client';
import { call } from '../api/http';
import { at } from '../api/queries';
import { Confirm } from '../ui/confirm';
import { Loaded } from '../ui/page';
import { done } from '../ui/toast';
import { Difference, Problems } from './difference';
import { useNames } from './names';
import { Person } from './person';

interface DeletionProps {
  ws: string;
  /** Its address inside the workspace. */
  path: string;
  name: string;
  /** What it is: "group". */
  kind: string;
  /** What is said when it is gone. */
  after: string;
  onClose: () => void;
  onDone: () => void;
  children: ReactNode;
}

export function Deletion({ ws, path, name, kind, after, onClose, onDone, children }: DeletionProps) {
  const names = useNames(ws);
  const address = at(ws, path);
  const preview = useQuery({ queryKey: [ws, 'impact', path], queryFn: () => call<Preview>('DELETE', address, { query: { dry_run: true } }), staleTime: 0 });
  const finish = () => {
    done(after);
    void refresh(ws);
    onDone();
  };
  return (
    <Confirm title={`Delete ${name}`} verb={`Delete ${kind}`} size="xl" act={() => call('DELETE', address)} isBarred={preview.data === undefined || preview.data.problems.length > 0} onDone={finish} onClose={onClose}>
      {children}
      <Loaded query={preview} what="Working out what this means">
        {({ problems, changes }) => (
          <>
            <Problems problems={problems} />
            <Difference changes={changes} names={names} person={(id) => <Person ws={ws} id={id} />} none="Nobody loses anything." />
          </>
        )}
      </Loaded>
    </Confirm>
  );
}
