// The command palette: every view, and people by name, from the keyboard.
import { useDeferredValue, useId, useMemo, useState, type KeyboardEvent } from 'react';
import { Dialog as Base } from '@cloudflare/kumo/primitives/dialog';
import { useLocation } from 'wouter';

import { useGroups, useMe, useMembers } from '../api/queries';
import type { MyWorkspace } from '../api/types';
import { switchTheme } from './theme';
import { INNER, VIEWS, mayOpen } from './views';

interface Command {
  id: string;
  name: string;
  note: string;
  run: () => void;
}

interface PaletteProps {
  ws: string;
  workspace: MyWorkspace;
  onClose: () => void;
}

export function Palette({ ws, workspace, onClose }: PaletteProps) {
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const commands = useCommands(ws, workspace, text);
  const chosen = Math.min(at, commands.length - 1);
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((chosen + step + commands.length) % Math.max(commands.length, 1));
    }
    if (event.key === 'Enter') run(commands[chosen]);
  };
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 bg-black/40" />
        <Base.Popup className="fixed inset-x-2 top-[10vh] mx-auto flex max-h-[70vh] max-w-xl flex-col rounded-xl border border-kumo-line bg-kumo-base shadow-xl outline-none">
          <Base.Title className="sr-only">Go to</Base.Title>
          <input
            role="combobox"
            aria-label="Go to"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={commands.length > 0 ? `${id}-${chosen}` : undefined}
            autoFocus
            autoComplete="off"
            placeholder="A page, a member or a group"
            className="m-2 rounded-lg bg-transparent px-3 py-2 text-lg"
            value={text}
            onChange={(event) => (setText(event.target.value), setAt(0))}
            onKeyDown={press}
          />
          <ul id={`${id}-list`} role="listbox" aria-label="Places" className="min-h-0 overflow-y-auto border-t border-kumo-line p-2">
            {commands.map((command, index) => (
              <li key={command.id} id={`${id}-${index}`} role="option" aria-selected={index === chosen} className={`flex cursor-pointer items-baseline gap-2 rounded-lg px-3 py-2 ${index === chosen ? 'bg-kumo-tint' : ''}`} onMouseMove={() => setAt(index)} onClick={() => run(command)}>
                <span>{command.name}</span> <span className="truncate text-sm text-kumo-subtle">{command.note}</span>
              </li>
            ))}
          </ul>
          {commands.length === 0 && (
            <p role="status" className="p-4 text-kumo-subtle">
              Nothing is called like that.
            </p>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function useCommands(ws: string, workspace: MyWorkspace, text: string): Command[] {
  const [, go] = useLocation();
  const q = useDeferredValue(text.trim());
  const maySee = workspace.actions.includes('member:view');
  const members = useMembers(ws, { q, sort: 'email' }, maySee && q.length > 1);
  const groups = useGroups(ws, { enabled: maySee, least: q === '' ? 0 : Infinity });
  const others = useMe().data?.workspaces.filter((one) => one.id !== workspace.id);
  return useMemo(() => {
    const fits = (name: string) => name.toLowerCase().includes(q.toLowerCase());
    const to = (id: string, name: string, note: string, place: string): Command => ({ id, name, note, run: () => go(place) });
    return [
      ...[...VIEWS, ...INNER].filter((view) => mayOpen(view, workspace.actions) && fits(view.name)).map((view) => to(view.path, view.name, 'Page', `/w/${ws}/${view.path}`)),
      ...(q.length > 1 ? (members.data?.pages[0]?.data.slice(0, 8) ?? []) : []).map((one) => to(one.id, one.name, one.email, `/w/${ws}/members/${one.id}`)),
      ...(q === '' ? [] : (groups.rows ?? [])).filter((one) => fits(one.name)).slice(0, 5).map((one) => to(one.id, one.name, 'Group', `/w/${ws}/groups/${one.id}`)),
      ...(others ?? []).filter((one) => fits(one.name)).map((one) => to(one.id, one.name, 'Workspace', `/w/${one.slug}`)),
      ...(fits('Switch the theme') ? [{ id: 'theme', name: 'Switch the theme', note: 'Dark or light', run: () => void switchTheme() }] : []),
    ];
  }, [q, members.data, groups.rows, others, workspace, ws, go]);
}
