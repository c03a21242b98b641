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

export const useScimTokens = (ws: string) => useListing<ScimToken>([ws, 'scim-tokens'], at(ws, '/scim/tokens'));
export const useJournal = (ws: string, outcome: string) => useListing<Entry>([ws, 'scim-journal', outcome], at(ws, '/scim/journal'), outcome === '' ? {} : { outcome });
