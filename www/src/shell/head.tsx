// The head of each page in a workspace: the palette, the theme, and who is signed in.
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';

import { client } from '../api/client';
import { call, messageOf } from '../api/http';
import { useMe } from '../api/queries';
import { ListIcon, MagnifyingGlassIcon, SignOutIcon } from '../ui/icons';
import { failed } from '../ui/toast';
import { ThemeButton } from './theme';

export function Head({ onMenu, onPalette }: { onMenu: () => void; onPalette: () => void }) {
  const account = useMe().data?.account;
  return (
    <header className="sticky top-0 z-20 flex items-center gap-2 border-b border-kumo-line bg-kumo-base px-4 py-2">
      <span className="lg:hidden">
        <Button variant="ghost" shape="square" icon={ListIcon} aria-label="Open the menu" onClick={onMenu} />
      </span>
      <button type="button" onClick={onPalette} className="flex min-w-0 max-w-md flex-1 items-center gap-2 rounded-lg border border-kumo-line px-3 py-1.5 text-left text-kumo-subtle hover:bg-kumo-tint">
        <MagnifyingGlassIcon className="size-4 shrink-0" />
        <span className="min-w-0 flex-1 truncate">Go to…</span>
        <kbd className="hidden text-sm sm:inline">Ctrl K</kbd>
      </button>
      <div className="ml-auto flex items-center gap-1">
        <span className="hidden max-w-60 truncate text-kumo-subtle sm:inline" title={account?.email}>
          {account?.email}
        </span>
        <ThemeButton />
        <SignOut />
      </div>
    </header>
  );
}

function SignOut() {
  const [, go] = useLocation();
  const out = useMutation({
    mutationFn: () => call('DELETE', '/v1/sessions/current'),
    onSuccess: () => {
      client.clear();
      go('/sign-in');
    },
    onError: (error) => failed(messageOf(error)),
  });
  return <Button variant="ghost" shape="square" icon={SignOutIcon} aria-label="Sign out" loading={out.isPending} onClick={() => out.mutate()} />;
}
