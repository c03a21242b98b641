// CASL: an ability for each member, of rules with conditions. Labels and parents are fields of the resources, so that it
// needs no expansion; what is dormant is left out.
import type { MongoAbility, RawRuleOf } from '@casl/ability';
import { byTexts, type Engine, type Input } from '../engine.ts';
import { isTopLevelCreate, kindOf, pairs, askedOf, split, wakefulness } from '../flat.ts';

type Rule = RawRuleOf<MongoAbility>;
type Fields = { kind: string; id: string; parent: string | null; labels: Record<string, string>; above: Record<string, string> };

/** The objects that are asked about: each resource, every one of a kind, and the workspace. */
function subjects({ resources }: Input['snapshot']): Map<string | null, Fields> {
  const labels = new Map(resources.map((one) => [one.resource, one.labels]));
  const fields = (id: string, parent: string | null = null): Fields =>
    ({ kind: kindOf(id), id, parent, labels: labels.get(id) ?? {}, above: labels.get(parent ?? '') ?? {} });
  const kinds = [...new Set(resources.map((one) => kindOf(one.resource)))];
  const all: [string | null, Fields][] = resources.map((one) => [one.resource, fields(one.resource, one.parent)]);
  return new Map([...all, ...kinds.map((kind) => [`${kind}/*`, fields(`${kind}/*`)] as [string, Fields]), [null, fields('workspace/')]]);
}

/** The conditions of a scope on resources of a kind; of a destination, through its source too. */
function conditions(scope: string, kind: string): object[] {
  if (!scope.startsWith('{')) return [...(kindOf(scope) === kind ? [{ id: scope }] : []), ...(kind === 'destination' ? [{ parent: scope }] : [])];
  const wanted = (field: string) => Object.fromEntries(pairs(scope).map(([key, value]) => [`${field}.${key}`, value]));
  return [wanted('labels'), ...(kind === 'destination' ? [wanted('above')] : [])];
}

/** The rules of a grant, made once for each expression that there is. */
function rules({ catalog }: Input): (expression: string) => Rule[] {
  const roles = new Map(catalog.map((row) => [row.role, row.actions]));
  const seen = new Map<string, Rule[]>();
  const make = (expression: string): Rule[] => {
    const { role, scope } = split(expression);
    const actions = (roles.get(role) ?? []).filter((one) => scope === '*' || !isTopLevelCreate(one));
    if (role === 'workspace_owner') return [{ action: 'manage', subject: 'all' }];
    if (role === 'pii_access' && scope === '*') return [{ action: 'pii:view', subject: 'all' }];
    const kinds = role === 'pii_access' ? ['source', 'destination', 'space'] : [...new Set(actions.map(askedOf))];
    return kinds.flatMap((kind): Rule[] => {
      const of = actions.filter((one) => one === 'pii:view' || askedOf(one) === kind);
      if (scope === '*') return [{ action: of, subject: [kind, ...(of.some(isTopLevelCreate) ? [kind === 'destination' ? 'source' : 'workspace'] : [])] }];
      return conditions(scope, kind).map((one) => ({ action: of, subject: kind, conditions: one as {} }));
    });
  };
  return (expression) => {
    const found = seen.get(expression) ?? make(expression);
    seen.set(expression, found);
    return found;
  };
}

type Ability = { can(action: string, subject: object): boolean };

/** Starts CASL; `keep` says whether an ability is made once for each member or for each question. */
function casl(keep: boolean): Engine {
  return {
    async start() {
      const { createMongoAbility } = await import('@casl/ability');
      const detect = { detectSubjectType: (object: Fields) => object.kind };
      return (input) => {
        const [isAwake, rulesOf, objects] = [wakefulness(input), rules(input), subjects(input.snapshot)];
        const groups = new Map(input.snapshot.groups.map(({ id, grants }) => [id, grants]));
        const held = new Map(input.snapshot.members.map((member) => {
          const grants = [...member.grants, ...member.groups.flatMap((id) => groups.get(id)!)];
          return [member.id, grants.map((grant) => grant.expression).filter(isAwake)];
        }));
        const make = (grants: string[]) => createMongoAbility(grants.flatMap(rulesOf), detect as {}) as unknown as Ability;
        const kept = new Map(keep ? [...held].map(([id, grants]) => [id, make(grants)]) : []);
        if (keep) held.clear();
        const abilityOf = keep
          ? (member: string) => kept.get(member)
          : (member: string) => (held.has(member) ? make(held.get(member)!) : undefined);
        return (questions) => byTexts(questions, (member, action, resource) => {
          const ability = abilityOf(member);
          const object = objects.get(resource);
          if (ability === undefined || object === undefined) return false;
          return ability.can(action, object) && (action !== 'pii:view' || ability.can(`${object.kind}:view`, object));
        });
      };
    },
  };
}

export const prebuilt = casl(true);
export const perRequest = casl(false);
