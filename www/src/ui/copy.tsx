// Text that is there to be copied, with the button that does it.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';

import { failed } from './toast';
import { CopyIcon } from './icons';

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    failed('The browser did not let the page copy. Select the text and copy it by hand.');
    return false;
  }
}

export function CopyField({ label, value }: { label: string; value: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => setCopied(await copyText(value));
  return (
    <div className="flex items-end gap-2">
      <label className="flex min-w-0 flex-1 flex-col gap-1">
        <span className="font-medium">{label}</span>
        <input readOnly value={value} className="control font-mono" onFocus={(event) => event.currentTarget.select()} />
      </label>
      <Button onClick={() => void copy()} icon={CopyIcon} aria-label={`Copy ${label}`}>
        <span aria-live="polite">{isCopied ? 'Copied' : 'Copy'}</span>
      </Button>
    </div>
  );
}

/** Saves text as a file on the reader's machine. */
export function download(name: string, text: string, type = 'text/csv'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
