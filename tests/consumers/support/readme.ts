// The examples of the package's README as modules that a compiler reads.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './installed.ts';

/** What a reader has by the time of an example, from one before it or from their own application. */
const GIVEN: Record<string, string> = {
  ws: 'Workspace',
  ann: 'Member',
  snapshot: 'object',
  changes: 'Change[]',
  file: 'File',
  url: 'string',
  headers: 'Record<string, string>',
  ids: 'string[]',
  answer: 'Response',
  show: '(...all: unknown[]) => void',
};

/** Each block of TypeScript, with an import of what it uses and doesn't import, and with what the reader has. */
export function examples(): string[] {
  const text = readFileSync(join(ROOT, 'pkg/README.md'), 'utf8');
  const types = readFileSync(join(ROOT, 'pkg/index.d.ts'), 'utf8');
  const exported = [...types.matchAll(/^export (?:declare )?(?:class|function|interface|type) (\w+)/gm)].map(([, name]) => name!);
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => {
    const has = (name: string) => [
      `import (?:type )?\\{[^}]*\\b${name}\\b`, `(?:const|let|using) ${name}\\b`, `(?:const|let) \\{[^=}]*\\b${name}\\b(?!\\s*:)`,
    ].some((pattern) => new RegExp(pattern).test(code!));
    const given = Object.entries(GIVEN).filter(([name]) => !has(name)).map(([name, type]) => `declare const ${name}: ${type};`);
    return `import { ${exported.filter((name) => !has(name)).join(', ')} } from 'rolecall';\n${given.join('\n')}\n${code}`;
  });
}
