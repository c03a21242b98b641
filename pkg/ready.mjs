// Runs before `npm publish`: builds what is published, and refuses what npm would refuse later. Not published itself.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

execFileSync(new URL('../scripts/build-npm', import.meta.url).pathname, { stdio: 'inherit' });

const { repository } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
if (repository === undefined) {
  console.error('error: name the `repository` in pkg/package.json: provenance says from which one the package was built');
  process.exit(1);
}
