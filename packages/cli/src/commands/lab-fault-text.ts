import type { LabFault } from '@leeward/lab';
import { duration } from '../output/format.ts';

/** Columns of `lab fault list`. */
export const faultColumns: Readonly<Record<string, (fault: LabFault) => string>> = {
  SYSTEM: ({ system }) => system,
  ID: ({ id }) => String(id),
  AT: whereText,
  WHAT: ({ action }) => whatText(action),
  TURN: turnText,
  CALLS: ({ calls }) => String(calls),
  HITS: ({ hits }) => String(hits),
  STATE: stateText,
};

/** `POST /api/…`, `job POST *`, `step replication vc1/vol1`, `port 127.0.0.22 READ /vol1/*`. */
export function whereText(fault: LabFault): string {
  const { at, method, path, step, port, origin, vm, action } = fault;
  if (at === 'now') return typeof action['port'] === 'string' ? `port ${action['port']}, at once` : 'at once';
  const kinds: Partial<Record<LabFault['at'], string>> = {
    ...{ job: 'job', task: 'task', step: `step ${step ?? '*'}`, port: `port ${port ?? '*'}`, file: 'file' },
  };
  const subject = path === '*' || path === '' ? undefined : path;
  const words = [kinds[at], method, subject, origin && `at ${origin}`, vm && `of ${vm}`].filter(Boolean);
  return words.length === 0 || (words.length === 1 && at === 'port')
    ? [...words, 'all calls'].join(' ')
    : words.join(' ');
}

export function whatText(action: LabFault['action']): string {
  const { kind, status, code, message, delayMs, when, atPercent, forMs, port } = action;
  const from = Number(atPercent) > 0 ? ` at ${String(atPercent)} %` : '';
  switch (kind) {
    case 'refuse':
      return ['refuse', status, code, message && `"${String(message)}"`].filter(Boolean).join(' ');
    case 'delay':
      return `delay by ${duration(Number(delayMs))}`;
    case 'cut':
      return when === 'after' ? 'do it, lose the answer' : 'cut before it is done';
    case 'hang':
      return `never answer${from}`;
    case 'fail':
      return `fail${from}`;
    case 'down':
      return `${when === 'after' ? 'do it, then ' : ''}down for ${duration(Number(forMs))}${port === undefined ? '' : ` (${String(port)})`}`;
    default:
      return kind;
  }
}

function turnText({ nth, times, at }: LabFault): string {
  if (at === 'now') return '';
  const first = nth === 1 ? '' : `from call ${nth} on, `;
  if (times === undefined) return `${first}always`;
  return `${first}${times === 1 ? 'once' : `${times} times`}`;
}

function stateText({ nth, times, calls, downForMs }: LabFault): string {
  if (downForMs !== undefined) return `down, ${duration(downForMs)} left`;
  if (times !== undefined && calls >= nth + times - 1) return 'over';
  return calls + 1 >= nth ? 'acts at the next call' : 'waits';
}
