// The button that takes what the page hasn't read as well, and what it does meanwhile.
import { Button } from '@cloudflare/kumo/components/button';

import type { Options } from '../api/http';
import { useWalk } from '../api/walking';
import { count } from '../words';

interface TakeAllProps<T> {
  words: string;
  /** What one of them is called. */
  one: string;
  path: string;
  query: Options['query'];
  onFound: (rows: T[]) => void;
}

export function TakeAll<T>({ words, one, path, query, onFound }: TakeAllProps<T>) {
  const { found, start, stop } = useWalk(path, query, onFound);
  if (found === null) {
    return (
      <Button size="sm" onClick={start}>
        {words}
      </Button>
    );
  }
  return (
    <>
      <span role="status">{`${count(found, one)} found…`}</span>
      <Button size="sm" onClick={stop}>
        Stop
      </Button>
    </>
  );
}
