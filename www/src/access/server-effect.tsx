// What changes would do, as the server works it out: where a page has only a part of the workspace.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Change, Preview } from 'rolecall';

import { call } from '../api/http';
import { at } from '../api/queries';
import { Loaded, Section } from '../ui/page';
import { Difference, Problems } from './difference';
import { useNames } from './names';

interface EffectProps {
  ws: string;
  changes: readonly Change[];
  person: (member: string) => ReactNode;
  /** What has to be said of it. */
  note?: string;
}

export function ServerEffect({ ws, changes, person, note }: EffectProps) {
  const names = useNames(ws);
  const preview = useQuery({ queryKey: [ws, 'preview', changes], queryFn: () => call<Preview>('POST', at(ws, '/preview'), { body: { changes } }), staleTime: 0 });
  return (
    <Section title="What changes" level={3}>
      {note !== undefined && <p className="text-kumo-subtle">{note}</p>}
      <Loaded query={preview} what="Working out the difference">
        {({ problems, changes: difference, complete }) => (
          <>
            <Problems problems={problems} />
            {!complete && <p className="text-kumo-subtle">More people are concerned than one answer holds: this shows a part of them.</p>}
            <Difference changes={difference} names={names} person={person} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
