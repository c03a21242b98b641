// The classes of the package. Texts become numbers here, once for each text, so that a check crosses into wasm with three
// numbers and nothing else.
import { Core, actions as namesOfActions } from './rolecall.js';

// What a check answers beside 0 and 1: the action isn't asked of that kind; the number belongs to another snapshot.
const MISMATCH = 2;

let numberOfAction = new Map();
function learnActions() {
  if (numberOfAction.size === 0) numberOfAction = new Map(namesOfActions().map((name, number) => [name, number]));
}

function failure(code, message) {
  return Object.assign(new Error(message), { code });
}

/** The numbers of the texts that were asked about, for a workspace and its members. */
class Names {
  members = new Map();
  places = new Map();
  generation = 0;

  constructor(core) {
    this.learn(core);
  }

  learn(core) {
    this.members.clear();
    this.places.clear();
    this.whole = core.place();
    // Addresses may be written in any case: without a limit the texts that name one member have no end.
    this.limit = 2 * core.size + 64;
    this.generation += 1;
  }

  member(core, key) {
    const known = this.members.get(key);
    if (known !== undefined) return known;
    const number = core.member(key);
    if (number >= 0 && this.members.size < this.limit) this.members.set(key, number);
    return number;
  }

  place(core, resource) {
    const known = this.places.get(resource);
    if (known !== undefined) return known;
    if (resource === undefined || resource === null) return this.whole;
    const number = core.place(resource);
    if (number >= 0 && this.places.size < this.limit) this.places.set(resource, number);
    return number;
  }
}

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

export class Workspace {
  #core;
  #names;

  constructor(core) {
    if (!(core instanceof Core)) throw failure('invalid_type', 'a workspace is made by Workspace.load');
    learnActions();
    this.#core = core;
    this.#names = new Names(core);
  }

  static load(snapshot) {
    return new Workspace(Core.load(snapshot));
  }

  get version() {
    return this.#core.version;
  }

  can(member, action, resource) {
    const core = this.#core;
    const number = numberOfAction.get(action);
    if (number === undefined) core.refuse(action, resource);
    const answer = core.can(this.#names.member(core, member), number, this.#names.place(core, resource));
    if (answer > 1) core.refuse(action, resource);
    return answer === 1;
  }

  canByHandle(member, action, resource) {
    const answer = this.#core.can(member, action, resource);
    return answer > 1 ? answered(answer) : answer === 1;
  }

  canMany(members, actions, resources) {
    const [core, names] = [this.#core, this.#names];
    const lists = [
      numbers(members, (member) => names.member(core, member)),
      numbers(actions, actionHandle),
      numbers(resources, (resource) => names.place(core, resource)),
    ];
    const length = Math.max(...lists.map((list) => list.length));
    if (lists.some((list) => list.length !== length && list.length !== 1)) {
      throw failure('invalid_length', 'the lists are equally long, or hold one value that stands for each');
    }
    const answers = core.canMany(...lists);
    const odd = answers.findIndex((answer) => answer > 1);
    if (odd >= 0) answered(answers[odd]);
    return answers;
  }

  memberHandle(member) {
    return this.#names.member(this.#core, member);
  }

  resourceHandle(resource) {
    return this.#names.place(this.#core, resource);
  }

  member(member) {
    return new Member(this.#core.share(), this.#names, member);
  }

  explain(member, action, resource) {
    return this.#core.explain(member, action, resource);
  }

  members(action, resource) {
    return this.#core.members(action, resource);
  }

  preview(changes) {
    return this.#core.preview(changes);
  }

  apply(changes) {
    return new Workspace(this.#core.apply(changes));
  }

  update(snapshot) {
    const hasMoved = this.#core.update(snapshot);
    if (hasMoved) this.#names.learn(this.#core);
    return hasMoved;
  }

  toBytes() {
    return this.#core.bytes();
  }

  free() {
    this.#core.free();
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.free();
  }
}

export class Member {
  #core;
  #names;
  #key;
  #number;
  #generation;

  constructor(core, names, key) {
    if (!(core instanceof Core)) throw failure('invalid_type', 'a member is found by a workspace');
    this.#core = core;
    this.#names = names;
    this.#key = key;
    this.#find();
  }

  #find() {
    this.#number = this.#names.member(this.#core, this.#key);
    this.#generation = this.#names.generation;
  }

  can(action, resource) {
    const core = this.#core;
    if (this.#generation !== this.#names.generation) this.#find();
    const number = numberOfAction.get(action);
    if (number === undefined) core.refuse(action, resource);
    const answer = core.can(this.#number, number, this.#names.place(core, resource));
    if (answer > 1) core.refuse(action, resource);
    return answer === 1;
  }

  explain(action, resource) {
    return this.#core.explain(this.#key, action, resource);
  }

  list(action, type) {
    return this.#core.list(this.#key, action, type);
  }

  free() {
    this.#core.free();
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.free();
  }
}
