// The CPU time of processes, as Linux counts it.
import { readFileSync } from 'node:fs';

/** How long a tick of /proc is on Linux. */
const TICK_MS = 10;

/** Milliseconds of CPU time that processes have taken so far, the system's part included; of those of one name where one is given. */
export function cpu(pids: string[], name?: string): number {
  const times = pids.map((pid) => {
    const [, called, rest = ''] = /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const fields = rest.split(' ');
    return name === undefined || called === name ? (Number(fields[11]) + Number(fields[12])) * TICK_MS : 0;
  });
  return times.reduce((sum, time) => sum + time, 0);
}
