// How roles, scopes, actions and events are said to people.
import type { Action, GrantExpression, Resource, ResourceType } from 'rolecall';

import type { CatalogRole, Provision, Scope } from './api/types';

const KINDS: Record<string, [one: string, many: string]> = {
  workspace: ['workspace', 'workspaces'],
  source: ['source', 'sources'],
  destination: ['destination', 'destinations'],
  tracking_plan: ['tracking plan', 'tracking plans'],
  space: ['space', 'spaces'],
  warehouse: ['warehouse', 'warehouses'],
  function: ['function', 'functions'],
  audience: ['audience', 'audiences'],
  computed_trait: ['computed trait', 'computed traits'],
  journey: ['journey', 'journeys'],
};

export const RESOURCE_TYPES: ResourceType[] = ['source', 'destination', 'tracking_plan', 'space', 'warehouse', 'function'];

export const kindOf = (type: string): string => KINDS[type]?.[0] ?? type;
export const kindsOf = (type: string): string => KINDS[type]?.[1] ?? type;
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Names of resources by their reference. */
export type Names = ReadonlyMap<string, string>;

/** `source/website` as "source Website"; `source/*` as "all sources". */
export function resourceWords(resource: string, names?: Names): string {
  if (resource === 'workspace') return 'the workspace';
  const [type = '', id = ''] = resource.split('/', 2);
  return id === '*' ? `all ${kindsOf(type)}` : `${kindOf(type)} ${names?.get(resource) ?? id}`;
}

export const labelWords = (labels: Record<string, string>): string =>
  Object.entries(labels).map(([key, value]) => `${key}:${value}`).join(' and ');

/** The kind that a role is about, by its scopes. */
export const mainKind = (role: CatalogRole | undefined): string => role?.scopes.find((scope) => scope !== 'workspace' && scope !== 'labels') ?? 'workspace';

/** Where a grant holds, in words. */
export function scopeWords(scope: Scope, role: CatalogRole | undefined, names?: Names): string {
  if (scope.kind === 'resource') return resourceWords(scope.resource, names);
  if (scope.kind === 'labels') return `${role?.level === 'modifier' ? 'what is' : kindsOf(mainKind(role))} labelled ${labelWords(scope.labels)}`;
  if (role?.level === 'modifier') return 'everything they can view';
  return role?.level === 'resource' ? `all ${kindsOf(mainKind(role))}` : 'the workspace';
}

/** An expression taken apart, for its words alone: what it means the package decides. */
export function readExpression(expression: GrantExpression): { role: string; scope: Scope } {
  const at = expression.indexOf('@');
  if (at < 0) return { role: expression, scope: { kind: 'workspace' } };
  const [role, scope] = [expression.slice(0, at), expression.slice(at + 1)];
  if (!scope.startsWith('{')) return { role, scope: { kind: 'resource', resource: scope as Resource } };
  const labels = scope.slice(1, -1).split(',').map((pair) => pair.split(':', 2) as [string, string]);
  return { role, scope: { kind: 'labels', labels: Object.fromEntries(labels) } };
}

export const roleName = (role: string, roles: CatalogRole[] | undefined): string =>
  roles?.find((one) => one.role === role)?.name ?? capital(role.replaceAll('_', ' '));

/** `source_admin@source/website` as "Source Admin on source Website". */
export function grantWords(expression: GrantExpression, roles: CatalogRole[] | undefined, names?: Names): string {
  const { role, scope } = readExpression(expression);
  const found = roles?.find((one) => one.role === role);
  const words = scopeWords(scope, found, names);
  return words === 'the workspace' ? roleName(role, roles) : `${roleName(role, roles)} on ${words}`;
}

const PLAIN: Partial<Record<Action, string>> = {
  'workspace:view': 'Open the workspace',
  'workspace:edit': 'Change workspace settings',
  'workspace:delete': 'Delete the workspace',
  'billing:manage': 'Manage billing',
  'member:view': 'See members and their access',
  'member:invite': 'Invite team members',
  'member:edit': 'Change access of members',
  'member:remove': 'Remove members',
  'group:manage': 'Manage groups',
  'label:manage': 'Manage labels',
  'sso:manage': 'Manage single sign-on',
  'scim:manage': 'Manage SCIM provisioning',
  'token:manage': 'Manage API tokens',
  'audit:view': 'See the audit trail',
  'identity:view': 'See identity resolution',
  'identity:edit': 'Change identity resolution',
  'privacy:manage': 'Manage end-user privacy',
  'entity:view': 'See entities',
  'entity:edit': 'Change entities',
  'pii:view': 'See personal data (PII)',
};

/** `source:edit` as "Edit sources". */
export function actionWords(action: Action): string {
  const [type = '', verb = ''] = action.split(':', 2);
  return PLAIN[action] ?? `${capital(verb)} ${kindsOf(type)}`;
}

/** Actions together: "View, edit and delete sources". */
export function actionsWords(actions: readonly Action[]): string {
  const byType = Map.groupBy(actions.filter((action) => PLAIN[action] === undefined), (action) => action.split(':')[0] ?? '');
  const grouped = [...byType].map(([type, all]) => `${capital(listWords(all.map((action) => action.split(':')[1] ?? '')))} ${kindsOf(type)}`);
  return [...actions.filter((action) => PLAIN[action] !== undefined).map(actionWords), ...grouped].join('; ');
}

/** "a, b and c". */
export function listWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

export const count = (number: number, one: string, many = `${one}s`): string => `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

export const PROVISIONED: Record<Provision, string> = {
  bootstrap: 'Created the workspace',
  invite: 'Invite',
  jit: 'Single sign-on',
  scim: 'SCIM',
  domain: 'E-mail domain',
};

const SHORT: Record<string, string> = { sso: 'SSO', scim: 'SCIM' };

/** `member.grants_changed` as "Member: grants changed". */
export function eventWords(type: string): string {
  const [subject = '', deed = ''] = type.split('.', 2);
  return `${SHORT[subject] ?? capital(subject)} ${deed.replaceAll('_', ' ')}`;
}

export const EVENT_TYPES = [
  'workspace.created', 'workspace.updated', 'member.joined', 'member.updated', 'member.removed', 'member.grants_changed',
  'group.created', 'group.updated', 'group.deleted', 'group.grants_changed', 'group.members_changed',
  'invite.sent', 'invite.resent', 'invite.updated', 'invite.canceled', 'invite.accepted', 'invite.expired', 'invite.reminded', 'invite.superseded',
  'resource.created', 'resource.updated', 'resource.deleted', 'label.created', 'label.deleted', 'token.created', 'token.deleted',
  'sso.connection_created', 'sso.connection_updated', 'sso.connection_deleted', 'sso.signed_in', 'sso.refused', 'sso.bypassed',
  'domain.added', 'domain.updated', 'domain.verified', 'domain.deleted', 'join.requested', 'join.approved', 'join.denied',
];

/** What a plan has to have for a role. */
export const NEEDS: Record<string, string> = { business: 'the Business plan', protocols: 'the Protocols add-on', engage: 'the Engage add-on' };
