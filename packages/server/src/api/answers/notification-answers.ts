import { messageSeverities } from '@leeward/core';
import type { ChannelView, DeliveryView, TestedChannel } from '@leeward/engine';
import { rulesSchema, targetSchema } from '@leeward/engine/store/channels';
import { z } from 'zod';
import { named } from './named.ts';
import { errorReport } from './problem-answer.ts';

const time = z.iso.datetime();

export const delivery = named(
  'NotificationDelivery',
  z.object({
    id: z.string(),
    channelId: z.string(),
    channelName: z.string(),
    title: z.string(),
    severity: z.enum(messageSeverities),
    topics: z.array(z.string()),
    runId: z.string().optional(),
    state: z
      .enum(['pending', 'delivered', 'failed'])
      .describe('`pending`: it is being tried; `failed`: given up'),
    attempts: z.int().describe('Tries so far'),
    createdAt: time,
    endedAt: time.optional(),
    problem: errorReport.optional().describe('Why the last try failed'),
  }) satisfies z.ZodType<DeliveryView>,
);

export const channel = named(
  'NotificationChannel',
  z.object({
    id: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    rules: rulesSchema,
    target: targetSchema.describe('Without passwords, secrets and addresses of webhooks'),
    lastDelivery: delivery.optional(),
  }) satisfies z.ZodType<ChannelView>,
);

export const testedChannel = named(
  'TestedNotificationChannel',
  z.object({
    delivered: z.boolean(),
    durationMs: z.int(),
    problem: errorReport.optional(),
  }) satisfies z.ZodType<TestedChannel>,
);
