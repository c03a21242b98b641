// Workspaces of any size, written straight into the database: members with grants, groups, invites and labels.
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { Tenant, type Worker } from './worker.ts';

const DIGITS = 'abcdefghijklmnopqrstuvwxyz234567';
const AT = 1_767_225_600_000;

/** Four bytes as seven digits of base 32. */
function checksum(text: string): string {
  const bits = crc32(text).toString(2).padStart(32, '0').padEnd(35, '0');
  return (bits.match(/.{5}/g) ?? []).map((five) => DIGITS[Number.parseInt(five, 2)]).join('');
}

/** An id of this kind: the crowd's number, then that of the thing. */
function id(prefix: string, crowd: number, index: number): string {
  return `${prefix}_${String(crowd).padStart(5, '0')}${String(index).padStart(20, '0')}0`;
}

const GROUPS = 5;

export class Crowd {
  size: number;
  #number: number;

  constructor(number: number, size: number) {
    this.#number = number;
    this.size = size;
  }

  get workspace(): string {
    return id('ws', this.#number, 0);
  }

  member(index: number): string {
    return id('acc', this.#number, index);
  }

  email(index: number): string {
    return `p${String(index).padStart(7, '0')}@crowd-${this.#number}.example`;
  }

  get #secret(): string {
    const body = String(this.#number).padStart(32, '0');
    return `rcl_tok_${body}${checksum(body)}`;
  }

  tenant(worker: Worker): Tenant {
    return new Tenant(worker, this.workspace, this.member(1), this.#secret);
  }

  /** Writes the workspace: each member holds one to four grants, alike at both ends of it, and is in one of five groups. */
  write(database: DatabaseSync): void {
    const ws = this.workspace;
    const run = (sql: string, ...values: (string | number)[]) => void database.prepare(sql).run(...values);
    run(`INSERT INTO workspaces (id, slug, name, plan, protocols, engage, created_at) VALUES (?, ?, 'Crowd', 'business', 1, 1, ?)`, ws, `crowd-${this.#number}`, AT);
    this.#resources(run);
    for (let group = 0; group < GROUPS; group += 1) {
      run('INSERT INTO groups (workspace_id, id, name, created_at) VALUES (?, ?, ?, ?)', ws, id('grp', this.#number, group), `Group ${group}`, AT);
    }
    this.#people(database);
    const grant = (holder: string, index: number, expr: string) => {
      const [role, scope] = expr.split('@');
      run('INSERT INTO grants (workspace_id, holder, id, role, scope, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ws, holder, id('gnt', this.#number, index), role, scope === undefined ? '' : `@${scope}`, AT, this.member(1));
    };
    ['source_admin@source/s1', 'source_read_only', 'function_read_only', 'source_admin@{team:a}', 'pii_access'].forEach((expr, group) =>
      grant(id('grp', this.#number, group), 9_000_000 + group, expr));
    grant(this.member(1), 8_000_000, 'workspace_owner');
    const hash = createHash('sha256').update(this.#secret).digest('hex');
    run(`INSERT INTO tokens (workspace_id, id, account_id, name, secret_hash, created_by, created_at) VALUES (?, ?, ?, 'owner', ?, ?, ?)`,
      ws, id('tok', this.#number, 0), this.member(1), hash, this.member(1), AT);
  }

  #resources(run: (sql: string, ...values: (string | number)[]) => void): void {
    const ws = this.workspace;
    run(`INSERT INTO labels (workspace_id, key, value, created_at) VALUES (?, 'team', 'a', ?)`, ws, AT);
    for (let index = 1; index <= 20; index += 1) {
      const labels = index % 2 === 1 ? '{"team":"a"}' : '{}';
      run(`INSERT INTO resources (workspace_id, kind, id, name, labels, created_by, created_at, updated_at) VALUES (?, 'source', ?, 'Source', ?, ?, ?, ?)`,
        ws, `s${index}`, labels, this.member(1), AT, AT);
      if (index % 2 === 1) run(`INSERT INTO resource_labels (workspace_id, key, value, kind, id) VALUES (?, 'team', 'a', 'source', ?)`, ws, `s${index}`);
    }
  }

  /** The members and a tenth as many pending invites, each statement over all of them. */
  #people(database: DatabaseSync): void {
    const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${this.size})`;
    const made = (prefix: string, index = 'i') => `printf('${prefix}_%05d%020d0', ${this.#number}, ${index})`;
    const ws = `'${this.workspace}'`;
    const email = `printf('p%07d@crowd-%d.example', i, ${this.#number})`;
    const grants = (offset: number, role: string, scope: string, holder: string, only: string) => database.exec(
      `INSERT INTO grants (workspace_id, holder, id, role, scope, created_at, created_by)
       ${numbers} SELECT ${ws}, ${made(holder)}, ${made('gnt', `i + ${offset}`)}, '${role}', '${scope}', ${AT}, ${made('acc', '1')} FROM n WHERE ${only}`);
    database.exec(`INSERT INTO accounts (id, email, name, created_at) ${numbers} SELECT ${made('acc')}, ${email}, 'Person', ${AT} FROM n`);
    database.exec(`INSERT INTO members (workspace_id, account_id, email, name, name_key, provisioned_by, joined_at)
      ${numbers} SELECT ${ws}, ${made('acc')}, ${email}, 'Person', 'person', 'invite', ${AT} + i FROM n`);
    database.exec(`INSERT INTO group_members (workspace_id, group_id, holder, created_at)
      ${numbers} SELECT ${ws}, ${made('grp', `i % ${GROUPS}`)}, ${made('acc')}, ${AT} FROM n`);
    grants(0, 'workspace_member', '', 'acc', 'true');
    grants(1_000_000, 'source_read_only', '', 'acc', 'i % 2 = 1');
    grants(2_000_000, 'source_admin', '@source/s1', 'acc', 'i % 10 = 0');
    grants(3_000_000, 'source_read_only', '@{team:a}', 'acc', 'i % 4 = 0');
    grants(4_000_000, 'pii_access', '@source/s1', 'acc', 'i % 5 = 0');
    database.exec(`INSERT INTO invites (workspace_id, id, email, status, secret_hash, invited_by, created_at, sent_at, expires_at)
      ${numbers} SELECT ${ws}, ${made('inv')}, 'invited-' || ${email}, 'pending', printf('%d-%d', ${this.#number}, i), ${made('acc', '1')}, ${AT}, ${AT}, ${AT} + 4000000000000
      FROM n WHERE i % 10 = 0`);
    grants(5_000_000, 'source_admin', '', 'inv', 'i % 10 = 0');
  }
}
