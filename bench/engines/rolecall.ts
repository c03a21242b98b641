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

// TODAY: handles fall back.
function shim(module: any, workspace: any) {
  if (workspace.canByHandle !== undefined) return { module, workspace };
  const [m, a, r]: [any[], any[], any[]] = [[], [], []];
  const fake = {
    memberHandle: (x: any) => m.push(x) - 1, resourceHandle: (x: any) => r.push(x) - 1,
    canByHandle: (x: number, y: number, z: number) => workspace.can(m[x], a[y], r[z]),
    canMany: (x: any, y: any, z: any) => Uint8Array.from(x, (one: number, i: number) => workspace.can(m[one], a[y[i]], r[z[i]])),
  };
  return { module: { actionHandle: (x: any) => a.push(x) - 1 }, workspace: fake };
}

/** Questions as numbers, as a caller holds them who asks again and again. */
function handles(module: any, workspace: any, { members, actions, resources }: Questions) {
  return {
    members: Int32Array.from(members, (one) => workspace.memberHandle(one)),
    actions: Int32Array.from(actions, (one) => module.actionHandle(one)),
    resources: Int32Array.from(resources, (one) => workspace.resourceHandle(one)),
  };
}

export const numbers = engine((module0, workspace0: any) => (questions) => {
  const { module, workspace } = shim(module0, workspace0);
  const { members, actions, resources } = handles(module, workspace, questions);
  return (end, out) => {
    for (let index = 0; index < end; index += 1) {
      out[index] = workspace.canByHandle(members[index], actions[index], resources[index]) ? 1 : 0;
    }
  };
});

export const many = engine((module0, workspace0: any) => (questions) => {
  const { module, workspace } = shim(module0, workspace0);
  const { members, actions, resources } = handles(module, workspace, questions);
  return (end, out) => out.set(workspace.canMany(members.subarray(0, end), actions.subarray(0, end), resources.subarray(0, end)));
});
