// Addresses as chips: typed one by one, or pasted as a list.
import { useEffect, useId, useRef, type ClipboardEvent, type KeyboardEvent } from 'react';

import { XIcon } from '../../ui/icons';

interface AddressesProps {
  value: readonly string[];
  onChange: (addresses: string[]) => void;
  /** What stands in the field and isn't a chip yet. */
  typed: string;
  onType: (text: string) => void;
  /** What is wrong with an address. */
  problems: ReadonlyMap<string, string>;
  error?: string;
}

/** Addresses of a text, however they are separated; `Ann <ann@example.com>` is one. */
export function addressesOf(text: string): string[] {
  const parts = text.split(/[\s,;]+/).map((part) => part.replace(/^["'<(]+|["'>)]+$/g, ''));
  return parts.filter((part) => part.includes('@')).map((part) => part.toLowerCase());
}

/** What is typed as addresses: a word that is none is kept, to be told what is wrong with it. */
export function takenOf(typed: string): string[] {
  const text = typed.trim().toLowerCase();
  if (text === '') return [];
  return text.includes('@') && /[\s,;]/.test(text) ? addressesOf(text) : [text];
}

export function Addresses({ value, onChange, typed, onType, problems, error }: AddressesProps) {
  const id = useId();
  const add = (more: string[]) => onChange([...new Set([...value, ...more])]);
  const take = () => {
    add(takenOf(typed));
    onType('');
  };
  const newest = useRef(take);
  useEffect(() => {
    newest.current = take;
  });
  // A chip that came at once would move the button that is just being clicked.
  const leave = () => setTimeout(() => newest.current(), 250);
  const press = (event: KeyboardEvent) => {
    if (['Enter', ',', ';', ' '].includes(event.key) && typed.trim() !== '') {
      event.preventDefault();
      take();
    }
    if (event.key === 'Backspace' && typed === '') onChange(value.slice(0, -1));
  };
  const paste = (event: ClipboardEvent) => {
    const found = addressesOf(event.clipboardData.getData('text'));
    if (found.length === 0) return;
    event.preventDefault();
    add(found);
  };
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        E-mail addresses
      </label>
      <div className="control chips flex flex-wrap items-center gap-1.5 !py-1.5">
        {value.length > 0 && (
          <ul className="contents" aria-label="Addresses">
            {value.map((address) => (
              <li key={address} className={`flex max-w-full items-center gap-1 rounded-md border px-2 ${problems.has(address) ? 'border-kumo-danger text-kumo-danger' : 'border-kumo-line bg-kumo-tint'}`}>
                <span className="truncate">{address}</span>
                <button type="button" className="rounded p-0.5" aria-label={`Take away ${address}`} onClick={() => onChange(value.filter((one) => one !== address))}>
                  <XIcon className="size-3" />
                </button>
              </li>
            ))}
          </ul>
        )}
        <input
          id={id}
          type="text"
          inputMode="email"
          autoComplete="off"
          autoFocus
          className="min-w-40 flex-1 bg-transparent"
          aria-describedby={`${id}-hint`}
          aria-invalid={problems.size > 0 || error !== undefined || undefined}
          value={typed}
          onChange={(event) => onType(event.target.value)}
          onKeyDown={press}
          onPaste={paste}
          onBlur={leave}
        />
      </div>
      <p id={`${id}-hint`} className="text-sm text-kumo-subtle">
        Press Enter after each, or paste a whole list.
      </p>
      {(error !== undefined || problems.size > 0) && (
        <div role="alert" className="text-sm text-kumo-danger">
          <ul>
            {error !== undefined && <li>{error}</li>}
            {[...problems].map(([address, problem]) => (
              <li key={address}>
                {address}: {problem}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
