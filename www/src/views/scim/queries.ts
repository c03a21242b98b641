// The tokens that identity providers provision with, and what they asked for, as the API gives them.
import { useListing } from '../../api/listing';
import { at } from '../../api/queries';

export interface ScimToken {
  id: string;
  name: string;
  /** Where the provider finds SCIM. */
  base_url: string;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  /** In the answer that made it alone. */
  secret?: string;
}

export interface Effect {
  effect: 'gained' | 'lost';
  members: string[];
  grants: string[];
  group?: string;
}

export interface Entry {
  id: string;
  at: string;
  method: string;
  path: string;
  outcome: 'applied' | 'unchanged' | 'refused';
  status: number;
  error: string | null;
  detail: string | null;
  changes: Effect[];
}

/** Somebody whom the provider knows and who is no member. */
export interface Inactive {
  id: string;
  email: string;
  name: string;
  since: string;
  /** They were removed here while the provider still assigns them. */
  returns_by: 'scim' | null;
  groups: { id: string; name: string }[];
}

export const useScimTokens = (ws: string) => useListing<ScimToken>([ws, 'scim-tokens'], at(ws, '/scim/tokens'));
export const useJournal = (ws: string, outcome: string) => useListing<Entry>([ws, 'scim-journal', outcome], at(ws, '/scim/journal'), outcome === '' ? {} : { outcome });
export const useInactive = (ws: string, way: string) => useListing<Inactive>([ws, 'scim-inactive', way], at(ws, '/scim/inactive'), way === '' ? {} : { returns_by: way });
