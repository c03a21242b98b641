// The names of resources, and the catalog, for whoever puts grants into words.
import { useMemo } from 'react';

import { useResources, useRoles } from '../api/queries';
import { grantWords, type Names } from '../words';
import type { GrantExpression } from '../api/types';

/** So many are read for their names alone; a resource beyond them is called by its id, unless something has read on. */
const NAMED = 2_000;

export function useNames(ws: string): Names {
  const resources = useResources(ws, { least: NAMED }).rows;
  return useMemo(() => new Map(resources?.map((one) => [one.resource, one.name])), [resources]);
}

/** Puts a grant into words, with the names of this workspace. */
export function useGrantWords(ws: string): (expression: GrantExpression) => string {
  const names = useNames(ws);
  const roles = useRoles().data;
  return (expression) => grantWords(expression, roles, names);
}
