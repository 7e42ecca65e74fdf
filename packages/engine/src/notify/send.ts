import { type Clock, LeewardError } from '@leeward/core';
import type { Trust } from '@leeward/platform';
import type { Channel } from '../store/channels.ts';
import type { Store } from '../store/store.ts';
import { slackBody, teamsBody } from './chat-body.ts';
import { type Message, messageText } from './message.ts';
import { type Mail, sendEmail } from './send-email.ts';
import { postJson, sendWebhook } from './send-http.ts';
import { sendSyslog } from './send-syslog.ts';
import { syslogLine } from './syslog-line.ts';

export interface SendDeps {
  readonly store: Pick<Store, 'secrets'>;
  readonly clock: Clock;
  /** Of this host, for syslog. */
  readonly hostname: string;
  /** The message as a mail shows it, with what is attached. */
  mailOf(message: Message): Promise<Pick<Mail, 'html' | 'attachments'>>;
}

/** Ids of what is sealed of a channel. */
export const channelSecrets = {
  /** Of the account at the mail server. */
  password: (channelId: string) => `notification/${channelId}/password`,
  /** The whole address of a webhook. */
  url: (channelId: string) => `notification/${channelId}/url`,
  /** For signatures. */
  secret: (channelId: string) => `notification/${channelId}/secret`,
} as const;

/** Sends a message over a channel; throws `L-NTF-101` and `L-NTF-102`, see `isPermanent`. */
export async function sendOver(
  deps: SendDeps,
  { id, target }: Pick<Channel, 'id' | 'target'>,
  message: Message,
  deliveryId: string,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, hostname } = deps;
  const reveal = (part: keyof typeof channelSecrets) => store.secrets.reveal(channelSecrets[part](id));
  const trust: Trust = { kind: 'ca', ...(target.caPem === undefined ? {} : { pem: target.caPem }) };
  switch (target.kind) {
    case 'email': {
      const { username, from, to } = target;
      const account = username === undefined ? undefined : { username, password: await reveal('password') };
      const subject = `[Leeward] ${message.severity}: ${message.title}`;
      const mail = { from, to, subject, text: messageText(message), id: deliveryId };
      return sendEmail({ ...target, account }, { ...mail, ...(await deps.mailOf(message)) }, signal);
    }
    case 'webhook': {
      const secret = target.signed ? await reveal('secret') : undefined;
      return sendWebhook(message, {
        ...{ url: await reveal('url'), trust, secret, deliveryId, clock, signal },
      });
    }
    case 'chat': {
      const body = target.style === 'slack' ? slackBody(message) : teamsBody(message);
      return postJson({ url: await reveal('url'), trust, body: JSON.stringify(body), signal });
    }
    case 'syslog': {
      const { facility } = target;
      const line = syslogLine(message, { facility, hostname, processId: process.pid });
      return sendSyslog(target, line, signal);
    }
    default:
      throw new LeewardError('L-RUN-103', { message: 'a channel of an unknown kind' });
  }
}
