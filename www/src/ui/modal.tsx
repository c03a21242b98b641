// Dialogs in the middle and panels at the side, by Kumo: they keep the focus, give it back, and close by Escape.
import type { ReactNode } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { Dialog as Base } from '@cloudflare/kumo/primitives/dialog';

import { XIcon } from './icons';

interface ModalProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  size?: 'base' | 'lg' | 'xl';
}

export function Modal({ title, onClose, children, footer, size = 'lg' }: ModalProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog size={size} className="flex max-h-[calc(100dvh-2rem)] max-w-[calc(100vw-1rem)] flex-col">
        <header className="flex items-center justify-between gap-4 border-b border-kumo-line px-5 py-3">
          <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
          <Dialog.Close render={(props) => <Button {...props} variant="ghost" shape="square" icon={XIcon} aria-label="Close" />} />
        </header>
        <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4">{children}</div>
        {footer !== undefined && <footer className="flex flex-wrap justify-end gap-2 border-t border-kumo-line px-5 py-3">{footer}</footer>}
      </Dialog>
    </Dialog.Root>
  );
}

/** A panel at the right edge; on a narrow screen it is the whole screen. */
export function Panel({ title, onClose, children, actions }: { title: string; onClose: () => void; children: ReactNode; actions?: ReactNode }) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 bg-black/40" />
        <Base.Popup className="fixed inset-y-0 right-0 flex w-(--panel) flex-col border-l border-kumo-line bg-kumo-base shadow-xl outline-none">
          <header className="flex items-center gap-2 border-b border-kumo-line px-5 py-3">
            <Base.Title className="min-w-0 flex-1 truncate text-lg font-semibold">{title}</Base.Title>
            {actions}
            <Base.Close render={(props) => <Button {...props} variant="ghost" shape="square" icon={XIcon} aria-label="Close" />} />
          </header>
          <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto px-5 py-4">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
