// From the import of the package to its first answer, in a process that has done nothing before. Takes a snapshot and the
// three parts of a question; prints the milliseconds of the clock and of the CPU.
import { readFileSync } from 'node:fs';

const [, , file, member, action, resource] = process.argv;
const bytes = readFileSync(file);
const [from, used] = [performance.now(), process.cpuUsage()];
const { Workspace } = await import('rolecall');
const allowed = Workspace.load(bytes).can(member, action, resource === '' ? null : resource);
const [wall, { user, system }] = [performance.now() - from, process.cpuUsage(used)];
console.log(JSON.stringify({ wall, cpu: (user + system) / 1000, allowed }));
