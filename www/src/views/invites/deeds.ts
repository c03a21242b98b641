// What can be done with an invite that waits: send it again, cancel it. A canceled one leaves the list at once.
import { useMutation } from '@tanstack/react-query';

import { refresh } from '../../api/client';
import { call, messageOf, newKey } from '../../api/http';
import { dropRows } from '../../api/listing';
import { at } from '../../api/queries';
import type { Invite } from '../../api/types';
import { done, failed } from '../../ui/toast';
import { copyText } from '../../ui/copy';

export const resend = (ws: string, id: string, deliver: 'email' | 'link'): Promise<Invite> =>
  call<Invite>('POST', at(ws, `/invites/${id}/resend`), { body: { deliver }, key: newKey() });

export const cancel = (ws: string, id: string): Promise<unknown> => call('DELETE', at(ws, `/invites/${id}`));

export const useResend = (ws: string, invite: Invite) =>
  useMutation({
    mutationFn: (deliver: 'email' | 'link') => resend(ws, invite.id, deliver),
    onSuccess: async (sent) => {
      if (!sent.accept_url) done(`A new link is on its way to ${invite.email}. The old one is dead.`);
      else if (await copyText(sent.accept_url)) done(`A new link for ${invite.email} is copied. The old one is dead.`);
      void refresh(ws);
    },
    onError: (error) => failed(messageOf(error)),
  });

export function useCancel(ws: string, invite: Invite) {
  return useMutation({
    mutationFn: () => cancel(ws, invite.id),
    onMutate: () => dropRows<Invite>([ws, 'invites', invite.status], (one) => one.id === invite.id),
    onSuccess: () => done(`The invite of ${invite.email} is canceled`, () => void inviteAgain(ws, invite)),
    onError: (error, _, putBack) => {
      putBack?.();
      failed(`Not canceled: ${messageOf(error)}`);
    },
    onSettled: () => refresh(ws),
  });
}

/** Undoes a cancellation as far as that goes: the same offer, with a new link. */
async function inviteAgain(ws: string, { email, name, grants, groups }: Invite): Promise<void> {
  const again = { email, name, grants: grants.filter((grant) => grant.via === 'direct').map((grant) => grant.expression), groups: groups.map((group) => group.id) };
  try {
    await call('POST', at(ws, '/invites'), { body: { invites: [again] }, key: newKey() });
    done(`${email} is invited again, by a new mail`);
  } catch (error) {
    failed(messageOf(error));
  }
  void refresh(ws);
}
