// A workspace: menu, head and the view that the address names.
import { lazy, Suspense, useEffect, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';

import { Problem } from '../api/http';
import { useMe, useMyWorkspace } from '../api/queries';
import type { MyWorkspace } from '../api/types';
import { keepPlace, keepWorkspace } from '../session/place';
import { Failed, Loading } from '../ui/page';
import { Head } from './head';
import { Menu } from './menu';
import { NoSuchView, NotFound } from './not-found';
import { Forbidden } from './forbidden';
import { INNER, VIEWS, mayOpen } from './views';

const Palette = lazy(() => import('./palette').then((module) => ({ default: module.Palette })));

export function Shell({ ws }: { ws: string }) {
  const me = useMe();
  const workspace = useMyWorkspace(ws);
  useEffect(() => {
    if (workspace !== undefined) keepWorkspace(workspace.slug);
  }, [workspace]);
  if (me.error instanceof Problem && me.error.status === 401) {
    keepPlace(location.pathname + location.search);
    return <Redirect to="/sign-in" replace />;
  }
  if (me.data === undefined) return me.error === null ? <Loading /> : <Failed error={me.error} retry={() => void me.refetch()} />;
  return workspace === undefined ? <NotFound /> : <Frame ws={ws} workspace={workspace} />;
}

function Frame({ ws, workspace }: { ws: string; workspace: MyWorkspace }) {
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [place] = useLocation();
  useEffect(() => setMenuOpen(false), [place]);
  useShortcut(() => setPaletteOpen((open) => !open));
  return (
    <div className="flex min-h-dvh">
      <a href="#main" className="sr-only focus:not-sr-only focus:fixed focus:left-2 focus:top-2 focus:z-[110] focus:rounded focus:bg-kumo-base focus:p-3">
        Skip to the content
      </a>
      <Menu ws={ws} workspace={workspace} isOpen={isMenuOpen} onClose={() => setMenuOpen(false)} />
      <div className="flex min-w-0 flex-1 flex-col">
        <Head onMenu={() => setMenuOpen(true)} onPalette={() => setPaletteOpen(true)} />
        <main id="main" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          <Suspense fallback={<Loading />}>
            <Views ws={ws} workspace={workspace} />
          </Suspense>
        </main>
      </div>
      {isPaletteOpen && (
        <Suspense>
          <Palette ws={ws} workspace={workspace} onClose={() => setPaletteOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Views({ ws, workspace }: { ws: string; workspace: MyWorkspace }) {
  const first = mayOpen({ needs: 'member:view' }, workspace.actions) ? 'members' : 'me';
  return (
    <Switch>
      <Route path="/w/:ws">
        <Redirect to={`/w/${ws}/${first}`} replace />
      </Route>
      {[...VIEWS, ...INNER].map(({ path, name, needs, view: View }) => (
        <Route key={path} path={`/w/:ws/${path}/:id?/:tab?`}>
          {({ id, tab }: { id?: string; tab?: string }) => (mayOpen({ needs }, workspace.actions) ? <View ws={ws} id={id} tab={tab} /> : <Forbidden name={name} needs={needs!} ws={ws} />)}
        </Route>
      ))}
      <Route>
        <NoSuchView ws={ws} />
      </Route>
    </Switch>
  );
}

/** Ctrl+K, or ⌘K, wherever the focus is. */
function useShortcut(run: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      run();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}
