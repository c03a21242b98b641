// What every consumer does with the package: loads a snapshot, asks, has it explained, and previews a change; and asks the
// smaller entry, which is given the bytes.
import { init, Workspace } from 'rolecall';
import * as small from 'rolecall/decide';

export async function program({ snapshot, member }, source, smallSource) {
  await Promise.all([init(source), small.init(smallSource)]);
  const ws = Workspace.load(snapshot);
  const decision = ws.explain('a@example.com', 'source:edit', 'source/web');
  const { problems, changes } = ws.preview([{ grant: 'source_admin@source/ios', to: member }]);
  return {
    version: ws.version,
    can: [ws.can('c@example.com', 'billing:manage'), ws.can(member, 'source:view', 'source/ios')],
    many: [...ws.canMany('c@example.com', ['source:view', 'source:edit'], 'source/web')],
    because: decision.because.map(({ grant }) => grant),
    missing: ws.explain(member, 'source:edit', 'source/ios').missing,
    problems: problems.length,
    gained: changes.gained.map(({ resource, actions }) => `${actions.join(' ')} on ${resource}`),
    bytes: Workspace.load(ws.toBytes()).version,
    small: small.Workspace.load(ws.toBytes()).can('c@example.com', 'billing:manage'),
  };
}
