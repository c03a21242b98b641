// The types of the package, written by hand: what JavaScript sees of `src/npm/`. The build turns them into index.d.ts.

/** A role as it is written in a grant. */
export type Role =
  | 'workspace_owner'
  | 'workspace_member'
  | 'source_admin'
  | 'source_read_only'
  | 'tracking_plan_admin'
  | 'tracking_plan_read_only'
  | 'engage_admin'
  | 'engage_read_only'
  | 'minimal_workspace_access'
  | 'engage_user'
  | 'function_admin'
  | 'function_read_only'
  | 'warehouse_admin'
  | 'warehouse_read_only'
  | 'identity_admin'
  | 'end_user_privacy_admin'
  | 'entities_admin'
  | 'entities_read_only'
  | 'pii_access';

/** An action as a check names it. */
export type Action =
  | 'workspace:view'
  | 'workspace:edit'
  | 'workspace:delete'
  | 'billing:manage'
  | 'member:view'
  | 'member:invite'
  | 'member:edit'
  | 'member:remove'
  | 'group:manage'
  | 'label:manage'
  | 'sso:manage'
  | 'scim:manage'
  | 'token:manage'
  | 'audit:view'
  | 'identity:view'
  | 'identity:edit'
  | 'privacy:manage'
  | 'entity:view'
  | 'entity:edit'
  | 'source:view'
  | 'source:create'
  | 'source:edit'
  | 'source:delete'
  | 'destination:view'
  | 'destination:create'
  | 'destination:edit'
  | 'destination:delete'
  | 'tracking_plan:view'
  | 'tracking_plan:create'
  | 'tracking_plan:edit'
  | 'tracking_plan:delete'
  | 'space:view'
  | 'space:create'
  | 'space:edit'
  | 'space:delete'
  | 'audience:view'
  | 'audience:create'
  | 'audience:edit'
  | 'audience:delete'
  | 'computed_trait:view'
  | 'computed_trait:create'
  | 'computed_trait:edit'
  | 'computed_trait:delete'
  | 'journey:view'
  | 'journey:create'
  | 'journey:edit'
  | 'journey:delete'
  | 'warehouse:view'
  | 'warehouse:create'
  | 'warehouse:edit'
  | 'warehouse:delete'
  | 'function:view'
  | 'function:create'
  | 'function:edit'
  | 'function:delete'
  | 'pii:view';

/** A kind of resource. */
export type ResourceType = 'source' | 'destination' | 'tracking_plan' | 'space' | 'warehouse' | 'function';

/** One resource, `source/abc`; every present and future one of a kind, `source/*`; or the workspace as a whole. */
export type Resource = `${ResourceType}/${string}` | 'workspace';

/** A role and its scope: `source_admin`, `source_admin@source/abc`, `source_admin@{environment:prod}`. */
export type GrantExpression = Role | `${Role}@${string}`;

/** What each failure throws: an `Error` with the code that the API uses. */
export interface RolecallError extends Error {
  code: string;
  /** Where the fault is, as a JSON Pointer, when there is one place. */
  path?: string;
  /** Each fault, when there may be several. */
  errors?: { path: string; code: string; detail: string }[];
}

/** How a grant reaches its holder. */
export type Via = 'direct' | { group: { id: string; name: string } };

/** A grant that allows. */
export interface Because {
  grant: GrantExpression;
  id: string;
  via: Via;
  /** The source that the grant is on, where it reaches a destination through it. */
  inherited_from?: Resource;
}

/** A grant that would allow if the workspace had what it needs. */
export interface Dormant {
  grant: GrantExpression;
  id: string;
  via: Via;
  needs: 'business' | 'protocols' | 'engage';
}

/** A decision with its reasons: the answer of `POST …/check`. */
export interface Decision {
  allowed: boolean;
  because: Because[];
  /** Alternatives that would allow, least privilege first; each is a list of grants that are needed together. */
  missing: GrantExpression[][];
  dormant: Dormant[];
  reason?: 'unknown_member' | 'unknown_resource';
  version: number;
}

