// Classes that check. Texts become numbers here, once for each text, so that a check crosses into wasm with numbers and
// nothing else. `rolecall/decide` shows them as they are; `workspace.js` adds the rest.
import { Core, actions as joined, can as ask } from './rolecall.js';

// What a check answers beside 0 and 1: the action isn't asked of that kind; the number belongs to another snapshot.
const MISMATCH = 2;

export const actions = () => joined().trim().split(' ');

let numberOfAction = new Map();
function learnActions() {
  if (numberOfAction.size === 0) numberOfAction = new Map(actions().map((name, number) => [name, number]));
}

function failure(code, message) {
  return Object.assign(new Error(message), { code });
}

/**
 * The snapshot that a workspace and its members look at, and the numbers of the texts that were asked about. It is given back
 * when the last of them is.
 */
class View {
  members = new Map();
  places = new Map();
  version = 0;
  users = 1;

  constructor(core) {
    this.show(core);
  }

  show(core) {
    this.core = core;
    this.slot = core.slot;
    this.members.clear();
    this.places.clear();
    this.whole = core.place();
    // Addresses may be written in any case: without a limit the texts that name one member have no end.
    this.limit = 2 * core.size + 64;
    this.version += 1;
  }

  member(key) {
    const known = this.members.get(key);
    if (known !== undefined) return known;
    const number = this.core.member(key);
    if (number >= 0 && this.members.size < this.limit) this.members.set(key, number);
    return number;
  }

  place(resource) {
    const known = this.places.get(resource);
    if (known !== undefined) return known;
    if (resource === undefined || resource === null) return this.whole;
    const number = this.core.place(resource);
    if (number >= 0 && this.places.size < this.limit) this.places.set(resource, number);
    return number;
  }

  can(member, action, resource) {
    const number = numberOfAction.get(action);
    if (number === undefined) this.core.refuse(action, resource);
    const answer = ask(this.slot, member, number, this.place(resource));
    if (answer > 1) this.core.refuse(action, resource);
    return answer === 1;
  }

  leave() {
    this.users -= 1;
    if (this.users === 0) this.core.free();
  }
}

// What is left of a workspace that was given back.
const GONE = Object.freeze({
  get core() {
    throw failure('disposed', 'this was given back by free() or `using`; load it again');
  },
  get slot() {
    return this.core;
  },
  member: View.prototype.member,
  place: View.prototype.place,
  can: View.prototype.can,
  members: new Map(),
  places: new Map(),
});

export function actionHandle(action) {
  learnActions();
  const number = numberOfAction.get(action);
  if (number === undefined) throw failure('unknown_action', `\`${String(action)}\` is not an action; actions() lists them`);
  return number;
}

function answered(answer) {
  if (answer <= 1) return answer === 1;
  throw answer === MISMATCH
    ? failure('action_resource_mismatch', 'this action is not asked of that kind of resource')
    : failure('stale_handle', 'a handle is good for the snapshot that gave it; ask for it again after update or apply');
}

/** A text's number, a number itself, or each of a list. */
function numbers(values, of) {
  if (values instanceof Int32Array) return values;
  const one = (value) => (typeof value === 'number' ? value : of(value));
  return Array.isArray(values) ? Int32Array.from(values, one) : Int32Array.of(one(values));
}

/** The lists, those with one value as long as the longest. */
function equallyLong(lists) {
  const length = Math.max(...lists.map((list) => list.length));
  return lists.map((list) => {
    if (list.length === length) return list;
    if (list.length === 1) return new Int32Array(length).fill(list[0]);
    throw failure('invalid_length', 'the lists are equally long, or hold one value that stands for each');
  });
}

/** The view of a workspace or a member, and whom a member stands for. */
export const lookAt = { workspace: undefined, member: undefined };

export class Workspace {
  #view;

  static {
    lookAt.workspace = (workspace) => workspace.#view;
  }

  constructor(core) {
    if (!(core instanceof Core)) throw failure('invalid_type', 'a workspace is made by Workspace.load');
    learnActions();
    this.#view = new View(core);
  }

  static load(snapshot) {
    return new this(Core.load(snapshot));
  }

  get version() {
    return this.#view.core.version;
  }

  can(member, action, resource) {
    const view = this.#view;
    return view.can(view.member(member), action, resource);
  }

  canByHandle(member, action, resource) {
    const answer = ask(this.#view.slot, member, action, resource);
    return answer > 1 ? answered(answer) : answer === 1;
  }

  canMany(members, actions, resources) {
    const view = this.#view;
    const lists = [
      numbers(members, (member) => view.member(member)),
      numbers(actions, actionHandle),
      numbers(resources, (resource) => view.place(resource)),
    ];
    const answers = view.core.canMany(...equallyLong(lists));
    // No `findIndex`: a call for each answer takes as long as the check itself.
    for (let nth = 0; nth < answers.length; nth += 1) if (answers[nth] > 1) answered(answers[nth]);
    return answers;
  }

  memberHandle(member) {
    return this.#view.member(member);
  }

  resourceHandle(resource) {
    return this.#view.place(resource);
  }

  member(member) {
    return new Member(this.#view, member);
  }

  update(snapshot) {
    const [view, next] = [this.#view, Core.load(snapshot)];
    const isSame = next.equals(view.core);
    const old = isSame ? next : view.core;
    if (!isSame) view.show(next);
    old.free();
    return !isSame;
  }

  toBytes() {
    return this.#view.core.bytes();
  }

  free() {
    if (this.#view === GONE) return;
    this.#view.leave();
    this.#view = GONE;
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.free();
  }
}

export class Member {
  #view;
  #key;
  #number;
  #version;

  static {
    lookAt.member = (member) => ({ core: member.#view.core, key: member.#key });
  }

  constructor(view, key) {
    if (!(view instanceof View)) throw failure('invalid_type', 'a member is found by a workspace');
    this.#number = view.member(key);
    this.#version = view.version;
    this.#key = key;
    this.#view = view;
    view.users += 1;
  }

  can(action, resource) {
    const view = this.#view;
    if (this.#version !== view.version) {
      this.#number = view.member(this.#key);
      this.#version = view.version;
    }
    return view.can(this.#number, action, resource);
  }

  free() {
    if (this.#view === GONE) return;
    this.#view.leave();
    this.#view = GONE;
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.free();
  }
}
