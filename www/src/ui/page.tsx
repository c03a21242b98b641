// The frame of a view: its heading, what can be done from it, and what stands in when there is nothing to show.
import { useEffect, useRef, type ReactNode } from 'react';
import { Button } from '@cloudflare/kumo/components/button';

import { Problem, messageOf } from '../api/http';
import { WarningIcon } from './icons';

interface PageProps {
  title: string;
  intro?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** The first view that is opened leaves the focus where the browser has it: Tab leads to the content from there. */
let isFirst = true;

/** A view. Its heading takes the focus when somebody comes to it, so that screen readers say where they are. */
export function Page({ title, intro, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Rolecall`;
    const isOpening = isFirst;
    isFirst = false;
    // A dialog or a field that was opened with the view has taken it already.
    if (!isOpening && (document.activeElement === document.body || document.activeElement?.closest('nav') != null)) heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className="mx-auto flex w-full max-w-[110rem] flex-col gap-4 p-4 sm:p-6">
      <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold outline-none">
            {title}
          </h1>
          {intro !== undefined && <p className="mt-1 max-w-prose text-kumo-subtle">{intro}</p>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** Nothing here, and what to do about it. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-12 text-center">
      <h2 className="text-lg font-medium">{title}</h2>
      {children !== undefined && <div className="max-w-prose text-kumo-subtle">{children}</div>}
      {action}
    </div>
  );
}

export function Loading({ what = 'Loading' }: { what?: string }) {
  return (
    <p role="status" data-loading className="p-6 text-kumo-subtle">
      {what}…
    </p>
  );
}

/** What went wrong, in the words of the API, and a way to try again. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const isForbidden = error instanceof Problem && error.code === 'forbidden';
  const login = error instanceof Problem ? error.body?.sign_in : undefined;
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 p-4">
      <WarningIcon className="size-5 shrink-0 text-kumo-danger" />
      <p className="min-w-0 flex-1">{isForbidden ? `You may not see this: ${messageOf(error)}` : messageOf(error)}</p>
      {login !== undefined && (
        <a className="link font-medium" href={`${login}?${new URLSearchParams({ return_to: location.pathname + location.search })}`}>
          Sign in by SSO
        </a>
      )}
      {retry !== undefined && !isForbidden && login === undefined && <Button onClick={retry}>Try again</Button>}
    </div>
  );
}

/** A part of a view under a heading of its own. */
export function Section({ title, actions, children, level = 2 }: { title: string; actions?: ReactNode; children: ReactNode; level?: 2 | 3 }) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section className="flex flex-col gap-2" aria-label={title}>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Heading className={level === 2 ? 'text-lg font-semibold' : 'font-semibold'}>{title}</Heading>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** The state of a query: waiting, failed, or what it answered. */
export function Loaded<T>({ query, children, what }: { query: { data: T | undefined; error: unknown; refetch: () => unknown }; children: (data: T) => ReactNode; what?: string }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  return query.error != null ? <Failed error={query.error} retry={() => void query.refetch()} /> : <Loading what={what} />;
}
