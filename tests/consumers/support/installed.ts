// The package as its users get it: packed, and installed from the tarball into a folder of its own.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, file, files } from '../../npm/support/snapshot.ts';

export const ROOT = new URL('../../..', import.meta.url).pathname;
const HERE = new URL('..', import.meta.url).pathname;
const MOST_MS = 120_000;
const exec = promisify(execFile);

/** Runs a command in a folder; what it prints when it succeeds, an error that tells all when it doesn't. */
export async function run(folder: string, command: string, ...args: string[]): Promise<string> {
  // What a tool writes beside its work stays in the folder too.
  const env = { ...process.env, CI: '1', NO_COLOR: '1', HOME: folder };
  try {
    return (await exec(command, args, { cwd: folder, env, timeout: MOST_MS })).stdout;
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout ?? ''}${stderr ?? message}`);
  }
}

/** A tool of the root or of this folder. */
export const tool = (name: string, from: 'root' | 'here' = 'here'): string => join(from === 'root' ? ROOT : HERE, 'node_modules/.bin', name);

/** Packs pkg/ into a folder: the tarball, and the names of what is in it. */
export async function pack(folder: string): Promise<{ tarball: string; names: string[] }> {
  const [{ filename, files: packed }] = JSON.parse(await run(folder, 'npm', 'pack', join(ROOT, 'pkg'), '--json', '--pack-destination', folder));
  return { tarball: join(folder, filename), names: packed.map((one: { path: string }) => one.path).sort() };
}

/** A snapshot to load: that of the cases of groups. `d` holds `workspace_member` alone. */
export const { snapshot, ids } = build(file('groups'));

export class Consumer {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** A new folder with the package in it, the programs beside it, and a snapshot. */
  static async install(): Promise<Consumer> {
    const consumer = new Consumer(mkdtempSync(join(tmpdir(), 'rolecall-consumer-')));
    const { folder } = consumer;
    try {
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
      const { tarball } = await pack(folder);
      await run(folder, 'npm', 'install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', tarball);
      rmSync(tarball);
      cpSync(join(HERE, 'programs'), folder, { recursive: true });
      mkdirSync(join(folder, 'public'));
      writeFileSync(join(folder, 'public/data.json'), JSON.stringify({ snapshot, member: ids['d'] }));
      return consumer;
    } catch (error) {
      consumer.remove();
      throw error;
    }
  }

  /** Lends a folder the runner of the cases and the cases, as one file of data. */
  withCases(): void {
    cpSync(join(ROOT, 'tests/npm/support'), join(this.folder, 'support'), { recursive: true });
    writeFileSync(join(this.folder, 'cases.json'), JSON.stringify(files));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
