// What can be asked of a target: the package knows which action goes with which kind of thing.
import type { Action, Resource, ResourceType } from 'rolecall';

import { targetOf, type Checks } from '../engine';

/** Actions that make sense on a target; about nobody, since only the question is of interest. */
export function actionsOn({ actions, workspace }: Checks, resource: string): Action[] {
  return actions().filter((action) => {
    try {
      workspace.can('acc_nobody', action, targetOf(resource));
      return true;
    } catch {
      return false;
    }
  });
}

/** What is asked of single things of a kind: making one is asked of the workspace. */
export const actionsOnOne = (checks: Checks, type: ResourceType): Action[] => actionsOn(checks, `${type}/*`).filter((action) => action !== `${type}:create`);

export const typeOf = (resource: string): ResourceType => resource.slice(0, resource.indexOf('/')) as ResourceType;

export interface Reached {
  resource: Resource;
  actions: Action[];
}

/** Which of the resources of a kind a member reaches, and with which actions. */
export function reachOf(checks: Checks, member: string, type: ResourceType, resources: readonly Resource[]): Reached[] {
  if (resources.length === 0) return [];
  const actions = actionsOnOne(checks, type);
  const answers = actions.map((action) => checks.workspace.canMany(member, action, resources));
  const rows = resources.map((resource, index) => ({ resource, actions: actions.filter((_, nth) => answers[nth]![index] === 1) }));
  return rows.filter((row) => row.actions.length > 0);
}
