// E-mail domains, and the people who ask to join by them, as the API gives them.
import { useListing } from '../../api/listing';
import { at } from '../../api/queries';
import type { Grant } from '../../api/types';

export type AutoJoin = 'off' | 'request' | 'join';

export interface Domain {
  id: string;
  domain: string;
  verified: boolean;
  verified_at: string | null;
  record: { type: 'TXT'; name: string; value: string };
  auto_join: AutoJoin;
  grants: Grant[];
  created_at: string;
}

export interface JoinRequest {
  id: string;
  status: 'pending' | 'approved' | 'denied';
  account: string;
  email: string;
  name: string;
  domain: string;
  created_at: string;
  decided_at: string | null;
  decided_by: string | null;
}

export const useDomains = (ws: string) => useListing<Domain>([ws, 'domains'], at(ws, '/domains'));
export const useJoinRequests = (ws: string) => useListing<JoinRequest>([ws, 'join-requests'], at(ws, '/join-requests'), { status: 'pending' });
