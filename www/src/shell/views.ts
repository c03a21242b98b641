// The views of a workspace: where each lies, what it is called and which right opens it. Menu, palette and routes read this.
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

import type { Action } from '../api/types';
import * as icons from '../ui/icons';

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
  view: LazyExoticComponent<ComponentType<ViewProps>>;
}

type Loads = () => Promise<{ View: ComponentType<ViewProps> }>;
const load = (loads: Loads) => lazy(() => loads().then((module) => ({ default: module.View })));

export const VIEWS: View[] = [
  { path: 'members', name: 'Members', section: 'Access', needs: 'member:view', icon: icons.UsersIcon, view: load(() => import('../views/members/view')) },
  { path: 'invites', name: 'Invites', section: 'Access', needs: 'member:view', icon: icons.EnvelopeSimpleIcon, view: load(() => import('../views/invites/view')) },
  { path: 'groups', name: 'Groups', section: 'Access', needs: 'member:view', icon: icons.UsersThreeIcon, view: load(() => import('../views/groups/view')) },
  { path: 'explorer', name: 'Explorer', section: 'Access', needs: 'member:view', icon: icons.CompassIcon, view: load(() => import('../views/explorer/view')) },
  { path: 'me', name: 'My access', section: 'Access', icon: icons.CheckCircleIcon, view: load(() => import('../views/me/view')) },
  { path: 'roles', name: 'Roles', section: 'Structure', icon: icons.ShieldCheckIcon, view: load(() => import('../views/roles/view')) },
  { path: 'resources', name: 'Resources', section: 'Structure', icon: icons.DatabaseIcon, view: load(() => import('../views/resources/view')) },
  { path: 'labels', name: 'Labels', section: 'Structure', icon: icons.TagIcon, view: load(() => import('../views/labels/view')) },
  { path: 'tokens', name: 'Tokens', section: 'Workspace', needs: 'token:manage', icon: icons.KeyIcon, view: load(() => import('../views/tokens/view')) },
  { path: 'audit', name: 'Audit trail', section: 'Workspace', needs: 'audit:view', icon: icons.ClockCounterClockwiseIcon, view: load(() => import('../views/audit/view')) },
  { path: 'sso', name: 'Single sign-on', section: 'Workspace', needs: 'sso:manage', icon: icons.PlugsConnectedIcon, view: load(() => import('../views/rooms/sso')) },
  { path: 'domains', name: 'Domains', section: 'Workspace', needs: 'sso:manage', icon: icons.GlobeIcon, view: load(() => import('../views/rooms/domains')) },
  { path: 'scim', name: 'SCIM', section: 'Workspace', needs: 'scim:manage', icon: icons.ArrowsLeftRightIcon, view: load(() => import('../views/rooms/scim')) },
  { path: 'settings', name: 'Settings and seats', section: 'Workspace', icon: icons.GearSixIcon, view: load(() => import('../views/settings/view')) },
];

/** Views that are reached from others. */
export const INNER: Omit<View, 'icon' | 'section'>[] = [
  { path: 'invite', name: 'Invite Team Member', needs: 'member:invite', view: load(() => import('../views/invite/view')) },
  { path: 'import', name: 'Import CSV', needs: 'member:invite', view: load(() => import('../views/import/view')) },
];

export const mayOpen = (view: { needs?: Action }, actions: readonly Action[]): boolean => view.needs === undefined || actions.includes(view.needs);
