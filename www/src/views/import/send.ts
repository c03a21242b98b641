// Sending a file of invites in pieces, so that there is progress to watch and none takes long.
import { call } from '../../api/http';
import { at } from '../../api/queries';
import type { BulkReport, RowOutcome } from '../../api/types';
import type { InviteReport } from 'rolecall';

import { linesOf, recordsOf } from './records';

export interface Progress {
  done: number;
  total: number;
}

/** So many lines go at once. */
const PIECE = 1_000;

const NOTHING: Record<RowOutcome | 'total', number> = { invited: 0, already_member: 0, already_invited: 0, duplicate: 0, invalid: 0, total: 0 };

function add(whole: BulkReport, piece: BulkReport, lines: number): BulkReport {
  const summary = Object.fromEntries(Object.entries(whole.summary).map(([name, number]) => [name, number + piece.summary[name as RowOutcome]])) as BulkReport['summary'];
  return { summary, rows: [...whole.rows, ...piece.rows.map((row) => ({ ...row, line: row.line + lines }))] };
}

/** The server's report on all of it. A small file, or one that goes whole or not at all, is one request. */
export async function send(ws: string, text: string, offline: InviteReport, skips: boolean, key: string, tell: (progress: Progress) => void): Promise<BulkReport> {
  const path = at(ws, '/invites/bulk');
  const total = offline.summary.total;
  tell({ done: 0, total });
  if (!skips || total <= PIECE) {
    return call<BulkReport>('POST', path, { raw: { content: text, type: 'text/csv' }, query: { on_error: skips ? 'skip' : 'abort' }, key });
  }
  const [header = '', ...records] = recordsOf(text);
  let whole: BulkReport = { summary: { ...NOTHING }, rows: [] };
  let before = 0;
  for (let from = 0; from < records.length; from += PIECE) {
    const piece = records.slice(from, from + PIECE);
    const answer = await call<BulkReport>('POST', path, { raw: { content: header + piece.join(''), type: 'text/csv' }, query: { on_error: 'skip' }, key: `${key}-${from}` });
    whole = add(whole, answer, before);
    before += piece.reduce((sum, record) => sum + linesOf(record), 0);
    tell({ done: Math.min(from + PIECE, total), total });
  }
  return whole;
}
