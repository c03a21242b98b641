// Snapshots as `GET …/snapshot` answers them, made of the files in tests/cases.
import { readFileSync, readdirSync } from 'node:fs';
import type { Json } from './build.ts';

export { build, codeOf, id, type Json } from './build.ts';

const FOLDER = 'tests/cases';

export const files: Json[] = readdirSync(FOLDER).map((name) => JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8')));

export const file = (topic: string): Json => files.find((one) => one.topic === topic);
