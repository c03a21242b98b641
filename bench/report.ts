// The tables: what was measured beside its target, the engines beside each other, and on what it ran.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { ENGINES } from './engines/all.ts';
import type { Result } from './measure.ts';
import { COLD_MS, DOWNLOAD_KB, TARGETS, type Target } from './targets.ts';

export type Sample = { what: string; place: string; size: number; result: Result };
export type Cold = { wall: number; cpu: number };
export type Measured = {
  sizes: number[];
  rounds: number;
  engines: string[];
  places: string[];
  samples: Sample[];
  /** By entry, as the downloads. */
  starts: Record<string, Cold[]>;
  sizesOfDownloads: Record<string, number>;
  chromium: string | undefined;
};

/** Which download an engine is; what is written by hand has none. */
const DOWNLOADS: Record<string, string> = {
  handles: 'rolecall', texts: 'rolecall', many: 'rolecall', casl: 'casl', 'casl-types': 'casl', 'casl-request': 'casl', 'better-auth': 'better-auth', casbin: 'casbin', cedar: 'cedar',
};

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A number with three digits or so. */
function short(number: number): string {
  const digits = Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : Math.abs(number) >= 1 ? 2 : 3;
  return number.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Rows as a table that reads well as text and as Markdown. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

class Figures {
  #measured: Measured;
  #place: string;

  constructor(measured: Measured, place: string) {
    this.#measured = measured;
    this.#place = place;
  }

  /** The median of the rounds; nothing where it wasn't measured. */
  of(what: string, figure: string, size: number): number | undefined {
    const found = this.#measured.samples.filter((one) => one.what === what && one.place === this.#place && one.size === size);
    return found.length === 0 ? undefined : median(found.map(({ result }) => result[figure]!));
  }

  /** What a target is about, in its unit. */
  value({ what, figure, against }: Target, size: number): number | undefined {
    const own = this.of(what, figure, size);
    if (own === undefined) return undefined;
    if (figure === 'memory') return own / 1e6;
    const other = against === undefined ? own : this.of(against, figure, size);
    return against === undefined ? own : other === undefined ? undefined : other / own;
  }
}

function cell(figures: Figures, target: Target, size: number): string {
  const [value, limit] = [figures.value(target, size), target.limits[size]];
  if (value === undefined) return '–';
  const unit = target.against === undefined ? '' : '×';
  if (limit === undefined) return `${short(value)}${unit}`;
  const isMet = target.against === undefined ? value <= limit : value >= limit;
  return `${short(value)}${unit} (${target.against === undefined ? '≤' : '≥'} ${limit}${unit}${isMet ? '' : ', MISSED'})`;
}

const titles = (sizes: number[]) => sizes.map((size) => `${size.toLocaleString('en')} members`);

function targets(measured: Measured, figures: Figures): string {
  return table(['target in brackets', ...titles(measured.sizes)], TARGETS.map((one) => [one.title, ...measured.sizes.map((size) => cell(figures, one, size))]));
}

/** Engines beside each other: the figure, and how many times that of Rolecall with all strings. */
function peers(measured: Measured, figures: Figures): string {
  const { engines, sizes, sizesOfDownloads } = measured;
  const times = (name: string, size: number) => {
    const [own, its] = [figures.of('texts', 'ns', size), figures.of(name, 'ns', size)];
    if (its === undefined) return '–';
    return own === undefined ? short(its) : `${short(its)} (${short(its / own)}×)`;
  };
  const each = (name: string, figure: string, scale: number) =>
    sizes.map((size) => figures.of(name, figure, size)).map((one) => (one === undefined ? '–' : one < scale ? '< 1' : short(one / scale))).join(' / ');
  const rows = engines.map((name) => {
    const download = DOWNLOADS[name] === undefined ? '–' : short(sizesOfDownloads[DOWNLOADS[name]]! / 1000);
    return [ENGINES[name]!.title, ...sizes.map((size) => times(name, size)), each(name, 'setup', 1), each(name, 'memory', 1e6), download];
  });
  return table(['ns a check (× rolecall, all strings)', ...titles(sizes), 'set-up, ms', 'memory, MB', 'brotli, KB'], rows);
}

/** What doesn't hang on the number of members, a line for each entry. */
function single({ starts, sizesOfDownloads }: Measured): string {
  const told = (value: number, limit: number, unit: string) => `${short(value)} ${unit} (≤ ${limit}${value <= limit ? '' : ', MISSED'})`;
  return Object.entries(DOWNLOAD_KB).map(([entry, limit]) => {
    const all = starts[entry]!;
    const [wall, cpu] = [median(all.map((one) => one.wall)), median(all.map((one) => one.cpu))];
    return [
      `\`${entry}\`: download, brotli, ${told(sizesOfDownloads[entry]! / 1000, limit, 'KB')};`,
      `cold start in Node, import to first check, ${told(cpu, COLD_MS, 'ms')} of CPU, ${short(wall)} ms by the clock, median of ${all.length}`,
    ].join(' ');
  }).join('\n');
}

/** How far the rounds of one figure lie apart: the median over all timed engines, and the worst. */
function spread({ samples }: Measured): string {
  const groups = Map.groupBy(samples.filter(({ result }) => result['ns'] !== undefined), ({ what, place, size }) => `${what} ${place} ${size}`);
  const apart = [...groups.values()].map((group) => group.map(({ result }) => result['ns']!)).map((all) => (Math.max(...all) - Math.min(...all)) / median(all));
  const percent = (part: number) => `${Math.round(part * 100)}%`;
  return apart.length === 0 ? '' : `Slowest and fastest round of a figure lie ${percent(median(apart))} apart (median), at worst ${percent(Math.max(...apart))}.`;
}

const version = (path: string) => (JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string }).version;

function machine({ chromium, rounds }: Measured): string {
  const [{ model, speed }, commit] = [cpus()[0]!, execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()];
  const names = ['@casl/ability', 'better-auth', 'casbin', '@cedar-policy/cedar-wasm'];
  return [
    `${new Date().toISOString().slice(0, 10)}, commit ${commit}. ${cpus().length} × ${model.trim()}${speed > 0 ? ` at ${speed} MHz` : ''}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}; load ${loadavg()[0]!.toFixed(1)} at the end.`,
    `Node ${process.versions.node} (V8 ${process.versions.v8}), CPU time${chromium === undefined ? '' : `; Chromium ${chromium}, wall time`}; medians of ${rounds} round${rounds === 1 ? '' : 's'}.`,
    `${names.map((name) => `${name} ${version(`node_modules/${name}/package.json`)}`).join(', ')}, rolecall ${version('../pkg/package.json')}.`,
  ].join('\n');
}

export function report(measured: Measured): string {
  const places = measured.places.flatMap((place) => {
    const figures = new Figures(measured, place);
    return [`## ${place === 'node' ? 'Node' : 'Chromium'}`, targets(measured, figures), peers(measured, figures)];
  });
  return ['', machine(measured), spread(measured), single(measured), ...places].filter((part, index) => index === 0 || part !== '').join('\n\n');
}
