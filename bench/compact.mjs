// Writes the compact bytes of a folder's snapshot beside its JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workspace } from 'rolecall';

const [, , folder] = process.argv;
writeFileSync(join(folder, 'snapshot.bin'), Workspace.load(readFileSync(join(folder, 'snapshot.json'))).toBytes());
