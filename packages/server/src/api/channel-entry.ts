import { z } from 'zod';
import { createChannel } from './notification-inputs.ts';

const { name, enabled, rules, target } = createChannel.shape;
const [email, webhook, chat, syslog] = target.options;

/** A notification channel of a configuration; `from`: where a secret of its target is taken from. */
export function channelEntry<From extends z.ZodType>(from: From) {
  return z.strictObject({
    ...{ name, enabled, rules },
    target: z
      .discriminatedUnion('kind', [
        email
          .omit({ password: true })
          .partial({ host: true, from: true, to: true })
          .extend({ passwordFrom: from }),
        webhook
          .omit({ url: true, secret: true })
          .extend({ urlFrom: from, secretFrom: from, signed: z.boolean().optional() }),
        chat.omit({ url: true }).partial({ style: true }).extend({ urlFrom: from }),
        syslog.partial({ host: true }),
      ])
      .optional(),
  });
}
