// The classes of the whole package: those that check, with reasons, lists, previews and changes.
import { Member as Checks, Workspace as Checked, lookAt } from './checks.js';
import { Core } from './rolecall.js';

export { actionHandle, actions } from './checks.js';

const coreOf = (workspace) => lookAt.workspace(workspace).core;

export class Workspace extends Checked {
  static name = 'Workspace';

  static open(snapshot) {
    return Core.open(snapshot);
  }

  toBytes() {
    return coreOf(this).bytes();
  }

  member(member) {
    return new Member(lookAt.workspace(this), member);
  }

  explain(member, action, resource) {
    return coreOf(this).explain(member, action, resource);
  }

  members(action, resource) {
    return coreOf(this).members(action, resource);
  }

  preview(changes) {
    return coreOf(this).preview(changes);
  }

  apply(changes) {
    return new Workspace(coreOf(this).apply(changes));
  }
}

export class Member extends Checks {
  static name = 'Member';

  explain(action, resource) {
    const { core, key } = lookAt.member(this);
    return core.explain(key, action, resource);
  }

  list(action, type) {
    const { core, key } = lookAt.member(this);
    return core.list(key, action, type);
  }
}
