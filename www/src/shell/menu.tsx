// The menu of a workspace: at the side, or over the page on a narrow screen.
import { useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';

import { useMe } from '../api/queries';
import type { MyWorkspace } from '../api/types';
import { XIcon } from '../ui/icons';
import { VIEWS, mayOpen, type View } from './views';

interface MenuProps {
  ws: string;
  workspace: MyWorkspace;
  isOpen: boolean;
  onClose: () => void;
}

const SECTIONS = ['Access', 'Structure', 'Workspace'] as const;

export function Menu({ ws, workspace, isOpen, onClose }: MenuProps) {
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    close.current?.focus();
    const listen = (event: KeyboardEvent) => event.key === 'Escape' && onClose();
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [isOpen, onClose]);
  return (
    <>
      {isOpen && <div className="fixed inset-0 z-30 bg-black/40 lg:hidden" onClick={onClose} />}
      <div className={`${isOpen ? 'fixed' : 'hidden'} inset-y-0 left-0 z-40 flex h-dvh w-60 shrink-0 flex-col gap-4 overflow-y-auto border-r border-kumo-line bg-kumo-base p-3 lg:sticky lg:top-0 lg:flex`}>
        <section aria-label="Which workspace" className="flex items-center gap-2">
          <Switcher ws={ws} />
          <button ref={close} type="button" className="rounded p-2 lg:hidden" aria-label="Close the menu" onClick={onClose}>
            <XIcon />
          </button>
        </section>
        <nav aria-label="Workspace" className="flex flex-col gap-4">
          {SECTIONS.map((section) => (
            <Items key={section} name={section} ws={ws} views={VIEWS.filter((view) => view.section === section && mayOpen(view, workspace.actions))} />
          ))}
        </nav>
      </div>
    </>
  );
}

function Items({ name, ws, views }: { name: string; ws: string; views: View[] }) {
  const [place] = useLocation();
  if (views.length === 0) return null;
  return (
    <div>
      <h2 className="px-2 pb-1 text-sm font-medium text-kumo-subtle">{name}</h2>
      <ul>
        {views.map(({ path, name: title, icon: Icon }) => {
          const href = `/w/${ws}/${path}`;
          const isHere = place === href || place.startsWith(`${href}/`);
          return (
            <li key={path}>
              <Link href={href} aria-current={isHere ? 'page' : undefined} className={`flex items-center gap-2 rounded-lg px-2 py-1.5 ${isHere ? 'bg-kumo-tint font-medium' : 'hover:bg-kumo-tint'}`}>
                <Icon className="size-4 shrink-0" /> {title}
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Which workspace this is, and the way to another. */
function Switcher({ ws }: { ws: string }) {
  const [, go] = useLocation();
  const workspaces = useMe().data?.workspaces ?? [];
  const here = workspaces.find((one) => one.slug === ws || one.id === ws);
  return (
    <select
      aria-label="Workspace"
      className="control min-w-0 flex-1 font-medium"
      value={here?.slug}
      onChange={(event) => go(event.target.value === '' ? '/new' : `/w/${event.target.value}`)}
    >
      {workspaces.map((one) => (
        <option key={one.id} value={one.slug}>
          {one.name}
        </option>
      ))}
      <option value="">Create a workspace…</option>
    </select>
  );
}
