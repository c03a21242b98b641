// What is looked for in a list: at once in the field, and in the address when the typing rests.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';

/** What is typed, at once; `tell` hears of it when the typing rests. What is known otherwise, as by the way back, is taken over. */
export function useTyped(known: string, tell: (text: string) => void): [string, (text: string) => void] {
  const [typed, setTyped] = useState(known);
  const told = useRef(known);
  useEffect(() => {
    if (known === told.current) return;
    told.current = known;
    setTyped(known);
  }, [known]);
  useEffect(() => {
    if (typed === told.current) return;
    const timer = setTimeout(() => {
      told.current = typed;
      tell(typed);
    }, 200);
    return () => clearTimeout(timer);
    // The newest `tell` is taken when `typed` changes.
  }, [typed]);
  return [typed, setTyped];
}

/** Sets one parameter of the address, or takes it out, and leaves the others. */
export function useParameter(name: string): [string, (value: string) => void] {
  const known = new URLSearchParams(useSearch()).get(name) ?? '';
  const [place, go] = useLocation();
  const tell = useCallback(
    (value: string) => {
      // Another parameter may have changed since this was asked for.
      const parameters = new URLSearchParams(location.search);
      if (value === '') parameters.delete(name);
      else parameters.set(name, value);
      go(parameters.size === 0 ? place : `${place}?${parameters}`, { replace: true });
    },
    [name, place, go],
  );
  return [known, tell];
}

/** The search over a list. It is part of the address, so that it can be sent to somebody and is there again on the way back. */
export const useSearchText = (): [string, (text: string) => void] => useTyped(...useParameter('q'));
