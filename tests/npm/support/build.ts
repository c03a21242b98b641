// A snapshot as `GET …/snapshot` answers it, made of a file in tests/cases. Runs in Node, in a page and in a Worker.

// Cases and mutations are data of many shapes.
export type Json = any;

const AT = '2026-01-01T00:00:00Z';

/** An id with this prefix; the same number, the same id. */
export const id = (prefix: string, number: number) => `${prefix}_${String(number).padStart(25, '0')}0`;

/** The snapshot of a file, and its members' ids by the names that the cases use. */
export function build(file: Json): { snapshot: Json; ids: Record<string, string>; groups: Record<string, string> } {
  let grants = 0;
  const given = (list: string[]) =>
    list.map((expression) => ({ id: id('gnt', grants++), expression, created_at: AT, created_by: id('acc', 999) }));
  const names = Object.keys(file.members);
  const ids = Object.fromEntries(names.map((name, index) => [name, id('acc', index)]));
  const groups = Object.fromEntries(file.groups.map(({ name }: Json, index: number) => [name, id('grp', index)]));
  const joined = (name: string) => file.groups.filter((one: Json) => one.members.includes(name)).map((one: Json) => groups[one.name]);
  const labels = file.resources.flatMap((one: Json) => Object.entries(one.labels).map(([key, value]) => ({ key, value })));
  const snapshot = {
    version: 7,
    workspace: {
      id: id('ws', 1), slug: 'acme', name: 'Acme', add_ons: [], seat_limit: null, created_at: AT, ...file.workspace,
      settings: { invite_ttl_hours: 168, provisioned_grants: ['source_read_only'], require_sso: false, stale_after_days: 90 },
    },
    resources: file.resources.map(({ ref, labels, parent }: Json) => ({ resource: ref, labels, parent })),
    labels,
    groups: file.groups.map((one: Json) => ({ id: groups[one.name], name: one.name, grants: given(one.grants) })),
    members: names.map((name) => ({
      id: ids[name], email: `${name}@example.com`, name, grants: given(file.members[name]), groups: joined(name),
    })),
    invites: [{ email: 'ivy@example.com', grants: given(['workspace_member']), groups: [] }],
    seats: { active: names.length, pending: 1, limit: null },
  };
  return { snapshot, ids, groups };
}

/** The code of what a call throws, which has to be an `Error` and no panic; nothing when it doesn't throw. */
export function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'RuntimeError') throw error;
    return (error as Error & { code?: string }).code ?? `no code: ${error.message}`;
  }
}
