// One measurement, in a process or a page that does nothing else: an engine on a workload, or the package's own rows.
import type { Engine, Input, Machine, Questions } from './engine.ts';
import { ENGINES } from './engines/all.ts';
import { load } from './engines/rolecall.ts';

/** What a place (Node, Chromium) lends to a measurement. */
export type Place = Machine & {
  /** Milliseconds of work so far: CPU time where the place tells it. */
  clock(): number;
  /** Bytes in use after a collection, wasm included. */
  memory(): Promise<number>;
  file(name: string): Promise<Uint8Array<ArrayBuffer>>;
};

export type Answers = { questions: Questions; allowed: number[] };

/** What is asked for: an engine's name, or one of the package's own rows. */
export type Task = { what: string; folder: string };

export type Result = Record<string, number>;

/** How long a timing lasts at least, and as long it is warmed up before, besides the pass that is compared. */
const LEAST_MS = 300;

/** An engine that decides otherwise than the naive model: nothing is timed then. */
export class Mismatch extends Error {}

const parse = <T>(bytes: Uint8Array): T => JSON.parse(new TextDecoder().decode(bytes)) as T;

function compare({ questions, allowed }: Answers, out: Uint8Array): void {
  const wrong = allowed.flatMap((wanted, index) => (out[index] === wanted ? [] : [index]));
  if (wrong.length === 0) return;
  const shown = wrong.slice(0, 5).map((index) => {
    const { members, actions, resources } = questions;
    return `  ${members[index]} ${actions[index]} ${resources[index] ?? 'workspace'}: said ${out[index] === 1}, right is ${allowed[index] === 1}`;
  });
  throw new Mismatch([`${wrong.length} of ${allowed.length} decisions differ`, ...shown].join('\n'));
}

/** Whole passes until the time is over; the milliseconds of one. */
function passes(run: () => void, clock: () => number): number {
  const from = clock();
  let [count, spent] = [0, 0];
  do {
    run();
    count += 1;
    spent = clock() - from;
  } while (spent < LEAST_MS);
  return spent / count;
}

async function build(engine: Engine, place: Place, needsObjects: boolean) {
  const create = await engine.start(place);
  const [catalog, bytes] = [parse<Input['catalog']>(await place.file('catalog.json')), await place.file('snapshot.bin')];
  // A peer is given objects that are read already: what that takes isn't its own.
  const snapshot = needsObjects ? parse<Input['snapshot']>(await place.file('snapshot.json')) : (undefined as never);
  const from = place.clock();
  const built = await create({ catalog, snapshot, bytes });
  return { built, setup: place.clock() - from };
}

async function engine(name: string, place: Place): Promise<Result> {
  const { load: fetch } = ENGINES[name]!;
  const one = await fetch();
  const answers = parse<Answers>(await place.file('questions.json'));
  const out = new Uint8Array(answers.allowed.length);
  const before = await place.memory();
  const { built, setup } = await build(one, place, !['handles', 'texts', 'many'].includes(name));
  const ask = built(answers.questions);
  ask(out.length, out);
  compare(answers, out);
  const count = Math.min(one.timed ?? out.length, out.length);
  passes(() => ask(count, out), place.clock);
  const ms = passes(() => ask(count, out), place.clock);
  return { ns: (ms * 1e6) / count, setup, memory: (await place.memory()) - before };
}

/** Loading: the first time, which a page waits for, and what it holds, beyond the bytes given; then again with the code warm. */
async function loading(file: string, isRepeated: boolean, place: Place): Promise<Result> {
  const module = await load(place);
  const bytes = await place.file(file);
  const before = await place.memory();
  const from = place.clock();
  let workspace = module.Workspace.load(bytes);
  const first = place.clock() - from;
  const memory = (await place.memory()) - before;
  if (!isRepeated) return { first, memory };
  const ms = passes(() => {
    workspace.free();
    workspace = module.Workspace.load(bytes);
  }, place.clock);
  return { first, ms, memory };
}

/** A preview of one grant that somebody is given, each time somebody else. */
async function preview(place: Place): Promise<Result> {
  const module = await load(place);
  const workspace = module.Workspace.load(await place.file('snapshot.bin'));
  const { members } = parse<Answers>(await place.file('questions.json')).questions;
  let turn = 0;
  const one = () => {
    turn += 1;
    const resource = `source/sou-${String(turn % 1_000).padStart(4, '0')}` as const;
    return workspace.preview([{ grant: `source_admin@${resource}`, to: members[turn % members.length]! }]);
  };
  const from = place.clock();
  if (one().version !== workspace.version) throw new Mismatch('the preview is of another version');
  const first = place.clock() - from;
  passes(one, place.clock);
  return { first, ms: passes(one, place.clock) };
}

export async function measure({ what }: Task, place: Place): Promise<Result> {
  if (what === 'load-json') return loading('snapshot.json', false, place);
  if (what === 'load-binary') return loading('snapshot.bin', true, place);
  if (what === 'preview') return preview(place);
  return engine(what, place);
}
