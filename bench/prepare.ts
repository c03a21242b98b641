// Writes a workload of so many members into a folder: the snapshot, the catalog, the questions with the naive model's answers.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from 'rolecall';
import type { RoleRow } from './engine.ts';
import { workload } from './workload.ts';

const [, , size, folder] = process.argv as [string, string, string, string];
const roles = catalog() as unknown as RoleRow[];
const { snapshot, questions, allowed } = workload(Number(size), roles);
writeFileSync(join(folder, 'snapshot.json'), JSON.stringify(snapshot));
writeFileSync(join(folder, 'catalog.json'), JSON.stringify(roles));
writeFileSync(join(folder, 'questions.json'), JSON.stringify({ questions, allowed }));
const first = allowed.indexOf(1);
const question = [questions.members[first], questions.actions[first], questions.resources[first] ?? ''];
console.log(JSON.stringify({ questions: allowed.length, allowed: allowed.filter((one) => one === 1).length, question }));
