// Connections to identity providers as the API gives them.
import { useQuery } from '@tanstack/react-query';

import { ask, call, type Page } from '../../api/http';
import { at } from '../../api/queries';
import type { Grant } from '../../api/types';

export type Protocol = 'oidc' | 'saml';

export interface Mapping {
  group: string;
  group_id: string;
  group_name: string;
  grants: Grant[];
}

export interface Connection {
  id: string;
  protocol: Protocol;
  name: string;
  active: boolean;
  issuer: string | null;
  client_id: string | null;
  has_client_secret: boolean;
  entity_id: string | null;
  sso_url: string | null;
  certificates: string[];
  /** SAML: whether a login may begin at the provider. */
  idp_initiated: boolean;
  /** SAML: where the metadata of this side are; the address is its entity id as well. */
  metadata_url: string | null;
  group_claim: string;
  sync: 'each_login' | 'first_login';
  role_mappings: Mapping[];
  login_url: string;
  redirect_uri: string;
  created_at: string;
  last_login_at: string | null;
}

export interface Outcome {
  status: 'passed' | 'refused';
  refusal: { code: string; detail: string } | null;
  claims: { sub: string; email: string | null; email_verified: boolean; name: string | null; groups: string[] | null } | null;
  is_member: boolean;
  grants: Grant[];
  groups: string[];
}

/** A login that tries a connection and gives nothing. */
export interface Trial {
  id: string;
  connection: string;
  url: string | null;
  outcome: Outcome | null;
  expires_at: string;
}

export const placeOf = (ws: string, connection = ''): string => at(ws, `/sso/connections${connection === '' ? '' : `/${connection}`}`);

export const useConnections = (ws: string, enabled = true) =>
  useQuery({ queryKey: [ws, 'connections'], queryFn: () => call<Page<Connection>>('GET', placeOf(ws)), select: (page) => page.data, enabled });

export const useConnection = (ws: string, id: string) => useQuery({ queryKey: [ws, 'connection', id], queryFn: () => ask<Connection>('GET', placeOf(ws, id)) });

/** Looks every other second until something came of it or can't any more. */
export const useTrial = (ws: string, connection: string, id: string) =>
  useQuery({
    queryKey: [ws, 'trial', id],
    queryFn: () => call<Trial>('GET', `${placeOf(ws, connection)}/tests/${id}`),
    enabled: id !== '',
    refetchInterval: ({ state }) => (state.data !== undefined && state.data.outcome === null && state.data.url !== null ? 2_000 : false),
  });
