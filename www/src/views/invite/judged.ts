// The judgement of an invite while it is written: by the package, or in a large workspace by the server, which has everybody.
import { useMemo } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { GrantExpression, Preview } from 'rolecall';

import { call } from '../../api/http';
import { at } from '../../api/queries';
import { NOBODY, inviteOf, judge, judgementOf, type Judgement } from './judge';
import { useIsLarge, useJudging } from './judging';

export interface Draft {
  addresses: string[];
  grants: GrantExpression[];
  groups: string[];
}

/** One request of the API previews so many. */
const MOST = 100;

export function useJudged(ws: string, { addresses, grants, groups }: Draft): { data: Judgement | undefined; error: Error | null; refetch: () => unknown } {
  const isLarge = useIsLarge(ws) ?? false;
  const access = useJudging(ws);
  const own = useMemo(() => (isLarge || access.data === undefined ? undefined : judge(access.data, addresses, grants, groups)), [isLarge, access.data, addresses, grants, groups]);
  const changes = (addresses.length === 0 ? [NOBODY] : addresses.slice(0, MOST)).map((address) => inviteOf(address, grants, groups));
  const theirs = useQuery({
    queryKey: [ws, 'preview', changes],
    queryFn: ({ signal }) => call<Preview>('POST', at(ws, '/preview'), { body: { changes }, signal }),
    select: (preview) => judgementOf(preview, addresses),
    placeholderData: keepPreviousData,
    enabled: isLarge,
  });
  return isLarge ? theirs : { data: own, error: access.error, refetch: access.refetch };
}
