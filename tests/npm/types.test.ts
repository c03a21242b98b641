// The types: the unions are the catalog, and what is mistyped doesn't compile.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Workspace, actions, catalog, parseInvites, type Action, type Change, type GrantExpression } from 'rolecall';

const types = readFileSync('pkg/index.d.ts', 'utf8');

/** The texts of a union in the types. */
function union(name: string): string[] {
  const body = types.split(`export type ${name} =`)[1]!.split(';')[0]!;
  return [...body.matchAll(/'([^']+)'/g)].map((found) => found[1]!).sort();
}

test('the unions are those of the catalog', () => {
  assert.deepEqual(union('Role'), catalog().map((one) => one.role).sort());
  assert.deepEqual(union('Action'), [...actions()].sort());
  const kinds = catalog().flatMap((one) => one.scopes).filter((scope) => scope !== 'workspace' && scope !== 'labels');
  assert.deepEqual(union('ResourceType'), [...new Set(kinds)].sort());
});

/** Never run: `tsc` fails where one of these lines compiles. */
export function mistyped(workspace: Workspace) {
  workspace.can('acc_1', 'source:edit', 'source/abc');
  // @ts-expect-error a mistyped action
  workspace.can('acc_1', 'source:eddit', 'source/abc');
  // @ts-expect-error a mistyped action of a handle
  workspace.member('acc_1').can('sauce:edit');
  // @ts-expect-error a mistyped kind of resource
  workspace.can('acc_1', 'source:edit', 'sauce/abc');
  // @ts-expect-error a mistyped kind of resource in a list
  workspace.member('acc_1').list('source:edit', 'sauce');
  // @ts-expect-error a mistyped role
  workspace.preview([{ grant: 'sauce_admin', to: 'acc_1' }]);
  // @ts-expect-error a change that lacks its receiver
  workspace.preview([{ grant: 'source_admin' }]);
  // @ts-expect-error a workspace is loaded, not made
  new Workspace();
  // @ts-expect-error a mistyped option
  parseInvites('', { snapshots: {} });
  // @ts-expect-error a mistyped outcome
  return parseInvites('').rows.filter((row) => row.outcome === 'ok');
}

export const action: Action = 'source:edit';
export const grants: GrantExpression[] = ['source_admin', 'source_admin@source/abc', 'source_admin@{environment:prod}'];
export const changes: Change[] = [{ set_plan: 'business', add_ons: ['engage'] }, { set_labels: { team: 'web' }, resource: 'source/abc' }];
