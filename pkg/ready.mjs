// Runs before `npm publish`: builds what is published, and refuses what would be published wrongly. Not published itself.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
execFileSync(new URL('../scripts/build-npm', import.meta.url).pathname, { stdio: 'inherit' });

const { version, repository } = JSON.parse(read('package.json'));
const crate = /^version = "(.*)"$/m.exec(read('../Cargo.toml'))?.[1];
const faults = [
  ...(version === crate ? [] : [`version ${version} here is ${crate} in Cargo.toml`]),
  ...(repository === undefined ? ['`repository` is missing: npm refuses provenance without the address that the build came from'] : []),
];
for (const fault of faults) console.error(`error: ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);
