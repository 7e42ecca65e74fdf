import type { Clock, ErrorCode, Randomness, ReachProof } from '@leeward/core';
import { dial } from '@leeward/transports/rpc/client/dial';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { SystemStore } from '../store/systems.ts';

/** What a probe works with. */
export interface ProbeTools {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly store: {
    readonly systems: Pick<SystemStore, 'get'>;
    readonly secrets: Pick<SecretStore, 'reveal'>;
  };
}

/** What one port showed over one protocol. */
export type PortFinding = Pick<ReachProof, 'reached' | 'proved' | 'refused' | 'sourceAddress' | 'text'>;

/** Bound of every single wait within a probe. */
export const probeWaitMs = 5_000;

/** Errors by which an array turns this proxy away: it answers, so the way to it is open. */
const refusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(['L-NET-105', 'L-NET-106', 'L-NET-107', 'L-NET-109', 'L-NET-112', 'L-NET-114'] as const),
  ...(['L-NET-116', 'L-NET-201', 'L-NET-202', 'L-NET-203'] as const),
  ...(['L-BLK-101', 'L-BLK-102', 'L-BLK-103', 'L-BLK-104', 'L-BLK-105', 'L-BLK-106', 'L-BLK-108'] as const),
  ...(['L-BLK-112', 'L-BLK-201', 'L-BLK-202'] as const),
]);

export function isRefusal(code: ErrorCode): boolean {
  return refusals.has(code);
}

/** Connects and gives the address from which that was done. Throws `L-NET-101`. */
export async function sourceTowards(
  { clock, randomness }: Pick<ProbeTools, 'clock' | 'randomness'>,
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { socket } = await dial({
    ...{ host, port, clock, randomness, signal },
    privilegedPort: 'never',
    timeoutMs: probeWaitMs,
    onBytes: () => undefined,
  });
  const { localAddress } = socket;
  socket.on('error', () => undefined);
  socket.destroy();
  return localAddress;
}
