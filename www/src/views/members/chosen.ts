// Who is chosen among the members. That may be more people than the page holds, so that only what names them is kept.
import type { Member } from '../../api/types';

export type Person = Pick<Member, 'id' | 'name' | 'email' | 'is_owner' | 'provisioned_by'>;
export type Chosen = ReadonlyMap<string, Person>;

export const personOf = ({ id, name, email, is_owner, provisioned_by }: Member): Person => ({ id, name, email, is_owner, provisioned_by });
