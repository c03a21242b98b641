// Import CSV: rows checked offline as you watch, a dry run against the server, then sending, with progress and a report.
import { useMemo, useState } from 'react';
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
import { useJudging } from '../invite/judging';
import { Drop } from './drop';
import { Report, saveReport } from './report';
import { send, type Progress } from './send';

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
  return (
    <Loaded query={access} what="Starting the check">
      {({ engine, snapshot }) => <Judged ws={ws} text={text} name={name} onForget={onForget} parse={() => engine.parseInvites(text, { snapshot })} />}
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
  const [progress, setProgress] = useState<Progress | null>(null);
  const path = at(ws, '/invites/bulk');
  const raw = { content: text, type: 'text/csv' };
  const dry = useMutation({ mutationFn: () => call<BulkReport>('POST', path, { raw, query: { dry_run: true } }) });
  const sending = useMutation({
    mutationFn: () => send(ws, text, offline, skips, newKey(), setProgress),
    onSuccess: () => refresh(ws),
  });
  const report = sending.data ?? dry.data ?? offline;
  const stage = sending.data !== undefined ? 'sent' : dry.data !== undefined ? 'dry run' : 'offline';
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
      {progress !== null && sending.isPending && <Sending progress={progress} />}
      <div className="flex flex-wrap gap-2">
        {stage !== 'sent' && (
          <>
            <Button loading={dry.isPending} onClick={() => dry.mutate()}>
              Dry run on the server
            </Button>
            <Button variant="primary" loading={sending.isPending} disabled={good === 0 || isBad} onClick={() => sending.mutate()}>
              Send {count(good, 'invite')}
            </Button>
          </>
        )}
        <Button onClick={() => saveReport(report, name)}>Download the report</Button>
        <Button variant="ghost" onClick={onForget}>
          {stage === 'sent' ? 'Import another file' : 'Choose another file'}
        </Button>
      </div>
    </>
  );
}

function Sending({ progress }: { progress: Progress }) {
  return (
    <div className="flex flex-col gap-1">
      <p role="status">
        {progress.done} of {count(progress.total, 'row')} sent
      </p>
      <progress className="w-full" aria-label="Sending" value={progress.done} max={progress.total} />
    </div>
  );
}
