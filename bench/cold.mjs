// From the import of an entry to its first answer, in a process that has done nothing before. Takes the entry, a snapshot and
// the three parts of a question; prints the milliseconds of the clock and of the CPU.
import { readFileSync } from 'node:fs';

const [, , entry, file, member, action, resource] = process.argv;
const bytes = readFileSync(file);
const [from, used] = [performance.now(), process.cpuUsage()];
const { Workspace } = await import(entry);
const allowed = Workspace.load(bytes).can(member, action, resource === '' ? null : resource);
const [wall, { user, system }] = [performance.now() - from, process.cpuUsage(used)];
console.log(JSON.stringify({ wall, cpu: (user + system) / 1000, allowed }));
