// One of several: the browser's own list where it is short, a field to search in where it is long.
import { useDeferredValue, useId, useState, type KeyboardEvent } from 'react';

import { SelectField } from './field';

export interface Option {
  value: string;
  text: string;
  /** The heading that it stands under. */
  under?: string;
}

interface ChoiceProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly Option[];
  /** What choosing nothing means; without it something has to be chosen. */
  none?: string;
  /** Whether these are all options; the others are read when somebody searches. */
  isComplete?: boolean;
  onSearch?: () => void;
  required?: boolean;
  error?: string;
  className?: string;
}

/** Among more than this, a page of the API, nobody finds anything in a browser's own list. */
export const LISTED = 200;
const MOST_FOUND = 30;

export function Choice(props: ChoiceProps) {
  // Told by the first page: a list that grew into a search while it is used would lose the focus.
  return props.isComplete === false || props.options.length > LISTED ? <Search {...props} /> : <List {...props} />;
}

function List({ label, value, onChange, options, none, required, error, className }: ChoiceProps) {
  const headings = [...new Set(options.map((one) => one.under))];
  return (
    <SelectField label={label} className={className} value={value} required={required} error={error} onChange={(event) => onChange(event.target.value)}>
      {none !== undefined && <option value="">{none}</option>}
      {value !== '' && !options.some((one) => one.value === value) && <option value={value}>{value}</option>}
      {headings.map((under) => {
        const group = options.filter((one) => one.under === under).map((one) => (
          <option key={one.value} value={one.value}>
            {one.text}
          </option>
        ));
        return under === undefined ? (
          group
        ) : (
          <optgroup key={under} label={under}>
            {group}
          </optgroup>
        );
      })}
    </SelectField>
  );
}

function Search({ label, value, onChange, options, none, isComplete = true, onSearch, error, className }: ChoiceProps) {
  const id = useId();
  // What is being typed; null while the field shows what is chosen.
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const wanted = useDeferredValue(typed ?? '').trim().toLowerCase();
  const fitting = typed === null ? [] : options.filter((one) => `${one.text} ${one.value}`.toLowerCase().includes(wanted));
  const shown: Option[] = [...(none !== undefined && typed !== null && wanted === '' ? [{ value: '', text: none }] : []), ...fitting.slice(0, MOST_FOUND)];
  const chosen = options.find((one) => one.value === value)?.text ?? (value === '' ? (none ?? '') : value);
  const take = (option: Option | undefined) => {
    if (option !== undefined) onChange(option.value);
    setTyped(null);
    setAt(0);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (typed === null) setTyped('');
      else setAt((at + step + shown.length) % Math.max(shown.length, 1));
    }
    if (event.key === 'Enter' && typed !== null) (event.preventDefault(), take(shown[at]));
    if (event.key === 'Escape' && typed !== null) (event.stopPropagation(), setTyped(null));
  };
  const isOpen = typed !== null;
  const notes = [fitting.length > MOST_FOUND ? `${(fitting.length - MOST_FOUND).toLocaleString('en')} more: type on.` : '', isComplete ? '' : 'More are being read…'].filter(Boolean).join(' ');
  return (
    <div className={`relative flex min-w-0 flex-col gap-1 ${className ?? ''}`}>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && shown.length > 0 ? `${id}-${at}` : undefined}
        aria-invalid={error !== undefined || undefined}
        autoComplete="off"
        className="control"
        placeholder="Type to search"
        value={typed ?? chosen}
        onFocus={() => (setTyped(''), onSearch?.())}
        onBlur={() => setTyped(null)}
        onChange={(event) => (setTyped(event.target.value), setAt(0))}
        onKeyDown={press}
      />
      <div hidden={!isOpen} className="absolute inset-x-0 top-full z-30 mt-1 max-h-72 overflow-y-auto rounded-lg border border-kumo-line bg-kumo-base p-1 shadow-lg">
        <ul id={`${id}-list`} role="listbox" aria-label={label}>
          {shown.map((option, index) => (
            // A press of the mouse would take the focus, and with it the list, before the click.
            <li key={option.value} id={`${id}-${index}`} role="option" aria-selected={index === at} className={`cursor-pointer rounded px-2 py-1 ${index === at ? 'bg-kumo-tint' : ''}`} onMouseDown={(event) => event.preventDefault()} onMouseMove={() => setAt(index)} onClick={() => take(option)}>
              {option.text} {option.under !== undefined && <span className="text-sm text-kumo-subtle">{option.under}</span>}
            </li>
          ))}
        </ul>
        <p role="status" className="px-2 py-1 text-sm text-kumo-subtle">
          {isOpen && (shown.length === 0 ? (isComplete ? 'Nothing is called like that.' : 'Nothing yet. More are being read…') : notes)}
        </p>
      </div>
      {error !== undefined && <p className="text-sm text-kumo-danger">{error}</p>}
    </div>
  );
}
