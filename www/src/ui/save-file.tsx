// Saving a whole list as a file that the server writes, in the form that somebody wants.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';

import { call, messageOf, type Options } from '../api/http';
import { download } from './copy';
import { fileName } from './csv';
import { DownloadSimpleIcon } from './icons';
import { done, failed } from './toast';

const FORMATS = { CSV: ['text/csv', 'csv'], JSON: ['application/x-ndjson', 'ndjson'] } as const;

interface SaveProps {
  path: string;
  query: Options['query'];
  /** What the file is called, with the workspace and the day. */
  what: string;
  ws: string;
}

export function SaveFile({ path, query, what, ws }: SaveProps) {
  const [busy, setBusy] = useState<string | null>(null);
  const save = async (name: keyof typeof FORMATS) => {
    const [type, ending] = FORMATS[name];
    setBusy(name);
    try {
      download(fileName(what, ws, ending), await call<string>('GET', path, { query, accept: type }), type);
      done(`Saved as ${name}`);
    } catch (error) {
      failed(messageOf(error));
    }
    setBusy(null);
  };
  return (Object.keys(FORMATS) as (keyof typeof FORMATS)[]).map((name) => (
    <Button key={name} icon={DownloadSimpleIcon} loading={busy === name} onClick={() => void save(name)}>
      Export {name}
    </Button>
  ));
}
