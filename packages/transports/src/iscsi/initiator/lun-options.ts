import { type Clock, LeewardError, type Randomness } from '@leeward/core';
import { maxLun } from '../../scsi/lun.ts';
import type { Portal } from '../pdu/portal-address.ts';
import { type ChapCredentials, checkChap } from './chap-credentials.ts';
import { type ConnectionTimeouts, defaultTimeouts } from './connection-options.ts';
import type { DigestChoice, DigestChoices } from './operational-offer.ts';

/** What discovery, listing and opening of LUNs have in common. */
export interface InitiatorOptions {
  /** Of one target; tried in this order, sessions are spread over them. */
  readonly portals: readonly Portal[];
  /** Name of this initiator, `iqn.…`, `eui.…` or `naa.…`. */
  readonly initiatorName: string;
  readonly chap?: ChapCredentials | undefined;
  /** CRC32C over headers and data; one word for both. Default `accept`. */
  readonly digests?: DigestChoice | Partial<DigestChoices> | undefined;
  readonly localAddress?: string | undefined;
  readonly timeouts?: Partial<ConnectionTimeouts> | undefined;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

export interface TargetOptions extends InitiatorOptions {
  readonly targetName: string;
}

export interface IscsiLunOptions extends TargetOptions {
  readonly lun: number;
  /** Sessions to keep, spread over the portals. Default 2. */
  readonly sessions?: number | undefined;
  /**
   * Upper bound of one READ; also bounded by the Block Limits of the device. Its data may come in several bursts.
   * Default 512 KiB, the largest that no known target is slow with.
   */
  readonly readBytes?: number | undefined;
  /** At most so many READs in flight on each session. Default 16. */
  readonly readsInFlight?: number | undefined;
  /** How long a lost or busy target is tried again before a read fails. Default 120,000. */
  readonly giveUpAfterMs?: number | undefined;
}

export const maxSessions = 32;
const maxReadBytes = 16 * 1024 * 1024 - 512;

/** Throws `L-BLK-115` when an option cannot be used. */
export function checkInitiator(options: InitiatorOptions): void {
  const { portals, initiatorName, chap } = options;
  if (portals.length === 0) throw bad('no portal is given');
  for (const { host, port = 3260 } of portals)
    if (!host || !(port > 0 && port < 65_536)) throw bad(`the portal "${host}" port ${port}`);
  if (!isIscsiName(initiatorName)) throw bad(`"${initiatorName}" is no initiator name`);
  checkChap(chap);
}

export function checkLunOptions(options: IscsiLunOptions): void {
  checkInitiator(options);
  checkTargetName(options.targetName);
  const { lun, sessions = 2, readBytes = 512, readsInFlight = 1 } = options;
  if (!Number.isInteger(lun) || lun < 0 || lun > maxLun) throw bad(`the LUN number ${lun}`);
  if (!(sessions >= 1 && sessions <= maxSessions)) throw bad(`${sessions} sessions`);
  if (!(readBytes >= 512 && readBytes <= maxReadBytes)) throw bad(`reads of ${readBytes} bytes`);
  if (!(readsInFlight >= 1 && readsInFlight <= 1024)) throw bad(`${readsInFlight} reads in flight`);
}

export function checkTargetName(name: string): void {
  if (!isIscsiName(name)) throw bad(`"${name}" is no target name`);
}

/** RFC 3720 allows little in names; arrays compare them byte by byte. */
function isIscsiName(name: string): boolean {
  return (
    /^(iqn\.\d{4}-\d{2}\.[^\s=,]+|eui\.[0-9a-fA-F]{16}|naa\.([0-9a-fA-F]{16}|[0-9a-fA-F]{32}))$/.test(name) &&
    Buffer.byteLength(name) <= 223
  );
}

export function digestChoices(digests: InitiatorOptions['digests']): DigestChoices {
  if (typeof digests === 'string') return { header: digests, data: digests };
  return { header: digests?.header ?? 'accept', data: digests?.data ?? 'accept' };
}

export function timeoutsOf(options: InitiatorOptions): ConnectionTimeouts {
  return { ...defaultTimeouts, ...options.timeouts };
}

function bad(problem: string): LeewardError {
  return new LeewardError('L-BLK-115', { problem });
}
