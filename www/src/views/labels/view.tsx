// Labels: `key:value` pairs on sources and spaces that roles can be scoped to.
import { useState, type FormEvent } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';

import { refresh } from '../../api/client';
import { Problem, call, messageOf, newKey } from '../../api/http';
import { useFitting } from '../../api/listing';
import { at, useLabels, useMyWorkspace } from '../../api/queries';
import type { Label } from '../../api/types';
import type { ViewProps } from '../../shell/views';
import { TextField } from '../../ui/field';
import { LongList } from '../../ui/long-list';
import { Empty, Page } from '../../ui/page';
import { useSearchText } from '../../ui/search-text';
import { done, failed } from '../../ui/toast';

const textOf = ({ key, value }: Label): string => `${key}:${value}`;
const make = (ws: string, { key, value, description }: Pick<Label, 'key' | 'value' | 'description'>) =>
  call('POST', at(ws, '/labels'), { body: { key, value, ...(description ? { description } : {}) }, key: newKey() });

export function View({ ws }: ViewProps) {
  const mayManage = useMyWorkspace(ws)!.actions.includes('label:manage');
  const [text, setText] = useSearchText();
  const labels = useLabels(ws, { least: text === '' ? 0 : Infinity });
  const shown = useFitting(labels.rows, text, (label) => `${textOf(label)} ${label.description ?? ''}`);
  const empty = text === '' ? <Empty title="No labels yet">{mayManage ? 'A good first one is environment:prod.' : 'Somebody who manages labels can make some.'}</Empty> : <Empty title="Nothing matches">No label has this in it.</Empty>;
  return (
    <Page title="Labels" intro="Put labels on sources and spaces, and scope roles to them: whatever gets the label later is covered as well. On the Business plan.">
      {mayManage && <NewLabel ws={ws} />}
      <TextField label="Search" type="search" className="max-w-md" value={text} onChange={(event) => setText(event.target.value)} />
      <div className="card">
        <LongList label="Labels" listing={labels} rows={shown} keyOf={textOf} isSearch={text !== ''} what="Loading labels" empty={empty}>
          {(label) => <Row ws={ws} label={label} mayManage={mayManage} />}
        </LongList>
      </div>
    </Page>
  );
}

function Row({ ws, label, mayManage }: { ws: string; label: Label; mayManage: boolean }) {
  const remove = useMutation({
    mutationFn: () => call('DELETE', at(ws, `/labels/${encodeURIComponent(label.key)}/${encodeURIComponent(label.value)}`)),
    onSuccess: () => {
      done(`${textOf(label)} is deleted`, () => void make(ws, label).catch((error: unknown) => failed(messageOf(error))).then(() => refresh(ws)));
      void refresh(ws);
    },
    onError: (error) => failed(error instanceof Problem && error.code === 'label_in_use' ? `${messageOf(error)} Take it off those first.` : messageOf(error)),
  });
  return (
    <div className="flex items-center gap-3 px-4 py-2.5">
      <code className="font-medium">{textOf(label)}</code>
      <span className="min-w-0 flex-1 text-kumo-subtle">{label.description}</span>
      {mayManage && (
        <Button size="sm" variant="secondary-destructive" aria-label={`Delete ${textOf(label)}`} loading={remove.isPending} onClick={() => remove.mutate()}>
          Delete
        </Button>
      )}
    </div>
  );
}

const BLANK = { key: '', value: '', description: '' };

function NewLabel({ ws }: { ws: string }) {
  const [form, setForm] = useState(BLANK);
  const add = useMutation({
    mutationFn: () => make(ws, form),
    onSuccess: () => {
      done(`${form.key}:${form.value} is there`);
      setForm(BLANK);
      void refresh(ws);
    },
  });
  const field = (name: keyof typeof BLANK) => ({
    value: form[name],
    onChange: (event: { target: { value: string } }) => setForm((old) => ({ ...old, [name]: event.target.value })),
    error: add.error instanceof Problem ? add.error.issues.find((issue) => issue.path === `/${name}`)?.detail : undefined,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form onSubmit={submit} className="card flex flex-wrap items-start gap-3 p-4">
      <TextField label="Key" required className="min-w-32 flex-1" {...field('key')} />
      <TextField label="Value" required className="min-w-32 flex-1" {...field('value')} />
      <TextField label="Description" className="min-w-40 flex-[2]" {...field('description')} />
      <Button type="submit" variant="primary" className="mt-6.5" loading={add.isPending}>
        New label
      </Button>
      {add.isError && !(add.error instanceof Problem && add.error.issues.length > 0) && <p role="alert" className="w-full text-kumo-danger">{messageOf(add.error)}</p>}
    </form>
  );
}
