// The package, asked in each of its ways: by texts, by numeric handles, and many questions in one call.
import type * as Package from 'rolecall';
import { byTexts, type Built, type Engine, type Machine, type Questions } from '../engine.ts';

type Action = Package.Action;
type Resource = Package.Resource;

/** The package, ready. */
export async function load(machine: Machine): Promise<typeof Package> {
  const module = await import('rolecall');
  await module.init(await machine.wasm('rolecall'));
  return module;
}

function engine(build: (module: typeof Package, workspace: Package.Workspace) => Built): Engine {
  return {
    async start(machine) {
      const module = await load(machine);
      return ({ bytes }) => build(module, module.Workspace.load(bytes));
    },
  };
}

export const texts = engine((_, workspace) => (questions) =>
  byTexts(questions, (member, action, resource) => workspace.can(member, action as Action, resource as Resource)));

/** Questions as numbers, as a caller holds them who asks again and again. */
function handles({ actionHandle }: typeof Package, workspace: Package.Workspace, { members, actions, resources }: Questions) {
  return {
    members: Int32Array.from(members, (one) => workspace.memberHandle(one)),
    actions: Int32Array.from(actions, (one) => actionHandle(one as Action)),
    resources: Int32Array.from(resources, (one) => workspace.resourceHandle(one as Resource)),
  };
}

export const numbers = engine((module, workspace) => (questions) => {
  const { members, actions, resources } = handles(module, workspace, questions);
  return (end, out) => {
    for (let index = 0; index < end; index += 1) {
      const member = members[index] as Package.MemberHandle;
      const action = actions[index] as Package.ActionHandle;
      out[index] = workspace.canByHandle(member, action, resources[index] as Package.ResourceHandle) ? 1 : 0;
    }
  };
});

export const many = engine((module, workspace) => (questions) => {
  const { members, actions, resources } = handles(module, workspace, questions);
  return (end, out) => out.set(workspace.canMany(members.subarray(0, end), actions.subarray(0, end), resources.subarray(0, end)));
});
