import type { Clock, Randomness } from '@leeward/core';
import type { Portal } from '../pdu/portal-address.ts';
import type { ChapCredentials } from './chap-credentials.ts';
import type { DigestChoices } from './operational-offer.ts';

/** Bounds of every wait on one connection. */
export interface ConnectionTimeouts {
  readonly connectMs: number;
  /** From the connection to the full feature phase. */
  readonly loginMs: number;
  /** A command that takes longer is aborted and repeated. */
  readonly commandMs: number;
  /** Silence after which a ping is sent, and silence after that for which the portal counts as lost. */
  readonly pingAfterMs: number;
  readonly pingTimeoutMs: number;
}

export const defaultTimeouts: ConnectionTimeouts = {
  connectMs: 5_000,
  loginMs: 15_000,
  commandMs: 30_000,
  pingAfterMs: 5_000,
  pingTimeoutMs: 5_000,
};

export interface ConnectionOptions {
  readonly portal: Portal;
  readonly initiatorName: string;
  /** None for discovery. */
  readonly targetName: string | undefined;
  readonly isid: Uint8Array;
  readonly chap: ChapCredentials | undefined;
  readonly digests: DigestChoices;
  readonly maxReceiveBytes: number;
  readonly maxBurstBytes: number;
  readonly localAddress: string | undefined;
  readonly timeouts: ConnectionTimeouts;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** The target says that something about its LUNs changed. */
  readonly onAttention?: () => void;
  /** Called once, when the connection ended for whatever reason. */
  readonly onClosed?: (reason: unknown) => void;
}
