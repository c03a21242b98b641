// Short notices at the edge of the page, said aloud by screen readers; some can be undone.
import { useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { XIcon } from './icons';

export interface Notice {
  id: number;
  text: string;
  kind: 'done' | 'failed';
  undo?: () => void;
}

let notices: readonly Notice[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  listeners.forEach((listener) => listener());
}

const drop = (id: number): void => set(notices.filter((notice) => notice.id !== id));

function add(kind: Notice['kind'], text: string, undo?: () => void): void {
  const id = ++last;
  set([...notices.slice(-3), { id, text, kind, undo }]);
  // A failure stays until it was read.
  if (kind === 'done') setTimeout(() => drop(id), undo === undefined ? 6_000 : 12_000);
}

export const done = (text: string, undo?: () => void): void => add('done', text, undo);
export const failed = (text: string): void => add('failed', text);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => notices);
  // Beside the page, so that it lies over dialogs.
  return createPortal(
    <div className="pointer-events-none fixed inset-x-0 bottom-0 z-[100] flex flex-col items-center gap-2 p-4 sm:items-end" role="region" aria-label="Notices">
      <div role="status" aria-live="polite" className="flex w-full max-w-md flex-col gap-2">
        {shown.map((notice) => (
          <Toast key={notice.id} notice={notice} />
        ))}
      </div>
    </div>,
    document.body,
  );
}

function Toast({ notice }: { notice: Notice }) {
  const { id, kind, text, undo } = notice;
  return (
    <div className={`card pointer-events-auto flex items-start gap-3 border-l-4 p-3 shadow-lg ${kind === 'failed' ? 'border-l-kumo-danger' : 'border-l-kumo-success'}`}>
      <p className="min-w-0 flex-1 break-words">{text}</p>
      {undo !== undefined && (
        <button type="button" className="link font-medium" onClick={() => (drop(id), undo())}>
          Undo
        </button>
      )}
      <button type="button" className="rounded p-1" aria-label="Dismiss" onClick={() => drop(id)}>
        <XIcon />
      </button>
    </div>
  );
}
