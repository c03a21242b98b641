// The users in Rolecall's database: members, with what an identity provider has said of each.
import type { DatabaseSync } from 'node:sqlite';
import { crowd, users } from './people.ts';

/** Writes a workspace for each size, in one transaction. */
export function seed(database: DatabaseSync, sizes: number[]): void {
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  const describe = database.prepare('UPDATE scim_users SET external_id = ?3, document = ?4 WHERE workspace_id = ?1 AND id = ?2');
  for (const size of sizes) {
    const of = crowd(size);
    of.write(database);
    for (const { id, ...document } of users(size)) describe.run(of.workspace, id, document.externalId, JSON.stringify(document));
  }
  database.exec('COMMIT');
}
