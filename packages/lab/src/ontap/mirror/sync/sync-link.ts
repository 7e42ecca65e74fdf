import { z } from 'zod';
import { type InterclusterClient, PeerUnreachable } from '../../intercluster/client.ts';
import type { SyncRequest } from '../../intercluster/protocol.ts';

export type TurnAround = Omit<Extract<SyncRequest, { method: 'syncTurn' }>, 'method'>;

/** The way by which writes and storage snapshots go to the other side at once; the lab can cut it alone. */
export class SyncLink {
  readonly #peer: InterclusterClient | undefined;
  isUp = true;

  constructor(peer: InterclusterClient | undefined) {
    this.#peer = peer;
  }

  /** Throws when the other side does not answer, or refuses. */
  async ask<T>(request: SyncRequest, schema: z.ZodType<T>): Promise<T> {
    this.check();
    if (!this.#peer) throw new PeerUnreachable('this cluster has no peer');
    return (await this.#peer.call(request, schema)).result;
  }

  async turnAround(wanted: TurnAround): Promise<void> {
    await this.ask({ method: 'syncTurn', ...wanted }, z.object({}));
  }

  check(): void {
    if (!this.isUp) throw new PeerUnreachable('the link for synchronous replication is down');
  }
}
