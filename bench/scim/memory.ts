// A store in memory: Maps by id. Lists are filtered by scimmy's own `match`, and paged by scimmy, as its documentation has it.
import type { People } from './people.ts';
import { storedGroup, storedUser, type Store, type Wanted } from './store.ts';

const list = <T>(all: Map<string, T>, { filter }: Wanted): T[] => (filter === undefined ? [...all.values()] : filter.match([...all.values()]));

export function memory(people: People): Store {
  const users = new Map(people.users.map((user) => [user.id, storedUser(user)]));
  const groups = new Map(people.groups.map((group) => [group.id, storedGroup(group)]));
  return {
    user: (id) => users.get(id),
    users: (wanted) => list(users, wanted),
    group: (id) => groups.get(id),
    groups: (wanted) => list(groups, wanted),
    putGroup: (group) => void groups.set(group.id, group),
  };
}
