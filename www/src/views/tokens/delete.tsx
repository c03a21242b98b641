// Deleting a token: whatever uses it stops working.
import { refresh } from '../../api/client';
import { call } from '../../api/http';
import { at } from '../../api/queries';
import { Confirm } from '../../ui/confirm';
import { done } from '../../ui/toast';

export function DeleteToken({ ws, token: { id, name }, onClose }: { ws: string; token: { id: string; name: string }; onClose: () => void }) {
  const finish = () => {
    done(`${name} is deleted`);
    void refresh(ws);
    onClose();
  };
  return (
    <Confirm title={`Delete ${name}`} verb="Delete token" act={() => call('DELETE', at(ws, `/tokens/${id}`))} onDone={finish} onClose={onClose}>
      <p>Whatever uses it stops working at once. This can’t be undone: its secret is kept nowhere.</p>
    </Confirm>
  );
}
