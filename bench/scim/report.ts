// The tables: the engines beside each other, and how each grows with the workspace.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { OURS, PEERS } from './engines.ts';
import { median, type Sample } from './measure.ts';

type Kind = 'clock' | 'cpu';
type Line = { row: string; size: number };

const TITLES = [OURS, ...Object.values(PEERS)];
const HERE = new URL('.', import.meta.url).pathname;

/** A number with three digits or so. */
function short(number: number): string {
  const digits = number >= 100 ? 0 : number >= 10 ? 1 : 2;
  return number.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Rows as a table that reads well as text and as Markdown. */
function table(head: string[], rows: string[][]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const pad = (cell: string, column: number) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0));
  const line = (cells: string[]) => `| ${cells.map(pad).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

class Figures {
  #samples: Sample[];

  constructor(samples: Sample[]) {
    this.#samples = samples;
  }

  /** The lines of a table: each row with each size, in the order of the rows. */
  lines(): Line[] {
    const names = [...new Set(this.#samples.map(({ row }) => row))];
    return names.flatMap((row) => {
      const sizes = new Set(this.#samples.filter((sample) => sample.row === row).map(({ size }) => size));
      return [...sizes].map((size) => ({ row, size }));
    });
  }

  #of(title: string, { row, size }: Line): Sample[] {
    return this.#samples.filter((sample) => sample.title === title && sample.row === row && sample.size === size);
  }

  value(kind: Kind, title: string, line: Line): number {
    return median(this.#of(title, line).map((sample) => sample[kind]));
  }

  /** How far the rounds of a figure lie apart, by its median. */
  spread(kind: Kind, title: string, line: Line): number {
    const values = this.#of(title, line).map((sample) => sample[kind]);
    return (Math.max(...values) - Math.min(...values)) / median(values);
  }

  touched(line: Line): string {
    return this.#of(OURS, line).at(-1)?.touched?.map(String).join(' / ') ?? '–';
  }
}

function beside(figures: Figures, kind: Kind, what: string): string {
  const rows = figures.lines().map((line) => {
    const ours = figures.value(kind, OURS, line);
    const cell = (title: string) => {
      const value = figures.value(kind, title, line);
      return title === OURS ? short(value) : `${short(value)} (${short(value / ours)}×)`;
    };
    return [line.row, line.size.toLocaleString('en'), ...TITLES.map(cell), ...(kind === 'cpu' ? [] : [figures.touched(line)])];
  });
  return table([what, 'users', ...TITLES, ...(kind === 'cpu' ? [] : ['rows read / written'])], rows);
}

/** How much more CPU time a row takes in the largest workspace, and the largest group, than in the smallest. */
function growth(figures: Figures): string {
  const byKind = Map.groupBy(figures.lines(), ({ row }) => row.split(',')[0] as string);
  const rows = [...byKind].map(([kind, lines]) => {
    const [first, last] = [lines[0] as Line, lines.at(-1) as Line];
    return [kind, ...TITLES.map((title) => `${short(figures.value('cpu', title, last) / figures.value('cpu', title, first))}×`)];
  });
  return table(['CPU time at the largest, against the smallest', ...TITLES], rows);
}

function version(file: string): string {
  const { name, version: number } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
  return `${name} ${number}`;
}

function ranOn(figures: Figures, rounds: number): string {
  const [processor] = cpus();
  const spreads = figures.lines().flatMap((line) => TITLES.map((title) => figures.spread('cpu', title, line)));
  const packages = ['wrangler', 'workerd'].map((name) => `${HERE}../../node_modules/${name}/package.json`);
  const peers = ['express', 'scimmy', 'scimmy-routers'].map((name) => `${HERE}node_modules/${name}/package.json`);
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: HERE, encoding: 'utf8' }).trim();
  return [
    `${cpus().length} × ${processor?.model.trim()}, ${Math.round(totalmem() / 1e9)} GB, Linux ${release()}, load ${short(loadavg()[0] ?? 0)} at the end; commit ${commit}.`,
    `Node ${process.version}, ${[...packages, ...peers].map(version).join(', ')}.`,
    `Medians of ${rounds} rounds; in CPU time rounds of a figure lie ${Math.round(median(spreads) * 100)}% apart (median), at worst ${Math.round(Math.max(...spreads) * 100)}%.`,
  ].join('\n');
}

export function report(samples: Sample[], rounds: number): string {
  const figures = new Figures(samples);
  return [ranOn(figures, rounds), beside(figures, 'clock', 'ms a request, by the clock'), beside(figures, 'cpu', 'ms a request, CPU time'), growth(figures)].join('\n\n');
}
