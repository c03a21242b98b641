// The bench: writes the workloads, measures each engine in a process of its own, round by round, and prints the tables.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Chromium } from './chromium.ts';
import { downloads } from './downloads.ts';
import { ENGINES } from './engines/all.ts';
import type { Result, Task } from './measure.ts';
import { options, type Options } from './options.ts';
import { report, type Cold, type Sample } from './report.ts';
import { DOWNLOAD_KB } from './targets.ts';

const HERE = new URL('.', import.meta.url).pathname;
const FLAGS = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=8192'];
const OWN = ['load-json', 'load-binary', 'preview'];
const MOST_MS = 600_000;
const run = promisify(execFile);

const say = (text: string) => process.stderr.write(`${text}\n`);

/** Writes what a measurement reads; gives the folder and a question to start with. In processes of their own: reading JSON
 * into wasm takes many times as long where a heap full of objects is collected again and again. */
async function prepare(folder: string, size: number): Promise<string[]> {
  const place = join(folder, String(size));
  mkdirSync(place);
  const { stdout } = await run(process.execPath, [...FLAGS, join(HERE, 'prepare.ts'), String(size), place], { timeout: MOST_MS });
  await run(process.execPath, [join(HERE, 'compact.mjs'), place], { timeout: MOST_MS });
  const { questions, allowed, question } = JSON.parse(stdout) as { questions: number; allowed: number; question: string[] };
  say(`${size} members: ${questions} questions, ${allowed} allowed`);
  return [place, ...question];
}

/** A measurement in a Node process of its own. */
async function inNode(task: Task): Promise<Result> {
  const { stdout } = await run(process.execPath, ['--expose-gc', ...FLAGS, join(HERE, 'node.ts'), JSON.stringify(task)], { timeout: MOST_MS, maxBuffer: 1 << 24 })
    .catch((error: Error & { stderr: string }) => { throw new Error(error.stderr || error.message); });
  return JSON.parse(stdout) as Result;
}

async function rounds({ sizes, rounds: count, engines, places }: Options, folder: string, chromium: Chromium | undefined): Promise<Sample[]> {
  const samples: Sample[] = [];
  const limits = new Map(await Promise.all(engines.map(async (name) => [name, (await ENGINES[name]!.load()).most] as const)));
  for (let round = 1; round <= count; round += 1) {
    for (const size of sizes) {
      for (const what of [...engines.filter((name) => size <= (limits.get(name) ?? Infinity)), ...OWN]) {
        for (const place of places) {
          say(`round ${round}, ${size} members, ${place}: ${ENGINES[what]?.title ?? what}`);
          const result = await (place === 'node' ? inNode({ what, folder: join(folder, String(size)) }) : chromium!.run({ what, folder: String(size) }))
            .catch((error: Error) => { throw new Error(`${ENGINES[what]?.title ?? what} in ${place} with ${size} members: ${error.message}`); });
          samples.push({ what, place, size, result });
        }
      }
    }
  }
  return samples;
}

/** Cold starts of each entry in plain Node, in turn. */
async function cold({ rounds: count }: Options, [place, ...question]: string[]): Promise<Record<string, Cold[]>> {
  const starts: Record<string, Cold[]> = {};
  for (let turn = 0; turn < count * 4; turn += 1) {
    for (const entry of Object.keys(DOWNLOAD_KB)) {
      const { stdout } = await run(process.execPath, [join(HERE, 'cold.mjs'), entry, join(place!, 'snapshot.bin'), ...question], { timeout: MOST_MS });
      (starts[entry] ??= []).push(JSON.parse(stdout) as Cold);
    }
  }
  return starts;
}

async function main(): Promise<void> {
  const chosen = options(process.argv.slice(2));
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-bench-'));
  let chromium: Chromium | undefined;
  try {
    const prepared: string[][] = [];
    for (const size of chosen.sizes) prepared.push(await prepare(folder, size));
    if (chosen.places.includes('chromium')) chromium = await Chromium.start(folder, process.env['CHROMIUM'] ?? '/usr/bin/chromium');
    const starts = await cold(chosen, prepared[0]!);
    const samples = await rounds(chosen, folder, chromium);
    console.log(report({ ...chosen, samples, starts, sizesOfDownloads: await downloads(), chromium: chromium?.version }));
  } catch (error) {
    say(`\nerror: ${(error as Error).message}\nThe bench stops: nothing is told of engines that don't agree.`);
    process.exitCode = 1;
  } finally {
    chromium?.stop();
    rmSync(folder, { recursive: true });
  }
}

await main();
