// The users and groups that each engine is filled with, alike down to the ids.
import { Crowd } from '../../tests/edge/support/crowd.ts';

export type User = {
  id: string;
  userName: string;
  externalId: string;
  displayName: string;
  name: { givenName: string; familyName: string };
  emails: { value: string; type: string; primary: boolean }[];
  active: boolean;
};

export type Group = { id: string; displayName: string; members: string[] };

/** What a peer is filled with. */
export type People = { users: User[]; groups: Group[] };

/** Each number of users has a workspace of its own. */
export const crowd = (size: number): Crowd => new Crowd(size, size);

function user(of: Crowd, index: number): User {
  const [givenName, familyName, email] = [`Given ${index}`, `Family ${index}`, of.email(index)];
  return {
    id: of.member(index),
    userName: email,
    externalId: `external-${index}`,
    displayName: `${givenName} ${familyName}`,
    name: { givenName, familyName },
    emails: [{ value: email, type: 'work', primary: true }],
    active: true,
  };
}

/** The users in the order of their ids. */
export function users(size: number): User[] {
  const of = crowd(size);
  return Array.from({ length: size }, (_, index) => user(of, index + 1));
}

/** How many are in the groups of a workspace: in a small one, and in one that everyone is in. */
export const groupSizes = (size: number): number[] => [500, size];

export const groupName = (members: number): string => `Group of ${members}`;
