// A resource's name, labels and parent: a new one, or one that is there.
import { useState, type FormEvent } from 'react';
import { Button } from '@cloudflare/kumo/components/button';
import { useMutation } from '@tanstack/react-query';
import type { ResourceType } from 'rolecall';

import { ResourceChoice } from '../../access/resource-choice';
import { refresh } from '../../api/client';
import { Problem, call, messageOf } from '../../api/http';
import { at, useLabels } from '../../api/queries';
import type { Resource } from '../../api/types';
import { Check, SelectField, TextField } from '../../ui/field';
import { Modal } from '../../ui/modal';
import { done } from '../../ui/toast';
import { RESOURCE_TYPES, capital, kindOf } from '../../words';

interface Form {
  type: ResourceType;
  id: string;
  name: string;
  parent: string;
  labels: Record<string, string>;
}

export function EditResource({ ws, resource, onClose }: { ws: string; resource?: Resource; onClose: () => void }) {
  const [form, setForm] = useState<Form>({ type: resource?.type ?? 'source', id: resource?.id ?? '', name: resource?.name ?? '', parent: resource?.parent ?? '', labels: resource?.labels ?? {} });
  const set = (change: Partial<Form>) => setForm((old) => ({ ...old, ...change }));
  const save = useMutation({
    mutationFn: () => {
      const body = { name: form.name.trim(), labels: form.labels, ...(form.type === 'destination' ? { parent: form.parent } : {}) };
      return call('PUT', at(ws, `/resources/${form.type}/${encodeURIComponent(form.id.trim())}`), { body });
    },
    onSuccess: () => {
      done(`${form.name} saved`);
      void refresh(ws);
      onClose();
    },
  });
  const problem = (path: string) => (save.error instanceof Problem ? save.error.issues.find((issue) => issue.path.startsWith(path))?.detail : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal title={resource === undefined ? 'New resource' : `Edit ${resource.name}`} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {resource === undefined && (
          <>
            <SelectField label="Kind" value={form.type} onChange={(event) => set({ type: event.target.value as ResourceType, labels: {} })}>
              {RESOURCE_TYPES.map((one) => (
                <option key={one} value={one}>
                  {capital(kindOf(one))}
                </option>
              ))}
            </SelectField>
            <TextField label="Id" required hint="As the thing is called where it lives: A–Z, a–z, 0–9, dot, underscore, hyphen." value={form.id} onChange={(event) => set({ id: event.target.value })} error={problem('/id')} />
          </>
        )}
        <TextField label="Name" required value={form.name} onChange={(event) => set({ name: event.target.value })} error={problem('/name')} />
        {form.type === 'destination' && (
          <ResourceChoice ws={ws} label="Source" required kinds={['source']} none="Choose the source that feeds it" value={form.parent} onChange={(parent) => set({ parent })} error={problem('/parent')} />
        )}
        {(form.type === 'source' || form.type === 'space') && <Labels ws={ws} value={form.labels} onChange={(labels) => set({ labels })} />}
        {save.isError && <p role="alert" className="text-kumo-danger">{messageOf(save.error)}</p>}
        <Button type="submit" variant="primary" className="self-end" loading={save.isPending}>
          Save
        </Button>
      </form>
    </Modal>
  );
}

/** One value for each key. */
function Labels({ ws, value, onChange }: { ws: string; value: Record<string, string>; onChange: (labels: Record<string, string>) => void }) {
  const labels = useLabels(ws, { least: Infinity }).rows ?? [];
  if (labels.length === 0) return null;
  const toggle = (key: string, text: string, isOn: boolean) => {
    const { [key]: _, ...rest } = value;
    onChange(isOn ? { ...rest, [key]: text } : rest);
  };
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="pb-1 font-medium">Labels</legend>
      {labels.map(({ key, value: text, description }) => (
        <Check key={`${key}:${text}`} label={`${key}:${text}`} hint={description ?? undefined} checked={value[key] === text} onChange={(event) => toggle(key, text, event.target.checked)} />
      ))}
    </fieldset>
  );
}
