// Sending a file of invites. The API takes it whole, but says nothing until the last row is in: a large file goes in pieces, so
// that there is progress to watch, a way to stop, and nothing lost when the connection breaks.
import { call } from '../../api/http';
import { at } from '../../api/queries';
import type { BulkReport, RowOutcome } from '../../api/types';
import type { InviteReport } from 'rolecall';

import { linesOf, recordsOf } from './records';

/** So many lines go at once. */
const PIECE = 1_000;

/** How far a file is: what was sent can be gone on from. */
export interface Sending {
  /** Rows that were sent, and how many there are; an empty line is one as well. */
  done: number;
  total: number;
  /** Lines of the file that those rows take. */
  lines: number;
  rows: BulkReport['rows'];
}

export const begin = (text: string): Sending => ({ done: 0, total: recordsOf(text).length - 1, lines: 0, rows: [] });

export function reportOf({ rows }: Pick<Sending, 'rows'>): BulkReport {
  const summary: Record<RowOutcome | 'total', number> = { invited: 0, already_member: 0, already_invited: 0, duplicate: 0, invalid: 0, total: rows.length };
  for (const { outcome } of rows) summary[outcome] += 1;
  return { summary, rows };
}

/** The lines that repeat an address of the file: where the first one went in an earlier piece, its invite is there by now. */
const repeated = ({ rows }: InviteReport): ReadonlySet<number> => new Set(rows.filter((row) => row.outcome === 'duplicate').map((row) => row.line));

/** One piece after the other, from where an earlier attempt ended; the same key makes a piece that was sent already harmless. */
export async function send(ws: string, text: string, offline: InviteReport, from: Sending, key: string, tell: (sending: Sending) => void, signal: AbortSignal): Promise<Sending> {
  const [header = '', ...records] = recordsOf(text);
  const twice = repeated(offline);
  let sending = from;
  while (sending.done < records.length && !signal.aborted) {
    const piece = records.slice(sending.done, sending.done + PIECE);
    const body = { content: header + piece.join(''), type: 'text/csv' };
    const answer = await call<BulkReport>('POST', at(ws, '/invites/bulk'), { raw: body, query: { on_error: 'skip' }, key: `${key}-${sending.done}` });
    const rows = answer.rows.map((row) => {
      const line = row.line + sending.lines;
      return { ...row, line, outcome: row.outcome === 'already_invited' && twice.has(line) ? ('duplicate' as const) : row.outcome };
    });
    sending = { ...sending, done: sending.done + piece.length, lines: sending.lines + piece.reduce((sum, record) => sum + linesOf(record), 0), rows: [...sending.rows, ...rows] };
    tell(sending);
  }
  return sending;
}

/** A file that goes whole or not at all is one request. */
export async function sendWhole(ws: string, text: string, key: string): Promise<Sending> {
  const report = await call<BulkReport>('POST', at(ws, '/invites/bulk'), { raw: { content: text, type: 'text/csv' }, query: { on_error: 'abort' }, key });
  return { done: report.summary.total, total: report.summary.total, lines: 0, rows: report.rows };
}
