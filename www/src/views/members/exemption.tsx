// Whether somebody may come in without single sign-on where the workspace requires it.
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';

import { refresh } from '../../api/client';
import { call, messageOf } from '../../api/http';
import { at } from '../../api/queries';
import type { Member } from '../../api/types';
import { Modal } from '../../ui/modal';
import { done } from '../../ui/toast';

const put = (ws: string, id: string, sso_exempt: boolean): Promise<unknown> => call('PATCH', at(ws, `/members/${id}`), { body: { sso_exempt } });

export function Exemption({ ws, member: { id, name, sso_exempt }, onClose }: { ws: string; member: Member; onClose: () => void }) {
  const save = useMutation({
    mutationFn: () => put(ws, id, !sso_exempt),
    onSuccess: () => {
      done(sso_exempt ? `${name} is not exempt any more` : `${name} is exempt from single sign-on`, () => void put(ws, id, sso_exempt).finally(() => refresh(ws)));
      void refresh(ws);
      onClose();
    },
  });
  return (
    <Modal
      title={sso_exempt ? `End the exemption of ${name}` : `Exempt ${name} from single sign-on`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" loading={save.isPending} onClick={() => save.mutate()}>
            {sso_exempt ? 'End exemption' : 'Exempt'}
          </Button>
        </>
      }
    >
      <p>{sso_exempt ? 'Where the workspace requires single sign-on, they have to sign in by it from now on, and sessions that were opened otherwise open it no more.' : 'They may sign in by a mailed link even where the workspace requires single sign-on: for people who aren’t in the identity provider.'}</p>
      {save.isError && <p role="alert" className="text-kumo-danger">{messageOf(save.error)}</p>}
    </Modal>
  );
}
