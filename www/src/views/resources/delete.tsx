// Deleting a resource ends the grants on it: who loses what, before it is done.
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Preview } from 'rolecall';

import { Difference, Problems } from '../../access/difference';
import { useNames } from '../../access/names';
import { refresh } from '../../api/client';
import { call, messageOf } from '../../api/http';
import { at } from '../../api/queries';
import type { Resource } from '../../api/types';
import { Modal } from '../../ui/modal';
import { Loaded } from '../../ui/page';
import { done } from '../../ui/toast';
import { kindOf } from '../../words';

export function DeleteResource({ ws, resource, onClose }: { ws: string; resource: Resource; onClose: () => void }) {
  const path = at(ws, `/resources/${resource.type}/${encodeURIComponent(resource.id)}`);
  const names = useNames(ws);
  const preview = useQuery({ queryKey: [ws, 'impact', resource.resource], queryFn: () => call<Preview>('DELETE', path, { query: { dry_run: true } }), staleTime: 0 });
  const remove = useMutation({
    mutationFn: () => call('DELETE', path),
    onSuccess: () => {
      done(`${resource.name} is deleted, and the roles on it with it`);
      void refresh(ws);
      onClose();
    },
  });
  return (
    <Modal
      title={`Delete ${resource.name}`}
      size="xl"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="destructive" loading={remove.isPending} disabled={preview.data === undefined || preview.data.problems.length > 0} onClick={() => remove.mutate()}>
            Delete {kindOf(resource.type)}
          </Button>
        </>
      }
    >
      <p>The roles on it end with it{resource.type === 'source' ? ', and its destinations go along' : ''}.</p>
      <Loaded query={preview} what="Working out what this means">
        {({ problems, changes }) => (
          <>
            <Problems problems={problems} />
            <Difference changes={changes} names={names} person={(id) => id} none="Nobody loses anything." />
          </>
        )}
      </Loaded>
      {remove.isError && <p role="alert" className="text-kumo-danger">{messageOf(remove.error)}</p>}
    </Modal>
  );
}
