// Import CSV: rows checked offline as you watch, a dry run against the server, then sending, with progress and a report.
import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import type { InviteReport } from 'rolecall';

import { refresh } from '../../api/client';
import { call, messageOf, newKey } from '../../api/http';
import { at } from '../../api/queries';
import type { BulkReport } from '../../api/types';
import type { ViewProps } from '../../shell/views';
import { AreaField, Check } from '../../ui/field';
import { ButtonLink } from '../../ui/link';
import { Loaded, Page, Section } from '../../ui/page';
import { count } from '../../words';
import { SeatMeter } from '../invite/seats';
import { useIsLarge, useJudging } from '../invite/judging';
import { Drop } from './drop';
import { Report, saveReport } from './report';
import { begin, reportOf, send, sendWhole, type Sending } from './send';

const EXAMPLE = 'email,name,grants,groups\nann@example.com,Ann Lee,workspace_member;source_read_only,\n';

export function View({ ws }: ViewProps) {
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  return (
    <Page title="Import CSV" intro="Invite up to 10,000 people from a file with the columns email, name, grants and groups." actions={<ButtonLink href={`/w/${ws}/invite`}>Invite a few by hand</ButtonLink>}>
      <Drop onFile={setFile} name={file?.name} />
      {file === null ? <Paste onText={(text) => setFile({ name: 'pasted rows', text })} /> : <Checked key={file.text} ws={ws} text={file.text} name={file.name} onForget={() => setFile(null)} />}
    </Page>
  );
}

function Paste({ onText }: { onText: (text: string) => void }) {
  const [text, setText] = useState('');
  return (
    <div className="card flex flex-col gap-3 p-4">
      <AreaField label="Or paste the rows" rows={6} placeholder={EXAMPLE} value={text} onChange={(event) => setText(event.target.value)} hint="Several grants or groups in a cell are separated by semicolons." />
      <Button className="self-start" disabled={text.trim() === ''} onClick={() => onText(text)}>
        Check these rows
      </Button>
    </div>
  );
}

function Checked({ ws, text, name, onForget }: { ws: string; text: string; name: string; onForget: () => void }) {
  const access = useJudging(ws);
  // What a page has of a large workspace lacks most groups, members and invites: it would call what is right wrong.
  const isLarge = useIsLarge(ws);
  return (
    <Loaded query={access} what="Starting the check">
      {({ engine, snapshot }) => (
        <>
          {isLarge && <p className="text-kumo-subtle">This workspace is large: the page checks the file itself, and the dry run looks for its members, invites and groups.</p>}
          <Judged ws={ws} text={text} name={name} onForget={onForget} parse={() => engine.parseInvites(text, isLarge ? {} : { snapshot })} />
        </>
      )}
    </Loaded>
  );
}

function Judged({ ws, text, name, onForget, parse }: { ws: string; text: string; name: string; onForget: () => void; parse: () => InviteReport }) {
  // The file and the workspace stay the same while this is shown.
  const offline = useMemo(() => {
    try {
      return parse();
    } catch (error) {
      return error as Error;
    }
  }, []);
  if (offline instanceof Error) {
    return (
      <div role="alert" className="card flex flex-col items-start gap-3 p-4">
        <p className="text-kumo-danger">{offline.message}</p>
        <Button onClick={onForget}>Choose another file</Button>
      </div>
    );
  }
  return <Steps ws={ws} text={text} name={name} offline={offline} onForget={onForget} />;
}

function Steps({ ws, text, name, offline, onForget }: { ws: string; text: string; name: string; offline: InviteReport; onForget: () => void }) {
  const [skips, setSkips] = useState(true);
  const raw = { content: text, type: 'text/csv' };
  const dry = useMutation({ mutationFn: () => call<BulkReport>('POST', at(ws, '/invites/bulk'), { raw, query: { dry_run: true } }) });
  const sending = useSending(ws, text, offline, skips);
  const { state } = sending;
  const report = state !== null && state.done > 0 ? reportOf(state) : (dry.data ?? offline);
  const stage = state !== null && state.done > 0 ? 'sent' : dry.data !== undefined ? 'dry run' : 'offline';
  const good = report.summary.invited;
  const isBad = report.summary.invalid > 0 && !skips;
  return (
    <>
      <SeatMeter ws={ws} more={stage === 'sent' ? 0 : good} />
      <Section title={stage === 'sent' ? `${count(good, 'invite')} sent` : `${name}: ${count(report.summary.total, 'row')}`}>
        <Report report={report} stage={stage} />
      </Section>
      {stage !== 'sent' && report.summary.invalid > 0 && <Check label="Leave out the rows with errors and send the others" checked={skips} onChange={(event) => setSkips(event.target.checked)} />}
      {[dry.error, sending.error].map((error, index) => error !== null && <p key={index} role="alert" className="text-kumo-danger">{messageOf(error)}</p>)}
      {state !== null && <Progress state={state} isRunning={sending.isRunning} onStop={sending.stop} onGoOn={sending.start} />}
      <div className="flex flex-wrap gap-2">
        {stage !== 'sent' && (
          <>
            <Button loading={dry.isPending} onClick={() => dry.mutate()}>
              Dry run on the server
            </Button>
            <Button variant="primary" loading={sending.isRunning} disabled={good === 0 || isBad} onClick={sending.start}>
              Send {count(good, 'invite')}
            </Button>
          </>
        )}
        <Button onClick={() => saveReport(report, name)}>Download the report</Button>
        <Button variant="ghost" disabled={sending.isRunning} onClick={onForget}>
          {stage === 'sent' ? 'Import another file' : 'Choose another file'}
        </Button>
      </div>
    </>
  );
}

/** Sends the file, and goes on from where it stopped or broke off; leaving the page stops it after the piece that is on its way. */
function useSending(ws: string, text: string, offline: InviteReport, skips: boolean) {
  const [state, setState] = useState<Sending | null>(null);
  const [key] = useState(newKey);
  const control = useRef<AbortController | null>(null);
  const stop = () => control.current?.abort();
  useEffect(() => stop, []);
  const run = useMutation({
    mutationFn: () => {
      const { signal } = (control.current = new AbortController());
      if (!skips) return sendWhole(ws, text, newKey());
      const from = state ?? begin(text);
      setState(from);
      return send(ws, text, offline, from, key, setState, signal);
    },
    onSuccess: setState,
    onSettled: () => refresh(ws),
  });
  return { state, error: run.error, isRunning: run.isPending, start: () => run.mutate(), stop };
}

function Progress({ state: { done, total }, isRunning, onStop, onGoOn }: { state: Sending; isRunning: boolean; onStop: () => void; onGoOn: () => void }) {
  if (!isRunning && done >= total) return null;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <p role="status" className="whitespace-nowrap">{`${done.toLocaleString('en')} of ${count(total, 'row')} sent`}</p>
      <progress className="min-w-24 flex-1" aria-label="Sending" value={done} max={total} />
      {isRunning ? (
        <Button size="sm" onClick={onStop}>
          Stop
        </Button>
      ) : (
        <Button size="sm" variant="primary" onClick={onGoOn}>
          Go on with the rest
        </Button>
      )}
    </div>
  );
}
