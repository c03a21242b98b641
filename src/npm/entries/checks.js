// Classes that check. Texts become numbers here, once for each text, so that a check crosses into wasm with numbers and
// nothing else. `rolecall/decide` shows them as they are; `workspace.js` adds the rest.
import { Core, actions as joined, can as ask, fault as lastFault, isQuestion } from './rolecall.js';

// What a check answers beside 0 and 1: the action isn't asked of that kind; the number belongs to another snapshot.
const MISMATCH = 2;

export const actions = () => joined().trim().split(' ');

// Objects without a prototype, not Maps: the engine keeps one copy of each key and compares pointers, where a Map compares texts.
const noNumbers = () => Object.create(null);

let numbersOfActions;
function learnActions() {
  numbersOfActions ??= Object.assign(noNumbers(), Object.fromEntries(actions().map((name, number) => [name, number])));
}

/** What is kept under a text. A number or an object would be found by its text. */
const kept = (numbers, text) => (typeof text === 'string' ? numbers[text] : undefined);

function failure(code, message) {
  return Object.assign(new Error(message), { code });
}

/** The error of the last call that had no answer. */
function fault() {
  const said = lastFault();
  const end = said.indexOf(' ');
  return failure(said.slice(0, end), said.slice(end + 1));
}

function text(value, name) {
  if (typeof value !== 'string') throw failure('invalid_type', `\`${name}\` is a text`);
  return value;
}

/** A resource, or nothing for the workspace. */
const named = (resource) => (resource === undefined || resource === null ? undefined : text(resource, 'resource'));

/** Throws what is wrong with a question; nothing when it can be asked. */
function refuse(action, resource) {
  if (!isQuestion(text(action, 'action'), named(resource))) throw fault();
}

/**
 * The snapshot that a workspace and its members look at, and the numbers of the texts that were asked about. It is given back
 * when the last of them is.
 */
class View {
  members = noNumbers();
  places = noNumbers();
  version = 0;
  users = 1;

  constructor(core) {
    this.show(core);
  }

  show(core) {
    this.core = core;
    this.slot = core.slot;
    this.forget();
    this.whole = core.place();
    this.version += 1;
  }

  forget() {
    this.members = noNumbers();
    this.places = noNumbers();
    this.room = 2 * this.core.size + 256;
  }

  /** What is asked of may be anything, and addresses may be written in any case: when there are too many texts, all are forgotten. */
  keep(numbers, text, number) {
    if (this.room === 0) this.forget();
    else numbers[text] = number;
    this.room -= 1;
    return number;
  }

  member(key) {
    return kept(this.members, key) ?? this.keep(this.members, key, this.core.member(text(key, 'member').toLowerCase()));
  }

  place(resource) {
    const known = kept(this.places, resource);
    if (known !== undefined) return known;
    if (resource === undefined || resource === null) return this.whole;
    const number = this.core.place(named(resource));
    if (number === undefined) throw fault();
    return this.keep(this.places, resource, number);
  }

  can(member, action, resource) {
    const number = kept(numbersOfActions, action);
    if (number === undefined) refuse(action, resource);
    const answer = ask(this.slot, member, number, this.place(resource));
    if (answer > 1) refuse(action, resource);
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
  members: noNumbers(),
  places: noNumbers(),
});

export function actionHandle(action) {
  learnActions();
  const number = kept(numbersOfActions, action);
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
  static name = 'Workspace';
  #view;

  static {
    lookAt.workspace = (workspace) => workspace.#view;
  }

  constructor(core) {
    if (!(core instanceof Core)) throw failure('invalid_type', 'a workspace is made by Workspace.load');
    learnActions();
    this.#view = new View(core);
  }

  /** The first half of the bytes goes into wasm, and how long it is they say in their fourth word. */
  static open(snapshot) {
    const bytes = snapshot instanceof Uint8Array ? snapshot : new Uint8Array(snapshot instanceof ArrayBuffer ? snapshot : 0);
    const half = (bytes[12] | (bytes[13] << 8) | (bytes[14] << 16) | (bytes[15] << 24)) >>> 0;
    const core = Core.load(bytes.subarray(0, Math.max(16, half)), bytes.length);
    if (core === undefined) throw fault();
    core.given = bytes;
    return core;
  }

  static load(snapshot) {
    return new this(this.open(snapshot));
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
    const [view, next] = [this.#view, this.constructor.open(snapshot)];
    const isSame = next.equals(view.core);
    const old = isSame ? next : view.core;
    if (!isSame) view.show(next);
    old.free();
    return !isSame;
  }

  toBytes() {
    return this.#view.core.given.slice();
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
  static name = 'Member';
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
