// What programs/program.js answers, wherever it runs.
import assert from 'node:assert/strict';
import { files } from '../../npm/support/snapshot.ts';

export const CASES = files.reduce((sum, file) => sum + file.cases.length, 0);

export function asEverywhere(result: unknown): void {
  assert.deepEqual(result, {
    version: 7,
    can: [true, false],
    many: [1, 1],
    because: ['source_admin@source/web'],
    missing: [['source_admin@source/ios'], ['source_admin@{environment:prod,product:truck}'], ['source_admin'], ['workspace_owner']],
    problems: 0,
    gained: ['source:view source:edit source:delete on source/ios'],
    bytes: 7,
    small: true,
  });
}
