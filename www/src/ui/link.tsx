// Links inside the console, and such that look like buttons.
import type { ComponentType, ReactNode } from 'react';
import { buttonVariants } from '@cloudflare/kumo/components/button';
import { Link } from 'wouter';

type Variant = 'primary' | 'secondary' | 'ghost' | 'outline';

export function ButtonLink({ href, children, variant = 'secondary', icon: Icon }: { href: string; children: ReactNode; variant?: Variant; icon?: ComponentType<{ className?: string }> }) {
  return (
    <Link href={href} className={`inline-flex items-center no-underline ${variant === 'primary' ? 'primary-link' : ''} ${buttonVariants({ variant, size: 'base', shape: 'base' })}`}>
      {Icon !== undefined && <Icon className="size-4 shrink-0" />}
      {children}
    </Link>
  );
}

/** Tabs of a view that have addresses of their own. */
export function TabLinks({ label, tabs, current }: { label: string; tabs: { href: string; name: string; note?: ReactNode }[]; current: string }) {
  return (
    <nav aria-label={label} className="flex gap-1 overflow-x-auto border-b border-kumo-line">
      {tabs.map(({ href, name, note }) => (
        <Link
          key={href}
          href={href}
          aria-current={href === current ? 'page' : undefined}
          className={`-mb-px whitespace-nowrap border-b-2 px-3 py-2 outline-offset-[-2px] ${href === current ? 'border-current font-medium' : 'border-transparent text-kumo-subtle hover:text-kumo-default'}`}
        >
          {name}
          {note}
        </Link>
      ))}
    </nav>
  );
}
