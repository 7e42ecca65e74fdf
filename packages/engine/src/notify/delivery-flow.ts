import { type ErrorReport, isoTime, LeewardError, reportOf } from '@leeward/core';
import { z } from 'zod';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { type SendDeps, sendOver } from './send.ts';

const inputSchema = z.object({ deliveryId: z.string() });

/** One partition per channel: one that stays away does not hold up the others. */
export const notificationQueue = 'notifications';
export const deliveriesAtOnce = 2;

/** In all about twenty minutes. */
const retry = { attempts: 8, firstDelayMs: 10_000, maxDelayMs: 600_000 };
const tryTimeoutMs = 60_000;

export interface DeliveryDeps extends SendDeps {
  readonly store: BackupDeps['store'];
}

/** Ends as `delivered`, `failed` or, where delivery or channel are gone, `gone`. */
export type DeliveryEnd = 'delivered' | 'failed' | 'gone';

export function deliveryFlowId(deliveryId: string): string {
  return `notify-${deliveryId}`;
}

/** Delivers one message of the outbox, with bounded tries; what becomes of it is written down with each. */
export function deliveryFlow(deps: DeliveryDeps): FlowDefinition<z.infer<typeof inputSchema>, DeliveryEnd> {
  const { store, clock } = deps;
  return {
    name: 'notification',
    parseInput: (value) => inputSchema.parse(value),
    async run(context, { deliveryId }) {
      let end: DeliveryEnd;
      try {
        end = await context.step('send', { retry, timeoutMs: tryTimeoutMs }, (signal) =>
          sendOnce(deliveryId, signal),
        );
      } catch (error) {
        if (isOwnershipLost(error)) throw error;
        end = 'failed';
        // A try that took too long was not written down by itself.
        const { code, ...report } = reportOf(error);
        if (!code.startsWith('L-NTF-'))
          await context.step('problem', {}, () => store.deliveries.tried(deliveryId, { code, ...report }));
      }
      await context.step('end', {}, async () => {
        if (end !== 'gone') await store.deliveries.end(deliveryId, end, isoTime(clock.now()));
      });
      return end;
    },
  };

  async function sendOnce(deliveryId: string, signal: AbortSignal): Promise<DeliveryEnd> {
    const delivery = await store.deliveries.find(deliveryId);
    const channel = delivery && (await store.channels.list()).find(({ id }) => id === delivery.channelId);
    if (!delivery || !channel) return 'gone';
    let problem: ErrorReport | undefined;
    try {
      await sendOver(deps, channel, delivery.message, deliveryId, signal);
      return 'delivered';
    } catch (error) {
      problem = reportOf(error);
      throw error instanceof LeewardError
        ? error
        : new LeewardError('L-NTF-101', { target: channel.name, reason: problem.what }, error);
    } finally {
      if (!signal.aborted) await store.deliveries.tried(deliveryId, problem);
    }
  }
}