/** A row of `members`. */
export interface MemberAccess {
  member: { id: string; email: string; name: string };
  because: Because[];
}

/** A row of `list`. */
export interface ResourceAccess {
  resource: Resource;
  because: Because[];
}

/** One change; a list of them is made in order. */
export type Change =
  | { grant: GrantExpression; to: string }
  | { revoke: GrantExpression; from: string }
  | { set_grants: GrantExpression[]; member: string }
  | { remove_member: string }
  | { invite: string; grants: GrantExpression[]; groups?: string[] }
  | { add_to_group: string; member: string }
  | { remove_from_group: string; member: string }
  | { set_group_grants: GrantExpression[]; group: string }
  | { set_plan: 'free' | 'team' | 'business'; add_ons?: ('protocols' | 'engage')[] }
  | { set_labels: Record<string, string>; resource: Resource };

/** What somebody gains or loses on one target. */
export interface AccessChange {
  /** An account id, or the address of an invitee. */
  member: string;
  actions: Action[];
  resource: Resource;
  /** Resources of the kind that another grant still reaches, where `source/*` is lost. */
  except?: Resource[];
}

/** What changes would do: the answer of `POST …/preview`. */
export interface Preview {
  problems: { change: number; code: string; detail: string }[];
  changes: { gained: AccessChange[]; lost: AccessChange[] };
  /** False when the snapshot shows only a part of the workspace. */
  complete: boolean;
  version: number;
}

/** A role of the catalog. */
export interface CatalogRole {
  role: Role;
  name: string;
  level: 'workspace' | 'resource' | 'modifier';
  scopes: string[];
  plan: string;
  actions: Action[];
}

/** A grant expression, read. */
export interface ParsedGrant {
  role: Role;
  scope:
    | { kind: 'workspace' }
    | { kind: 'resource'; resource: Resource }
    | { kind: 'labels'; labels: Record<string, string> };
  expression: GrantExpression;
}

/** What would become of each row of a file of invites. */
export interface InviteReport {
  summary: Record<'invited' | 'already_member' | 'already_invited' | 'duplicate' | 'invalid' | 'total', number>;
  rows: {
    /** The line of the file that the row starts on, from 1. */
    line: number;
    email: string;
    outcome: 'invited' | 'already_member' | 'already_invited' | 'duplicate' | 'invalid';
    errors: { column: 'email' | 'name' | 'grants' | 'groups' | null; code: string; detail: string }[];
  }[];
}

/**
 * The answer of `GET …/snapshot`: its compact bytes (`Accept: application/vnd.rolecall.snapshot`), or the JSON as an object,
 * a text or bytes. A workspace keeps the bytes that it was given; don't write into them.
 */
export type SnapshotInput = object | string | Uint8Array | ArrayBuffer;

/** A number that stands for a member in one snapshot; -1 for somebody unknown. */
export type MemberHandle = number & { readonly handle: 'member' };

/** A number that stands for a resource, all of a type or the workspace in one snapshot; negative for an unknown resource. */
export type ResourceHandle = number & { readonly handle: 'resource' };

/** A number that stands for an action, always. */
export type ActionHandle = number & { readonly handle: 'action' };

/** One value for all, or one for each. */
export type Many<T, H extends number> = T | H | readonly (T | H)[] | Int32Array;

/**
 * A workspace at one version. Checks, lists and previews need no request.
 *
 * @example
 * const ws = Workspace.load(await (await fetch('/v1/workspaces/acme/snapshot')).json());
 * ws.can('ann@example.com', 'source:edit', 'source/web'); // true
 */
