// What the package says of an invite while it is being written: problems by the field that they belong to.
import type { Change, GrantExpression, Preview } from 'rolecall';

import { previewOf } from '../../access/difference';
import type { Loaded } from '../../engine';

export interface Judgement {
  /** By address, by grant, and what belongs to neither. */
  addresses: Map<string, string>;
  grants: Map<GrantExpression, string>;
  others: { code: string; detail: string }[];
  gained: Preview['changes']['gained'];
}

const OF_ADDRESS = new Set(['invalid_email', 'already_member', 'already_invited', 'duplicate']);
const NOBODY = 'somebody@new.example';

const inviteOf = (address: string, grants: GrantExpression[], groups: string[]): Change => ({ invite: address, grants, groups });

/** Which addresses the package can't read or take: each is asked about alone. */
function judgeAddresses(access: Loaded, addresses: readonly string[], grants: GrantExpression[]): Map<string, string> {
  const wrong = new Map<string, string>();
  for (const address of addresses) {
    const problem = previewOf(access, [inviteOf(address, grants, [])])?.problems.find(({ code, detail }) => OF_ADDRESS.has(code) || detail.includes(address));
    if (problem !== undefined) wrong.set(address, problem.detail);
  }
  return wrong;
}

/** What each grant alone would be refused for. */
function judgeGrants(access: Loaded, grants: readonly GrantExpression[]): Map<GrantExpression, string> {
  const wrong = new Map<GrantExpression, string>();
  for (const grant of grants) {
    const problem = previewOf(access, [inviteOf(NOBODY, ['workspace_member', grant], [])])?.problems.find(({ code }) => code !== 'seat_limit_reached');
    if (problem !== undefined) wrong.set(grant, problem.detail);
  }
  return wrong;
}

export function judge(access: Loaded, addresses: readonly string[], grants: GrantExpression[], groups: string[]): Judgement {
  const wrong = judgeAddresses(access, addresses, grants);
  const good = addresses.filter((address) => !wrong.has(address));
  const all = good.length === 0 ? [NOBODY] : good;
  const preview = previewOf(access, all.map((address) => inviteOf(address, grants, groups)));
  const byGrant = judgeGrants(access, grants);
  const said = new Set(byGrant.values());
  const others = (preview?.problems ?? []).filter(({ code, detail }, index, list) => !said.has(detail) && !OF_ADDRESS.has(code) && list.findIndex((one) => one.detail === detail) === index);
  // All get the same: what the first one gets stands for them.
  const gained = (preview?.changes.gained ?? []).filter((row) => row.member === all[0]);
  return { addresses: wrong, grants: byGrant, others, gained };
}
