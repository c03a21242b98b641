// The users in Rolecall's database: members, with what an identity provider has said of each.
import type { DatabaseSync } from 'node:sqlite';
import { crowd, users } from './people.ts';

/** Writes a workspace for each size, in one transaction. */
export function seed(database: DatabaseSync, sizes: number[]): void {
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  for (const size of sizes) {
    const of = crowd(size);
    of.write(database);
    const described = users(size).map(({ id, ...document }) => ({ id, document }));
    database
      .prepare(
        `UPDATE scim_users SET document = s.document, external_id = s.document ->> 'externalId'
           FROM (SELECT value ->> 'id' AS id, value -> 'document' AS document FROM json_each(?2)) s
          WHERE workspace_id = ?1 AND scim_users.id = s.id`,
      )
      .run(of.workspace, JSON.stringify(described));
  }
  database.exec('COMMIT');
}
