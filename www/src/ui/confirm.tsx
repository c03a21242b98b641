// A dialog that asks once more before something is gone, with what that means; some want a word typed.
import { useState, type ReactNode } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';

import { messageOf } from '../api/http';
import { TextField } from './field';
import { Modal } from './modal';

interface ConfirmProps {
  title: string;
  /** What the button says. */
  verb: string;
  /** What the other button says. */
  dismiss?: string;
  act: () => Promise<unknown>;
  /** After it is done. */
  onDone: () => void;
  onClose: () => void;
  /** It can't be done now. */
  isBarred?: boolean;
  /** What has to be typed for it, and why. */
  word?: string;
  hint?: string;
  size?: 'lg' | 'xl';
  children?: ReactNode;
}

export function Confirm({ title, verb, dismiss = 'Cancel', act, onDone, onClose, isBarred = false, word, hint, size, children }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const deed = useMutation({ mutationFn: act, onSuccess: onDone });
  const isConfirmed = word === undefined || typed.trim().toLowerCase() === word.toLowerCase();
  return (
    <Modal
      title={title}
      size={size}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{dismiss}</Button>
          <Button variant="destructive" loading={deed.isPending} disabled={isBarred || !isConfirmed} onClick={() => deed.mutate()}>
            {verb}
          </Button>
        </>
      }
    >
      {children}
      {word !== undefined && !isBarred && <TextField label={`Type ${word} to confirm`} hint={hint} value={typed} onChange={(event) => setTyped(event.target.value)} />}
      {deed.isError && <p role="alert" className="text-kumo-danger">{messageOf(deed.error)}</p>}
    </Modal>
  );
}
