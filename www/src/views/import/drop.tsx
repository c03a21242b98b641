// Where a file is dropped or chosen.
import { useId, useState, type DragEvent } from 'react';

import { UploadSimpleIcon } from '../../ui/icons';
import { failed } from '../../ui/toast';

const MOST_BYTES = 10 * 1024 * 1024;

export function Drop({ onFile, name }: { onFile: (file: { name: string; text: string }) => void; name?: string }) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > MOST_BYTES) return failed('The file is larger than 10 MiB. Split it.');
    onFile({ name: file.name, text: await file.text() });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <div
      className={`flex flex-col items-center gap-2 rounded-xl border-2 border-dashed p-6 text-center ${isOver ? 'border-kumo-info bg-kumo-tint' : 'border-kumo-line'}`}
      onDragOver={(event) => (event.preventDefault(), setOver(true))}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <UploadSimpleIcon className="size-6" />
      <label htmlFor={id} className="font-medium">
        {name === undefined ? 'Drop a CSV file here, or choose one' : `${name}. Drop another file here, or choose one`}
      </label>
      <input id={id} type="file" accept=".csv,text/csv" className="max-w-full" onChange={(event) => void take(event.target.files?.[0])} />
    </div>
  );
}
