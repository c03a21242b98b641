// Reading a whole list to take all of it: how much was found so far, and a way to stop.
import { useEffect, useRef, useState } from 'react';

import { failed } from '../ui/toast';
import { messageOf, walk, type Options } from './http';

export function useWalk<T>(path: string, query: Options['query'], onFound: (rows: T[]) => void) {
  const [found, setFound] = useState<number | null>(null);
  const control = useRef<AbortController | null>(null);
  const stop = () => control.current?.abort();
  useEffect(() => stop, []);
  const start = async () => {
    const { signal } = (control.current = new AbortController());
    setFound(0);
    try {
      onFound(await walk<T>(path, query, setFound, signal));
    } catch (error) {
      if (!signal.aborted) failed(`Not all could be read: ${messageOf(error)}`);
    }
    setFound(null);
  };
  /** `found` is null while nothing is read. */
  return { found, start: () => void start(), stop };
}
