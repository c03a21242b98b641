// What the package has to reach, row by row: figures by the number of members.

export type Target = {
  title: string;
  /** The measurement that the figure comes from. */
  what: string;
  figure: 'ns' | 'ms' | 'first' | 'memory';
  /** Where it isn't the figure itself but how much larger that of this engine is. */
  against?: string;
  limits: Record<number, number>;
};

const by = (small: number, middle: number, large: number) => ({ 100: small, 10_000: middle, 100_000: large });

export const TARGETS: Target[] = [
  { title: 'numeric handles, ns a check', what: 'handles', figure: 'ns', limits: by(20, 25, 40) },
  { title: 'all strings, ns a check', what: 'texts', figure: 'ns', limits: by(75, 100, 220) },
  { title: '`canMany` by handles, ns a check', what: 'many', figure: 'ns', limits: by(20, 25, 35) },
  { title: 'typed arrays by hand take, against `canMany`', what: 'many', figure: 'ns', against: 'arrays', limits: {} },
  { title: 'the Map by hand takes, against all strings', what: 'texts', figure: 'ns', against: 'map', limits: { 100: 1 } },
  { title: 'CASL prebuilt takes, against all strings', what: 'texts', figure: 'ns', against: 'casl', limits: by(2, 17, 18) },
  { title: 'CASL prebuilt, type per resource, takes', what: 'texts', figure: 'ns', against: 'casl-types', limits: {} },
  { title: 'load a binary snapshot, first in the process, ms', what: 'load-binary', figure: 'first', limits: by(1, 3, 10) },
  { title: 'load a binary snapshot, code warm, ms', what: 'load-binary', figure: 'ms', limits: by(1, 3, 10) },
  { title: 'memory of it beyond the bytes given, MB', what: 'load-binary', figure: 'memory', limits: { 100_000: 16 } },
  { title: 'load the JSON, first in the process, ms', what: 'load-json', figure: 'first', limits: {} },
  { title: 'memory of it beyond the bytes given, MB', what: 'load-json', figure: 'memory', limits: {} },
  { title: '`preview` of one change, first in the process, ms', what: 'preview', figure: 'first', limits: {} },
  { title: '`preview` of one change, code warm, ms', what: 'preview', figure: 'ms', limits: by(0.1, 1, 10) },
];

/** Of all members alike, by entry: the download in KB, and the cold start in ms. */
export const DOWNLOAD_KB = { rolecall: 35, 'rolecall/decide': 20 };
export const COLD_MS = 4;
