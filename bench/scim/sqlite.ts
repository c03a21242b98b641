// A durable store in a file of SQLite, tuned by hand: indexes answer `userName eq` and a page, and of a group only the difference is
// written.
import { DatabaseSync } from 'node:sqlite';
import type { People, User } from './people.ts';
import { META, storedUser, type Store, type StoredGroup, type StoredUser, type Wanted } from './store.ts';

type Row = { document: string };
type GroupRow = { id: string; displayName: string; members: string };

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE users (id TEXT PRIMARY KEY, user_name TEXT NOT NULL UNIQUE, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE groups (id TEXT PRIMARY KEY, display_name TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE group_members (group_id TEXT, user_id TEXT, PRIMARY KEY (group_id, user_id)) STRICT, WITHOUT ROWID;`;
const GROUPS = `SELECT id, display_name AS displayName,
  (SELECT json_group_array(user_id) FROM group_members WHERE group_id = groups.id) AS members FROM groups`;

/** The userName that a filter asks for, when it asks for nothing else. */
function userName(filter: NonNullable<Wanted['filter']>): string | undefined {
  const [only, ...others] = filter.flatMap((part) => Object.entries(part)) as [string, unknown][];
  if (only?.[0].toLowerCase() !== 'username' || others.length > 0 || !Array.isArray(only[1])) return undefined;
  const [comparator, value] = only[1] as unknown[];
  return comparator === 'eq' && typeof value === 'string' ? value : undefined;
}

/** Whether scimmy leaves a list alone that is a page already: it takes one from within the first page for all that there is. */
const isPage = ({ startIndex = 1, count = 20 }: NonNullable<Wanted['constraints']>): boolean => startIndex === 1 || startIndex > count;

class Sqlite implements Store {
  #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  #users(sql: string, ...values: (string | number)[]): StoredUser[] {
    const rows = this.#database.prepare(`SELECT document FROM users ${sql}`).all(...values) as Row[];
    return rows.map(({ document }) => storedUser(JSON.parse(document) as User));
  }

  user(id: string): StoredUser | undefined {
    return this.#users('WHERE id = ?', id)[0];
  }

  users({ filter, constraints }: Wanted): StoredUser[] {
    if (filter !== undefined) {
      const name = userName(filter);
      return name === undefined ? filter.match(this.#users('ORDER BY id')) : this.#users('WHERE user_name = ?', name);
    }
    if (constraints === undefined || !isPage(constraints)) return this.#users('ORDER BY id');
    const { startIndex = 1, count = 20 } = constraints;
    constraints.totalResults = (this.#database.prepare('SELECT count(*) AS total FROM users').get() as { total: number }).total;
    return this.#users('ORDER BY id LIMIT ? OFFSET ?', count, startIndex - 1);
  }

  #groups(sql: string, ...values: string[]): StoredGroup[] {
    const rows = this.#database.prepare(`${GROUPS} ${sql}`).all(...values) as GroupRow[];
    return rows.map(({ members, ...group }) => ({ ...group, members: (JSON.parse(members) as string[]).map((value) => ({ value })), meta: META }));
  }

  group(id: string): StoredGroup | undefined {
    return this.#groups('WHERE id = ?', id)[0];
  }

  groups({ filter }: Wanted): StoredGroup[] {
    return filter === undefined ? this.#groups('ORDER BY id') : filter.match(this.#groups('ORDER BY id'));
  }

  putGroup({ id, displayName, members = [] }: StoredGroup): void {
    const run = (sql: string, ...values: string[]) => void this.#database.prepare(sql).run(...values);
    const ids = JSON.stringify(members.map(({ value }) => value));
    this.#database.exec('BEGIN');
    run('INSERT INTO groups VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name', id, displayName);
    run('DELETE FROM group_members WHERE group_id = ? AND user_id NOT IN (SELECT value FROM json_each(?))', id, ids);
    run('INSERT OR IGNORE INTO group_members SELECT ?, value FROM json_each(?)', id, ids);
    this.#database.exec('COMMIT');
  }
}

export function sqlite({ users, groups }: People, file: string): Store {
  const database = new DatabaseSync(file);
  database.exec(SCHEMA);
  database
    .prepare(`INSERT INTO users SELECT value ->> 'id', value ->> 'userName', value FROM json_each(?)`)
    .run(JSON.stringify(users));
  const store = new Sqlite(database);
  for (const { members, ...group } of groups) store.putGroup({ ...group, members: members.map((value) => ({ value })), meta: META });
  return store;
}
