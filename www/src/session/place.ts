// Where somebody wanted to go before they were asked to sign in, and where they were last.
const WANTED = 'wanted';
const LAST = 'last-workspace';

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Storage is switched off: the start page it is.
  }
}

/** True for an address of this console, never for another site's. */
const isOurs = (place: string): boolean => /^\/(?![/\\])/.test(place);

/** Remembers a place; the mailed link opens in a tab of its own. */
export const keepPlace = (place: string): void => write(WANTED, isOurs(place) ? place : null);

/** The place to go to. */
export function wantedPlace(): string {
  const place = read(WANTED);
  return place !== null && isOurs(place) ? place : '/';
}

/** The place to go to now, which is forgotten by asking. */
export function takePlace(): string {
  const place = wantedPlace();
  write(WANTED, null);
  return place;
}

export const keepWorkspace = (slug: string): void => write(LAST, slug);
export const lastWorkspace = (): string | null => read(LAST);
