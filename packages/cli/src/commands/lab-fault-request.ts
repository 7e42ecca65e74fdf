import { LeewardError } from '@leeward/core';
import type { FaultDeed, FaultRequest } from '@leeward/lab';

/** Options of `lab fault add` as they are given. */
export interface FaultOptions {
  readonly method?: string;
  readonly path?: string;
  readonly step?: string;
  readonly port?: string;
  readonly vm?: string;
  readonly job?: true;
  readonly refuse?: true;
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly delay?: number;
  readonly cut?: 'before' | 'after';
  readonly hang?: true;
  readonly fail?: true;
  readonly down?: number;
  readonly when?: 'before' | 'after';
  readonly atPercent?: number;
  readonly nth: number;
  readonly times: number | 'all';
}

/** What the options ask for; throws `L-CFG-103` when they do not go together. */
export function faultRequest(options: FaultOptions): FaultRequest {
  const { method, path, step, port, vm, nth, times } = options;
  const deed = deedOf(options);
  const place = placeOf(options, deed);
  if (place === 'now' && (nth !== 1 || times !== 1))
    throw wrong('what happens at once has no --nth and no --times; name a call with --method or --path');
  if (port !== undefined && step !== undefined) throw wrong('--step and --port do not go together');
  if (options.job && (step !== undefined || port !== undefined))
    throw wrong('--job goes with --method and --path alone');
  if (vm !== undefined && place !== 'call' && place !== 'job')
    throw wrong('--vm goes with --method of a vCenter');
  checkPlace(place, deed, options);
  const turns = { nth, times: times === 'all' ? undefined : times };
  return { place, method, path, step, port: port === 'any' ? undefined : port, vm, ...turns, deed };
}

/** A path of `/folder` is one of datastore files; a port alone means its calls, or the port itself. */
function placeOf(
  { method, path, step, port, vm, job }: FaultOptions,
  deed: FaultDeed,
): FaultRequest['place'] {
  if (job) return 'job';
  if (step !== undefined) return 'step';
  if (method === undefined && path?.startsWith('/folder')) return 'file';
  const isCalled = method !== undefined || path !== undefined || vm !== undefined;
  if (deed.kind === 'down' && !isCalled) return 'now';
  if (port !== undefined) return 'port';
  return 'call';
}

function deedOf(options: FaultOptions): FaultDeed {
  const { refuse, delay, cut, hang, fail, down } = options;
  const chosen = Object.entries({ refuse, delay, cut, hang, fail, down }).filter(
    ([, value]) => value !== undefined,
  );
  const [only] = chosen;
  if (!only || chosen.length > 1)
    throw wrong('give one of --refuse, --delay, --cut, --hang, --fail and --down');
  checkDetails(only[0], options);
  if (delay !== undefined) return { kind: 'delay', delayMs: delay };
  if (cut !== undefined) return { kind: 'cut', when: cut };
  if (down !== undefined) return { kind: 'down', forMs: down, when: options.when };
  if (hang) return { kind: 'hang', atPercent: options.atPercent };
  const { status, message } = options;
  const code = codeOf(options.code);
  if (fail) return { kind: 'fail', atPercent: options.atPercent ?? 0, code, message };
  return { kind: 'refuse', status, code, message };
}

/** What a place cannot do, or has no words for. */
function checkPlace(
  place: FaultRequest['place'],
  deed: FaultDeed,
  { code, status, message, atPercent }: FaultOptions,
): void {
  if (deed.kind === 'fail' && place !== 'step') throw wrong('--fail goes with --step alone');
  if (atPercent !== undefined && place !== 'step') throw wrong('--at-percent goes with --step alone');
  if (place === 'job' && !['refuse', 'delay', 'down'].includes(deed.kind))
    throw wrong('--job goes with --refuse, --delay and --down');
  if (deed.kind !== 'refuse') return;
  if (place === 'file' && code !== undefined) throw wrong('files are refused with --status, not with --code');
  if (place !== 'port') return;
  if (code === undefined || status !== undefined || message !== undefined)
    throw wrong(
      'a data port refuses with --code alone: an NFS status such as IO or STALE, BUSY, or a SCSI sense such as 03/11/00',
    );
}

/** Details that the chosen deed has no use for are refused, not dropped. */
function checkDetails(chosen: string, { status, code, message, when, atPercent }: FaultOptions): void {
  const uses: Readonly<Record<string, readonly string[]>> = {
    refuse: ['status', 'code', 'message'],
    fail: ['code', 'message', 'atPercent'],
    hang: ['atPercent'],
    down: ['when'],
  };
  const names: Readonly<Record<string, string>> = { atPercent: 'at-percent' };
  for (const [name, value] of Object.entries({ status, code, message, when, atPercent }))
    if (value !== undefined && !uses[chosen]?.includes(name))
      throw wrong(`--${chosen} has no use for --${names[name] ?? name}`);
}

/** Codes of some systems are numbers. */
function codeOf(text: string | undefined): string | number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

function wrong(problem: string): LeewardError {
  return new LeewardError('L-CFG-103', { problem: `${problem}.` });
}
