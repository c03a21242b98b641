// What a peer keeps its users and groups in, and how scimmy's handlers ask it.
import type { Group, User } from './people.ts';

/** A resource that a handler is called for, as far as the stores look at it. */
export type Wanted = {
  id?: string;
  filter?: Record<string, unknown>[] & { match<T>(values: T[]): T[] };
  constraints?: { startIndex?: number; count?: number; totalResults?: number };
};

export const META = { created: new Date(1_767_225_600_000), lastModified: new Date(1_767_225_600_000) };

export type StoredUser = User & { meta: typeof META };
export type StoredGroup = { id: string; displayName: string; members?: { value: string }[]; meta: typeof META };

export interface Store {
  user(id: string): StoredUser | undefined;
  users(wanted: Wanted): StoredUser[];
  group(id: string): StoredGroup | undefined;
  groups(wanted: Wanted): StoredGroup[];
  putGroup(group: StoredGroup): void;
}

export const storedUser = (user: User): StoredUser => ({ ...user, meta: META });
export const storedGroup = ({ members, ...group }: Group): StoredGroup => ({ ...group, members: members.map((value) => ({ value })), meta: META });
