// A deed for many as people watch it: how far it is, a way to stop, and afterwards whom it was refused for and why.
import { Button } from '@cloudflare/kumo/components/button';

import type { Run } from '../api/many';
import { count } from '../words';
import { download } from './copy';
import { csvOf } from './csv';

interface RunProps<T> {
  run: Run<T>;
  /** How one of them is called, and how many. */
  nameOf: (item: T) => string;
  one: string;
  onStop: () => void;
  onRetry: (items: T[]) => void;
}

/** So many refusals are read on a page; the file has all. */
const SHOWN = 50;

export function Running<T>({ run, nameOf, one, onStop, onRetry }: RunProps<T>) {
  const tried = run.done + run.failures.length;
  if (run.isRunning) {
    return (
      <div className="flex flex-wrap items-center gap-3">
        <p role="status" className="whitespace-nowrap">{`${tried.toLocaleString('en')} of ${count(run.total, one)}`}</p>
        <progress className="min-w-24 flex-1" aria-label="Progress" value={tried} max={run.total} />
        <Button size="sm" onClick={onStop}>
          Stop
        </Button>
      </div>
    );
  }
  const again = [...run.failures.map(({ item }) => item), ...run.left];
  if (again.length === 0) return <p role="status">{`Done for ${count(run.done, one)}`}</p>;
  return (
    <div role="alert" className="card flex flex-col gap-2 border-l-4 border-l-kumo-warning p-3">
      <p className="font-medium">{`Done for ${run.done.toLocaleString('en')} of ${count(run.total, one)}.`}</p>
      {run.left.length > 0 && <p>{`${run.broke ?? 'It was stopped.'} ${count(run.left.length, 'was', 'were')} not tried.`}</p>}
      {run.failures.length > 0 && (
        <>
          <p>{count(run.failures.length, 'was refused', 'were refused')}:</p>
          <ul className="list-disc pl-5">
            {run.failures.slice(0, SHOWN).map(({ item, why }) => (
              <li key={nameOf(item)}>
                <span className="font-medium">{nameOf(item)}</span>: {why}
              </li>
            ))}
          </ul>
          {run.failures.length > SHOWN && <p>{`and ${(run.failures.length - SHOWN).toLocaleString('en')} more: the report has all.`}</p>}
        </>
      )}
      <div className="flex flex-wrap gap-2">
        <Button size="sm" variant="primary" onClick={() => onRetry(again)}>
          {`Try ${again.length === 1 ? 'this one' : `these ${again.length.toLocaleString('en')}`} again`}
        </Button>
        <Button size="sm" onClick={() => saveReport(run, nameOf)}>
          Download the report
        </Button>
      </div>
    </div>
  );
}

function saveReport<T>(run: Run<T>, nameOf: (item: T) => string): void {
  const rows = [...run.failures.map(({ item, why }) => [nameOf(item), 'refused', why]), ...run.left.map((item) => [nameOf(item), 'not tried', run.broke ?? 'stopped'])];
  download('report.csv', csvOf([['name', 'outcome', 'reason'], ...rows]));
}
