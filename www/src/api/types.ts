// The shapes of the API that the console reads, by hand from openapi.json. Roles, actions and decisions are the package's.
import type { Action, GrantExpression, Preview, Resource as ResourceName, ResourceType, Role, Via } from 'rolecall';

export type { Action, GrantExpression, Preview, ResourceName, ResourceType, Role, Via };

export type Plan = 'free' | 'team' | 'business';
export type AddOn = 'protocols' | 'engage';

export interface Settings {
  invite_ttl_hours: number;
  invite_reminder_hours: number | null;
  provisioned_grants: GrantExpression[];
  require_sso: boolean;
  stale_after_days: number;
}

export interface Workspace {
  id: string;
  slug: string;
  name: string;
  plan: Plan;
  add_ons: AddOn[];
  seat_limit: number | null;
  settings: Settings;
  version: number;
  created_at: string;
}

/** A workspace with what the caller may do in it. */
export type MyWorkspace = Workspace & { actions: Action[] };

export interface Account {
  id: string;
  email: string;
  name: string;
}

export interface Me {
  account: Account | null;
  workspaces: MyWorkspace[];
  /** Workspaces that the person may join by the domain of their address. */
  joinable: Joinable[];
}

export interface Joinable {
  id: string;
  name: string;
  slug: string;
  /** `requested` while somebody has to approve it. */
  how: 'join' | 'request' | 'requested' | 'denied';
}

export type Scope =
  | { kind: 'workspace' }
  | { kind: 'resource'; resource: ResourceName }
  | { kind: 'labels'; labels: Record<string, string> };

export interface Grant {
  id: string;
  role: Role;
  scope: Scope;
  expression: GrantExpression;
  via: Via;
  dormant: boolean;
  created_at: string;
  created_by: string;
}

export interface GroupName {
  id: string;
  name: string;
}

export type Provision = 'bootstrap' | 'invite' | 'jit' | 'scim' | 'domain';

export interface Member {
  id: string;
  email: string;
  name: string;
  grants: Grant[];
  groups: GroupName[];
  is_owner: boolean;
  provisioned_by: Provision;
  joined_at: string;
  last_active_at: string | null;
  /** May sign in otherwise where the workspace requires SSO. */
  sso_exempt: boolean;
}

export interface Group {
  id: string;
  name: string;
  grants: Grant[];
  managed: boolean;
  created_at: string;
}

export interface GroupMember {
  id: string | null;
  invite: string | null;
  email: string;
  name: string | null;
}

export type InviteStatus = 'pending' | 'expired' | 'accepted' | 'canceled' | 'superseded';

export interface Invite {
  id: string;
  email: string;
  name: string | null;
  status: InviteStatus;
  grants: Grant[];
  groups: GroupName[];
  invited_by: string;
  sent_at: string;
  sent_count: number;
  expires_at: string;
  opened_at: string | null;
  delivery: { status: 'queued' | 'sent' | 'failed'; last_error?: string; tries: number } | null;
  accept_url?: string | null;
}

/** What somebody sees who was sent an invite. */
export interface Offer {
  workspace: string;
  inviter: string;
  email: string;
  name: string | null;
  roles: { role: string; scope: string }[];
  groups: string[];
  expires_at: string;
  status: InviteStatus;
}

export interface Resource {
  type: ResourceType;
  id: string;
  resource: ResourceName;
  name: string;
  labels: Record<string, string>;
  parent: ResourceName | null;
  created_at: string;
  created_by: string;
}

export interface Label {
  key: string;
  value: string;
  description: string | null;
  created_at: string;
}

export interface Token {
  id: string;
  name: string;
  kind: 'personal' | 'workspace';
  grants: Grant[];
  actions: Action[];
  created_at: string;
  created_by: string;
  expires_at: string | null;
  last_used_at: string | null;
  orphaned: boolean;
  secret?: string | null;
}

export interface Seats {
  active: number;
  pending: number;
  inactive: number;
  limit: number | null;
}

export interface AuditEvent {
  id: string;
  type: string;
  at: string;
  actor: { kind: 'member' | 'token' | 'operator' | 'system'; id: string; email?: string };
  via: 'api' | 'console' | 'scim' | 'jit' | 'system';
  subject: { type: string; id: string };
  before: unknown;
  after: unknown;
  request_id: string;
}

/** What a removal leaves behind. */
export interface Impact {
  last_owner: boolean;
  returns_by: Provision | null;
  stays: { resources: ResourceName[]; tokens: { id: string; name: string }[] };
}

export interface CatalogRole {
  role: Role;
  name: string;
  level: 'workspace' | 'resource' | 'modifier';
  scopes: string[];
  plan: 'all' | 'business' | 'protocols' | 'engage';
  actions: Action[];
}

export type RowOutcome = 'invited' | 'already_member' | 'already_invited' | 'duplicate' | 'invalid';

export interface BulkReport {
  summary: Record<RowOutcome | 'total', number>;
  rows: { line: number; email: string; outcome: RowOutcome; errors: { column: string | null; code: string; detail: string }[]; accept_url?: string | null }[];
}

export type StaleKind = 'member' | 'token' | 'invite';

/** Something that has access which nobody uses. */
export interface Stale {
  kind: StaleKind;
  id: string;
  email: string | null;
  name: string | null;
  last_active_at: string | null;
  since: string;
  grants: Grant[];
  actions: Action[];
  reason: 'inactive' | 'never_active' | 'unused' | 'never_used' | 'never_opened';
}
