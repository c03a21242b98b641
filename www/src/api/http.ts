// How the console talks to the API: one function, and the error that it throws.

/** What is wrong at one place of a request. */
export interface Issue {
  path: string;
  code: string;
  detail: string;
}

/** What the API answers when it refuses: RFC 9457. */
export interface ProblemBody {
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: Issue[];
  missing?: string[][];
  exceeds?: string[];
  /** Where to sign in instead: a path of this site. */
  sign_in?: string;
  request_id: string;
}

/** A refusal, or a request that didn't get through (`code` is `offline` then). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly issues: Issue[];
  readonly body: ProblemBody | null;

  constructor(body: ProblemBody | null, status: number) {
    super(body?.detail || body?.title || 'Rolecall could not be reached. Check the connection and try again.');
    this.status = status;
    this.code = body?.code ?? (status === 0 ? 'offline' : 'internal');
    this.issues = body?.errors ?? [];
    this.body = body;
  }
}

/** The words for whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export interface Options {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  /** A body that isn't JSON, with its type. */
  raw?: { content: BodyInit; type: string };
  ifMatch?: string;
  /** The same key makes a repetition harmless. */
  key?: string;
  accept?: string;
  signal?: AbortSignal;
  /** A token in place of the session. */
  token?: string;
}

/** An answer with the tag that a later write may name. */
export interface Answer<T> {
  data: T;
  etag: string | null;
}

function address(path: string, query: Options['query']): string {
  const asked = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}

function headersOf(options: Options): Headers {
  const headers = new Headers({ accept: options.accept ?? 'application/json' });
  if (options.raw !== undefined) headers.set('content-type', options.raw.type);
  else if (options.body !== undefined) headers.set('content-type', 'application/json');
  if (options.ifMatch !== undefined) headers.set('if-match', options.ifMatch);
  if (options.key !== undefined) headers.set('idempotency-key', options.key);
  if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
  return headers;
}

async function problemOf(response: Response): Promise<Problem> {
  const isProblem = response.headers.get('content-type')?.includes('json') ?? false;
  const body = isProblem ? ((await response.json().catch(() => null)) as ProblemBody | null) : null;
  return new Problem(body ?? { title: 'Unexpected answer', status: response.status, code: 'internal', detail: `The server answered ${response.status}.`, request_id: '' }, response.status);
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const init: RequestInit = {
    method,
    headers: headersOf(options),
    body: options.raw?.content ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
    // A cookie beside a token would be two credentials.
    credentials: options.token === undefined ? 'same-origin' : 'omit',
    signal: options.signal,
  };
  try {
    return await fetch(address(path, options.query), init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Problem(null, 0);
  }
}

/** Asks the API and answers the body with its tag. */
export async function ask<T>(method: string, path: string, options: Options = {}): Promise<Answer<T>> {
  const response = await send(method, path, options);
  if (!response.ok) throw await problemOf(response);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { data: (text === '' ? null : isJson ? JSON.parse(text) : text) as T, etag: response.headers.get('etag') };
}

/** Asks the API and answers the body alone. */
export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  return (await ask<T>(method, path, options)).data;
}

/** Asks the API for what isn't text. */
export async function bytes(path: string, options: Options): Promise<ArrayBuffer> {
  const response = await send('GET', path, options);
  if (!response.ok) throw await problemOf(response);
  return response.arrayBuffer();
}

/** A key for one deed of a person, however often the request is sent. */
export const newKey = (): string => crypto.randomUUID();

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/** Every row of a list, page by page, telling how many there are so far. Whoever aborts the signal gets an error. */
export async function walk<T>(path: string, query: Options['query'], tell: (sofar: number) => void, signal: AbortSignal): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await call<Page<T>>('GET', path, { query: { ...query, limit: 200, cursor }, signal });
    rows.push(...page.data);
    cursor = page.next_cursor;
    tell(rows.length);
  } while (cursor !== null);
  return rows;
}
