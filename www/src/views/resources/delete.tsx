// Deleting a resource ends the grants on it.
import { Deletion } from '../../access/deletion';
import type { Resource } from '../../api/types';
import { kindOf } from '../../words';

export function DeleteResource({ ws, resource, onClose }: { ws: string; resource: Resource; onClose: () => void }) {
  return (
    <Deletion ws={ws} path={`/resources/${resource.type}/${encodeURIComponent(resource.id)}`} name={resource.name} kind={kindOf(resource.type)} after={`${resource.name} is deleted, and the roles on it with it`} onClose={onClose} onDone={onClose}>
      <p>The roles on it end with it{resource.type === 'source' ? ', and its destinations go along' : ''}.</p>
    </Deletion>
  );
}
