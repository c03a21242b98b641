// How somebody is called whom only an id names; an address speaks for itself.
import { useMember } from '../api/queries';

export function Person({ ws, id }: { ws: string; id: string }) {
  return id.startsWith('acc_') ? <Named ws={ws} id={id} /> : <>{id}</>;
}

function Named({ ws, id }: { ws: string; id: string }) {
  return <>{useMember(ws, id).data?.data.name ?? id}</>;
}
