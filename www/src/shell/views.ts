// The views of a workspace: where each lies, what it is called and which right opens it. Menu, palette and routes read this.
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

import { client } from '../api/client';
import { membersQuery } from '../api/queries';
import type { Action } from '../api/types';
import * as icons from '../ui/icons';
import { askedOf, filtersOf } from '../views/members/filters';

export interface ViewProps {
  ws: string;
  /** What the address names inside the view. */
  id?: string;
  tab?: string;
}

export interface View {
  path: string;
  name: string;
  section: 'Access' | 'Structure' | 'Workspace';
  /** Without it everybody in the workspace may open the view. */
  needs?: Action;
  icon: ComponentType<{ className?: string }>;
  /** Fetches the view's code. */
  loads: Loads;
  view: LazyExoticComponent<ComponentType<ViewProps>>;
}

type Loads = () => Promise<{ View: ComponentType<ViewProps> }>;
const load = (loads: Loads) => ({ loads, view: lazy(() => loads().then((module) => ({ default: module.View }))) });

export const VIEWS: View[] = [
  { path: 'members', name: 'Members', section: 'Access', needs: 'member:view', icon: icons.UsersIcon, ...load(() => import('../views/members/view')) },
  { path: 'invites', name: 'Invites', section: 'Access', needs: 'member:view', icon: icons.EnvelopeSimpleIcon, ...load(() => import('../views/invites/view')) },
  { path: 'groups', name: 'Groups', section: 'Access', needs: 'member:view', icon: icons.UsersThreeIcon, ...load(() => import('../views/groups/view')) },
  { path: 'explorer', name: 'Explorer', section: 'Access', needs: 'member:view', icon: icons.CompassIcon, ...load(() => import('../views/explorer/view')) },
  { path: 'stale', name: 'Stale access', section: 'Access', needs: 'member:view', icon: icons.HourglassIcon, ...load(() => import('../views/stale/view')) },
  { path: 'me', name: 'My access', section: 'Access', icon: icons.CheckCircleIcon, ...load(() => import('../views/me/view')) },
  { path: 'roles', name: 'Roles', section: 'Structure', icon: icons.ShieldCheckIcon, ...load(() => import('../views/roles/view')) },
  { path: 'resources', name: 'Resources', section: 'Structure', icon: icons.DatabaseIcon, ...load(() => import('../views/resources/view')) },
  { path: 'labels', name: 'Labels', section: 'Structure', icon: icons.TagIcon, ...load(() => import('../views/labels/view')) },
  { path: 'tokens', name: 'Tokens', section: 'Workspace', needs: 'token:manage', icon: icons.KeyIcon, ...load(() => import('../views/tokens/view')) },
  { path: 'audit', name: 'Audit trail', section: 'Workspace', needs: 'audit:view', icon: icons.ClockCounterClockwiseIcon, ...load(() => import('../views/audit/view')) },
  { path: 'sso', name: 'Single sign-on', section: 'Workspace', needs: 'sso:manage', icon: icons.PlugsConnectedIcon, ...load(() => import('../views/sso/view')) },
  { path: 'domains', name: 'Domains', section: 'Workspace', needs: 'sso:manage', icon: icons.GlobeIcon, ...load(() => import('../views/domains/view')) },
  { path: 'scim', name: 'SCIM', section: 'Workspace', needs: 'scim:manage', icon: icons.ArrowsLeftRightIcon, ...load(() => import('../views/scim/view')) },
  { path: 'settings', name: 'Settings and seats', section: 'Workspace', icon: icons.GearSixIcon, ...load(() => import('../views/settings/view')) },
];

/** Views that are reached from others. */
export const INNER: Omit<View, 'icon' | 'section'>[] = [
  { path: 'invite', name: 'Invite Team Member', needs: 'member:invite', ...load(() => import('../views/invite/view')) },
  { path: 'import', name: 'Import CSV', needs: 'member:invite', ...load(() => import('../views/import/view')) },
];

export const mayOpen = (view: { needs?: Action }, actions: readonly Action[]): boolean => view.needs === undefined || actions.includes(view.needs);

/** Fetches what the view of an address needs while the server is still asked who is there. */
export function preload({ pathname, search }: Pick<Location, 'pathname' | 'search'>): void {
  const [, , ws = '', path = 'members'] = pathname.split('/');
  void [...VIEWS, ...INNER].find((view) => view.path === path)?.loads().catch(() => undefined);
  if (path === 'members') void client.prefetchInfiniteQuery(membersQuery(ws, askedOf(filtersOf(search))));
}
