import { messageSeverities, topics } from '@leeward/core';
import { z } from 'zod';

const name = z.string().min(1).max(200);
const host = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\w.:-]+$/, 'must be a name or an address');
const port = z.int().min(1).max(65_535);
const mail = z
  .string()
  .max(320)
  .regex(/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/, 'must be a mail address');
const url = z.string().min(1).max(2_000).describe('HTTPS; a secret, since senders are known by it');
const caPem = z
  .string()
  .min(1)
  .max(200_000)
  .describe('Authorities that its certificate is verified with; left out: those of the system');
const password = z.string().min(1).max(1_000);
const username = z.string().min(1).max(320);
const secret = z.string().min(16).max(1_000).describe('Under which bodies are signed (HMAC-SHA256)');
const security = z
  .enum(['tls', 'starttls', 'none'])
  .describe('Default `starttls`; `none`: only without a password');
const facility = z.int().min(0).max(23).describe('By RFC 5424; default 16 (local0)');
const transport = z.enum(['udp', 'tcp', 'tls']).describe('Default `udp`');

const email = {
  kind: z.literal('email'),
  host,
  port: port.optional().describe('Default 587, with `tls` 465, with `none` 25'),
  security: security.optional(),
  username: username.optional(),
  password: password.optional(),
  from: mail,
  to: z.array(mail).min(1).max(100),
  caPem: caPem.optional(),
};
const webhook = { kind: z.literal('webhook'), url, secret: secret.optional(), caPem: caPem.optional() };
const chat = {
  kind: z.literal('chat'),
  style: z.enum(['slack', 'teams']).describe('Whose incoming webhook it is'),
  url,
  caPem: caPem.optional(),
};
const syslog = {
  kind: z.literal('syslog'),
  host,
  port: port.optional().describe('Default 514, with `tls` 6514'),
  transport: transport.optional(),
  facility: facility.optional(),
  caPem: caPem.optional(),
};

const target = z.discriminatedUnion('kind', [
  z.strictObject(email),
  z.strictObject(webhook),
  z.strictObject(chat),
  z.strictObject(syslog),
]);

const noCa = { caPem: caPem.nullable().optional() };

const changedTarget = z.discriminatedUnion('kind', [
  z
    .strictObject({ ...email, ...noCa, username: username.nullable().optional() })
    .partial({ host: true, from: true, to: true }),
  z.strictObject({ ...webhook, ...noCa, secret: secret.nullable().optional() }).partial({ url: true }),
  z.strictObject({ ...chat, ...noCa }).partial({ url: true, style: true }),
  z.strictObject({ ...syslog, ...noCa }).partial({ host: true }),
]);

const rules = z.strictObject({
  topics: z.array(z.enum(topics)).optional().describe('Default: all but `digest`'),
  severities: z.array(z.enum(messageSeverities)).optional().describe('Default: `warning` and `failure`'),
  jobs: z.array(z.string().min(1)).min(1).nullable().optional().describe('Names or ids; `null`: all'),
});

export const createChannel = z.strictObject({
  name,
  enabled: z.boolean().optional(),
  rules: rules.optional(),
  target,
});

/** What is left out stays as it is. */
export const editChannel = z.strictObject({
  name: name.optional(),
  enabled: z.boolean().optional(),
  rules: rules.optional(),
  target: changedTarget.optional().describe('Of the same kind; `null` takes something out'),
});

export const deliveryFilter = z.strictObject({
  channel: z.string().min(1).optional().describe('Name or id'),
  state: z.enum(['pending', 'delivered', 'failed']).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
});
