// The page in the middle of the screen that people meet before they are in a workspace.
import { useEffect, useRef, type ReactNode } from 'react';

import { ThemeButton } from '../shell/theme';

export function Card({ title, children }: { title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Rolecall`;
    if (document.activeElement === document.body) heading.current?.focus();
  }, [title]);
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex items-center justify-between p-4">
        <span className="flex items-center gap-2 text-lg font-semibold">
          <img src="/favicon.svg" alt="" width="24" height="24" /> Rolecall
        </span>
        <ThemeButton />
      </header>
      <main className="flex flex-1 items-start justify-center p-4 sm:pt-[12vh]">
        <div className="card flex w-full max-w-lg flex-col gap-4 p-6 shadow-sm">
          <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold outline-none">
            {title}
          </h1>
          {children}
        </div>
      </main>
    </div>
  );
}
