// What became, or would become, of each row of a file.
import { useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';

import type { BulkReport, RowOutcome } from '../../api/types';
import { download } from '../../ui/copy';
import { csvOf } from '../../ui/csv';
import { SelectField } from '../../ui/field';

const OUTCOMES: Record<RowOutcome, string> = {
  invited: 'Invited',
  already_member: 'Is a member already',
  already_invited: 'Is invited already',
  duplicate: 'Twice in the file',
  invalid: 'Has errors',
};

export type Stage = 'offline' | 'dry run' | 'sent';

const SOURCE: Record<Stage, string> = {
  offline: 'Checked in this page; nothing was sent.',
  'dry run': 'Checked by the server; nothing was sent.',
  sent: 'What the server did.',
};

export function Report({ report, stage }: { report: BulkReport; stage: Stage }) {
  const [wanted, setWanted] = useState<RowOutcome | ''>(report.summary.invalid > 0 ? 'invalid' : '');
  const rows = wanted === '' ? report.rows : report.rows.filter((row) => row.outcome === wanted);
  return (
    <div className="flex flex-col gap-3">
      <p role="status">{SOURCE[stage]}</p>
      <dl className="flex flex-wrap gap-2">
        {(Object.keys(OUTCOMES) as RowOutcome[]).map((outcome) => (
          <div key={outcome} className="card flex flex-col px-3 py-2">
            <dt className="text-sm text-kumo-subtle">{stage === 'sent' || outcome !== 'invited' ? OUTCOMES[outcome] : 'Will be invited'}</dt>
            <dd className="text-lg font-semibold" data-outcome={outcome}>
              {report.summary[outcome].toLocaleString('en')}
            </dd>
          </div>
        ))}
      </dl>
      <SelectField label="Show" className="max-w-60" value={wanted} onChange={(event) => setWanted(event.target.value as RowOutcome | '')}>
        <option value="">All rows</option>
        {(Object.entries(OUTCOMES) as [RowOutcome, string][]).map(([outcome, words]) => (
          <option key={outcome} value={outcome}>
            {words}
          </option>
        ))}
      </SelectField>
      <Rows rows={rows} />
    </div>
  );
}

function Rows({ rows }: { rows: BulkReport['rows'] }) {
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => frame.current, estimateSize: () => 44, overscan: 10, getItemKey: (index) => rows[index]?.line ?? index });
  if (rows.length === 0) return <p className="text-kumo-subtle">No such rows.</p>;
  return (
    <div ref={frame} className="card max-h-96 overflow-auto" tabIndex={0} role="region" aria-label="Rows">
      <ul className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]!;
          return (
            <li key={item.key} ref={virtual.measureElement} data-index={item.index} className="absolute inset-x-0 flex flex-wrap gap-x-3 border-b border-kumo-line px-3 py-2" style={{ transform: `translateY(${item.start}px)` }}>
              <span className="w-20 shrink-0 text-kumo-subtle">Line {row.line}</span>
              <span className="min-w-0 flex-1 basis-40 break-all">{row.email}</span>
              <span className={row.outcome === 'invalid' ? 'basis-full text-kumo-danger sm:basis-1/2' : 'basis-40 text-kumo-subtle'}>
                {row.errors.length === 0 ? OUTCOMES[row.outcome] : row.errors.map((error) => `${error.column === null ? '' : `${error.column}: `}${error.detail}`).join(' ')}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

export function saveReport(report: BulkReport, name: string): void {
  const rows = report.rows.map((row) => [String(row.line), row.email, row.outcome, row.errors.map((error) => `${error.column ?? ''} ${error.code}: ${error.detail}`.trim()).join('; ')]);
  download(`report-${name.replace(/\.csv$/i, '').replace(/\W+/g, '-')}.csv`, csvOf([['line', 'email', 'outcome', 'errors'], ...rows]));
}
