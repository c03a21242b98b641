// The types of the installed package under `tsc --strict`: the README's examples compile, a mistyped action doesn't.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Consumer, run, tool } from './support/installed.ts';
import { examples } from './support/readme.ts';

let consumer: Consumer;
before(async () => void (consumer = await Consumer.install()));
after(() => consumer.remove());

/** Compiles these modules as an application that resolves packages in this way. */
async function compile(modules: string[], resolution: 'nodenext' | 'bundler'): Promise<string> {
  const folder = join(consumer.folder, 'src');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  modules.forEach((code, index) => writeFileSync(join(folder, `example-${index + 1}.ts`), code));
  const lib = ['es2024', 'esnext.disposable', 'dom', 'dom.iterable'];
  const module = resolution === 'bundler' ? 'esnext' : 'nodenext';
  const compilerOptions = { strict: true, noEmit: true, target: 'es2022', lib, module, moduleResolution: resolution, types: [] };
  writeFileSync(join(consumer.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  return run(consumer.folder, tool('tsc', 'root'), '-p', '.');
}

const HEAD = `import { Workspace } from 'rolecall';\nconst ws = Workspace.load({});\n`;

test('the examples of the README compile', async () => {
  const all = examples();
  assert.ok(all.length >= 3);
  for (const resolution of ['nodenext', 'bundler'] as const) await compile(all, resolution);
});

test('what is mistyped does not compile, and the compiler says what was meant', async () => {
  for (const [wrong, right, said] of [
    [`ws.can('a', 'source:eddit', 'source/x');`, `ws.can('a', 'source:edit', 'source/x');`, /'"source:eddit"' is not assignable.*Action/],
    [`ws.can('a', 'source:edit', 'sauce/x');`, `ws.can('a', 'source:edit', 'source/x');`, /"sauce\/x"/],
    [`ws.preview([{ grant: 'source_amin', to: 'a' }]);`, `ws.preview([{ grant: 'source_admin', to: 'a' }]);`, /source_amin/],
  ] as const) {
    await compile([HEAD + right], 'nodenext');
    await assert.rejects(compile([HEAD + wrong], 'nodenext'), ({ message }: Error) => said.test(message) || assert.fail(message));
  }
});
