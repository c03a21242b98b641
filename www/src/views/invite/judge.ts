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
/** Who stands in while there is no address. */
export const NOBODY = 'somebody@new.example';

export const inviteOf = (address: string, grants: GrantExpression[], groups: string[]): Change => ({ invite: address, grants, groups });

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

/** The same of what the server says, which has everybody: a problem belongs to the address of its change, or to all. */
export function judgementOf(preview: Preview, addresses: readonly string[]): Judgement {
  const wrong = new Map<string, string>();
  const others: Judgement['others'] = [];
  for (const { change, code, detail } of preview.problems) {
    const address = addresses[change];
    if (OF_ADDRESS.has(code) && address !== undefined) wrong.set(address, detail);
    else if (!others.some((one) => one.detail === detail)) others.push({ code, detail });
  }
  const first = preview.changes.gained[0]?.member;
  return { addresses: wrong, grants: new Map(), others, gained: preview.changes.gained.filter((row) => row.member === first) };
}
