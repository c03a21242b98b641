// The types of `rolecall/decide`: the part of the package that loads the compact snapshot and checks. The build turns them
// into decide/index.d.ts.
import type * as whole from '../index.js';

export type {
  Action, ActionHandle, GrantExpression, Many, MemberHandle, Resource, ResourceHandle, ResourceType, Role, RolecallError,
} from '../index.js';
export { actionHandle, actions, init } from '../index.js';

/** A workspace at one version: checks alone, in a fifth of the download. */
export interface Workspace
  extends Pick<
    whole.Workspace,
    'version' | 'can' | 'canByHandle' | 'canMany' | 'memberHandle' | 'resourceHandle' | 'toBytes' | 'free' | typeof Symbol.dispose
  > {
  /** A member, found once and asked often. Somebody unknown is allowed nothing. */
  member(member: string): Member;
  /** Moves this workspace, and each `Member` of it, to a newer snapshot; false when it is the same. */
  update(snapshot: Uint8Array | ArrayBuffer): boolean;
}

export declare const Workspace: {
  /**
   * Loads the compact bytes of `GET …/snapshot`; throws with the code of what is wrong with them.
   *
   * @example
   * const answer = await fetch(url, { headers: { accept: 'application/vnd.rolecall.snapshot' } });
   * const ws = Workspace.load(await answer.arrayBuffer());
   */
  load(snapshot: Uint8Array | ArrayBuffer): Workspace;
  readonly prototype: Workspace;
};

/** A member of a workspace. Follows its updates, and outlives it. */
export interface Member extends Pick<whole.Member, 'can' | 'free' | typeof Symbol.dispose> {}

export declare const Member: { readonly prototype: Member };
