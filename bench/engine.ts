// What an engine is to the bench: built of a workspace once, then asked all questions in a loop.

/** One grant of a snapshot; the bench reads no more of it. */
export type Given = { expression: string };

/** The parts of a snapshot that an engine is built of. */
export type Snapshot = {
  workspace: { plan: string; add_ons: string[] };
  resources: { resource: string; labels: Record<string, string>; parent: string | null }[];
  groups: { id: string; grants: Given[] }[];
  members: { id: string; grants: Given[]; groups: string[] }[];
};

/** A role of the catalog: what it allows, and what the workspace must have for it. */
export type RoleRow = { role: string; level: string; plan: string; actions: string[] };

/** What an engine is built of. */
export type Input = { snapshot: Snapshot; catalog: RoleRow[]; bytes: Uint8Array };

/** Questions, one in each place; a resource may be one, every one of a kind (`source/*`), or none: the workspace. */
export type Questions = { members: string[]; actions: string[]; resources: (string | null)[] };

/** Answers the questions before `end` into `out`: 1 for allowed. */
export type Ask = (end: number, out: Uint8Array) => void;

/** An engine with a workspace in it. It makes ready for questions whatever its caller would hold on to. */
export type Built = (questions: Questions) => Ask;

/** One kind of machine: how it reads the wasm that an engine brings along. */
export type Machine = { wasm(engine: string): Promise<Uint8Array<ArrayBuffer>> };

export type Engine = {
  /** The most members that it is built of: beyond, it takes more memory than a page may have. */
  most?: number;
  /** How many of the questions are timed, where all would take too long; all are compared. */
  timed?: number;
  /** Loads its code and makes it ready; not part of the set-up time. */
  start(machine: Machine): Promise<(input: Input) => Built | Promise<Built>>;
};

/** The loop over questions that are asked by their texts. */
export function byTexts({ members, actions, resources }: Questions, can: (member: string, action: string, resource: string | null) => boolean): Ask {
  return (end, out) => {
    for (let index = 0; index < end; index += 1) out[index] = can(members[index]!, actions[index]!, resources[index]!) ? 1 : 0;
  };
}
