// Holds the package against tests/cases: each file becomes a snapshot, each case one explanation. Nothing here needs Node:
// the same runs in a page and in a Worker, and what differs is a list of texts.
import type { Decision, ResourceType, Workspace as Loaded } from 'rolecall';
import { build, codeOf, id, type Json } from './build.ts';

/** What the cases need of the package, from whichever entry it came. */
export type Package = { Workspace: { load(snapshot: object): Loaded } };

/** A reason in the words of a case. Reasons have no order among themselves. */
function told(reasons: Json[]): string[] {
  const words = ({ id, via, ...rest }: Json) => ({ ...rest, via: via.group === undefined ? via : { group: via.group.name ?? via.group } });
  return reasons.map((one) => JSON.stringify(Object.fromEntries(Object.entries(words(one)).sort()))).sort();
}

/** Collects what isn't as it should be. */
class Differences {
  found: string[] = [];

  same(name: string, actual: unknown, wanted: unknown): void {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(wanted)];
    if (is !== should) this.found.push(`${name}: ${is}, not ${should}`);
  }

  reasons(name: string, actual: Json[], wanted: Json[] | undefined): void {
    if (wanted !== undefined) this.same(name, told(actual), told(wanted));
  }
}

function decision(differences: Differences, answer: Decision, { name, ...wanted }: Json): void {
  differences.same(name, answer.allowed, wanted.allowed);
  differences.reasons(`${name}: because`, answer.because, wanted.because);
  differences.reasons(`${name}: dormant`, answer.dormant, wanted.dormant);
  if (wanted.missing !== undefined) differences.same(`${name}: missing`, answer.missing, wanted.missing);
  if (wanted.reason !== undefined) differences.same(`${name}: reason`, answer.reason ?? null, wanted.reason);
}

function single(differences: Differences, workspace: Loaded, member: string, one: Json): void {
  const ask = () => workspace.explain(member, one.action, one.resource);
  if (one.error !== undefined) {
    differences.same(`${one.name}: error`, codeOf(ask), one.error);
    differences.same(`${one.name}: error of can`, codeOf(() => workspace.can(member, one.action, one.resource)), one.error);
    return;
  }
  decision(differences, ask(), one);
  differences.same(`${one.name}: can`, workspace.can(member, one.action, one.resource), one.allowed);
  const found = workspace.members(one.action, one.resource).find((row) => row.member.id === member);
  differences.same(`${one.name}: members`, found !== undefined, one.allowed);
  if (found !== undefined) differences.reasons(`${one.name}: members`, found.because, one.because);
}

/** Where the package decides otherwise than the cases of a file. */
export function inCases({ Workspace }: Package, file: Json): string[] {
  const { snapshot, ids } = build(file);
  const [workspace, differences] = [Workspace.load(snapshot), new Differences()];
  for (const one of file.cases) single(differences, workspace, ids[one.member] ?? id('acc', 500), one);
  return differences.found;
}

/** Where a list holds other resources than single checks allow. */
export function inLists({ Workspace }: Package, file: Json): string[] {
  const { snapshot, ids } = build(file);
  const [workspace, differences] = [Workspace.load(snapshot), new Differences()];
  for (const [name, member] of Object.entries(ids)) {
    const handle = workspace.member(member);
    for (const type of ['source', 'destination', 'space'] as ResourceType[]) {
      const action = `${type}:edit` as 'source:edit';
      const all: string[] = snapshot.resources.map((one: Json) => one.resource).filter((one: string) => one.startsWith(`${type}/`)).sort();
      const allowed = all.filter((one) => handle.can(action, one as 'source/abc'));
      differences.same(`${name} lists ${type}`, handle.list(action, type).map((row) => row.resource).sort(), allowed);
    }
  }
  return differences.found;
}

/** All files at once: how many cases there were, and what differs. */
export function inAll(rolecall: Package, files: Json[]): { cases: number; differences: string[] } {
  const differences = files.flatMap((file) => [...inCases(rolecall, file), ...inLists(rolecall, file)].map((one) => `${file.topic}: ${one}`));
  return { cases: files.reduce((sum, file) => sum + file.cases.length, 0), differences };
}
