// What is worth knowing of a member at a glance.
import { Badge } from '@cloudflare/kumo/components/badge';

import type { Member } from '../../api/types';

export const isStale = (member: Member, days: number, now = Date.now()): boolean =>
  now - Date.parse(member.last_active_at ?? member.joined_at) > days * 86_400_000;

export function Badges({ member, staleDays }: { member: Member; staleDays: number }) {
  const isManaged = member.provisioned_by === 'scim' || member.provisioned_by === 'jit';
  return (
    <>
      {member.is_owner && <Badge variant="blue">Owner</Badge>}
      {isManaged && <Badge variant="neutral">IdP-managed</Badge>}
      {member.sso_exempt && <Badge variant="outline">SSO-exempt</Badge>}
      {isStale(member, staleDays) && <Badge variant="outline">Stale</Badge>}
    </>
  );
}