export declare class Workspace {
  private constructor();
  /** Loads a snapshot; throws with the code and the path of what can't be read. */
  static load(snapshot: SnapshotInput): Workspace;
  /** The version that the snapshot was read at. */
  readonly version: number;
  /** May this member, by account id or address, do this to that? Without a resource: to the workspace as a whole. */
  can(member: string, action: Action, resource?: Resource | null): boolean;
  /**
   * The same by numbers, for loops over many members or resources: several times as fast as texts.
   * Throws `stale_handle` for a number of another snapshot.
   *
   * @example
   * const edit = actionHandle('source:edit');
   * const web = ws.resourceHandle('source/web');
   * const editors = ids.filter((id) => ws.canByHandle(ws.memberHandle(id), edit, web));
   */
  canByHandle(member: MemberHandle, action: ActionHandle, resource: ResourceHandle): boolean;
  /**
   * Many checks in one call. The lists are equally long; a single value stands for each. 1 is yes, 0 is no.
   *
   * @example
   * ws.canMany('ann@example.com', ['source:view', 'source:edit', 'source:delete'], 'source/web'); // Uint8Array [1, 1, 0]
   */
  canMany(
    members: Many<string, MemberHandle>,
    actions: Many<Action, ActionHandle>,
    resources: Many<Resource | null | undefined, ResourceHandle>,
  ): Uint8Array;
  /** The number of a member, good until `update`. */
  memberHandle(member: string): MemberHandle;
  /** The number of a resource, of a whole type (`source/*`), or without one of the workspace; good until `update`. */
  resourceHandle(resource?: Resource | null): ResourceHandle;
  /** The decision with its reasons. */
  explain(member: string, action: Action, resource?: Resource | null): Decision;
  /** A member, found once and asked often. Somebody unknown is allowed nothing. */
  member(member: string): Member;
  /** Who may do this to that? */
  members(action: Action, resource?: Resource | null): MemberAccess[];
  /** What would these changes do? */
  preview(changes: readonly Change[]): Preview;
  /** Another workspace, with the changes made, all or none; throws with the code of the rule that refuses one. */
  apply(changes: readonly Change[]): Workspace;
  /**
   * Moves this workspace, and each `Member` of it, to a newer snapshot; false when it is the same. Throws like `load`, and
   * then nothing has moved.
   *
   * @example
   * const answer = await fetch(url, { headers: { 'if-none-match': `"${ws.version}"` } });
   * if (answer.status === 200) ws.update(await answer.arrayBuffer());
   */
  update(snapshot: SnapshotInput): boolean;
  /** The compact bytes, to keep or to hand to a worker. */
  toBytes(): Uint8Array;
  /** Gives the memory back; `using` does it by itself. */
  free(): void;
  [Symbol.dispose](): void;
}

/** A member of a workspace. Follows its updates, and outlives it. */
export declare class Member {
  private constructor();
  /** May they do this to that? */
  can(action: Action, resource?: Resource | null): boolean;
  /** The decision with its reasons. */
  explain(action: Action, resource?: Resource | null): Decision;
  /** The resources of a type that they may do this to. */
  list(action: Action, type: ResourceType): ResourceAccess[];
  /** Gives the memory back; `using` does it by itself. */
  free(): void;
  [Symbol.dispose](): void;
}

/** The number of an action, for `canByHandle`. */
export declare function actionHandle(action: Action): ActionHandle;

/** Reads a grant expression into its role and scope. */
export declare function parseGrant(text: string): ParsedGrant;

/** The catalog of roles. */
export declare function catalog(): CatalogRole[];

/** The name of every action. */
export declare function actions(): Action[];

/**
 * What would become of each row of a CSV file of invites (`email,name,grants,groups`): the report of a dry run, offline.
 * Without a snapshot only what the file itself tells is checked.
 */
export declare function parseInvites(csv: string | Uint8Array | ArrayBuffer, options?: { snapshot?: SnapshotInput }): InviteReport;

/**
 * Makes the package ready in a browser: everything else works after it. In Node and workerd it is ready from the start.
 * `source` is where the wasm is (an address, a response, its bytes or a module); by default it lies beside the code.
 */
export declare function init(source?: string | URL | object): Promise<void>;
