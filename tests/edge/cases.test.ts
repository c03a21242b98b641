// tests/cases over HTTP: each file becomes a workspace on the real Worker, each case one explained check.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { BOOTSTRAP, Worker, type Json, type Tenant } from './support/worker.ts';

const FOLDER = 'tests/cases';
const NOBODY = 'acc_00000000000000000000000000';

let worker: Worker;
before(async () => void (worker = await Worker.start()));
after(() => worker.stop());

/** The workspace of a file, and its members' ids by the names that the cases use. */
async function build(file: Json): Promise<{ tenant: Tenant; ids: Record<string, string> }> {
  const granted = file.granted_under ?? file.workspace;
  const tenant = await worker.tenant(`case-${file.topic}`, granted);
  // Parents first: a destination needs its source.
  for (const { ref, labels, parent } of [...file.resources].sort((a, b) => Number(a.parent !== null) - Number(b.parent !== null))) {
    const made = await tenant.call('PUT', `/resources/${ref}`, { name: ref, labels, ...(parent === null ? {} : { parent }) });
    assert.equal(made.status, 201, JSON.stringify(made.body));
  }
  const ids: Record<string, string> = {};
  for (const [name, grants] of Object.entries(file.members as Record<string, string[]>)) {
    ids[name] = (await tenant.member(`${name}@example.com`, grants)).id;
  }
  for (const { name, grants, members } of file.groups) {
    const group = await tenant.call('POST', '/groups', { name, grants });
    assert.equal(group.status, 201, JSON.stringify(group.body));
    const joined = await tenant.call('POST', `/groups/${group.body.id}/members`, { members: members.map((one: string) => ids[one]) });
    assert.equal(joined.status, 200, JSON.stringify(joined.body));
  }
  const billed = await worker.call('PATCH', `/v1/workspaces/${tenant.id}`, BOOTSTRAP, file.workspace);
  assert.equal(billed.status, 200, JSON.stringify(billed.body));
  return { tenant, ids };
}

/** A reason in the words of a case. Reasons of one request have no order among themselves. */
function told(reasons: Json[]): string[] {
  const words = ({ id, via, ...rest }: Json) => ({ ...rest, via: via.group === undefined ? via : { group: via.group.name ?? via.group } });
  const ordered = (one: Json) => JSON.stringify(Object.fromEntries(Object.entries(words(one)).sort()));
  return reasons.map(ordered).sort();
}

for (const name of readdirSync(FOLDER)) {
  const file = JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'));
  test(`${file.topic}: ${file.cases.length} cases over HTTP`, async () => {
    const { tenant, ids } = await build(file);
    for (const { name: title, member, action, resource, error, ...wanted } of file.cases) {
      const body = { member: ids[member] ?? NOBODY, action, ...(resource === null || resource === undefined ? {} : { resource }) };
      const answer = await tenant.call('POST', '/check', body);
      if (error !== undefined) {
        assert.deepEqual([answer.status, answer.body.errors?.[0]?.code], [422, error], title);
        continue;
      }
      assert.equal(answer.status, 200, `${title}: ${JSON.stringify(answer.body)}`);
      const { because, dormant, missing, allowed, reason = null } = answer.body;
      assert.equal(allowed, wanted.allowed, title);
      if (wanted.because !== undefined) assert.deepEqual(told(because), told(wanted.because), title);
      if (wanted.dormant !== undefined) assert.deepEqual(told(dormant), told(wanted.dormant), title);
      if (wanted.missing !== undefined) assert.deepEqual(missing, wanted.missing, title);
      if (wanted.reason !== undefined) assert.equal(reason, wanted.reason, title);
    }
  });
}
