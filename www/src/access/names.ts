// The names of resources, and the catalog, for whoever puts grants into words.
import { useMemo } from 'react';

import { useResources, useRoles } from '../api/queries';
import { grantWords, type Names } from '../words';
import type { GrantExpression } from '../api/types';

export function useNames(ws: string): Names {
  const resources = useResources(ws).data?.data;
  return useMemo(() => new Map(resources?.map((one) => [one.resource, one.name])), [resources]);
}

/** Puts a grant into words, with the names of this workspace. */
export function useGrantWords(ws: string): (expression: GrantExpression) => string {
  const names = useNames(ws);
  const roles = useRoles().data;
  return (expression) => grantWords(expression, roles, names);
}
