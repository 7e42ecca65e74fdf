import { roles } from '@leeward/core/access/role';
import type { ApiToken, AuditEntry, CreatedToken, User } from '@leeward/engine';
import { z } from 'zod';
import { named } from './named.ts';

const role = z.enum(roles);
const time = z.iso.datetime();

const jobScope = z.object({
  jobs: z.array(z.string()).describe('Names or ids of jobs; in names `*` stands for any text'),
});

export const session = named(
  'Session',
  z.object({
    user: z
      .object({ name: z.string(), role, scopes: z.array(jobScope).optional() })
      .describe('Also a token, or `local`'),
    csrfToken: z
      .string()
      .optional()
      .describe('Of a session: to be sent as `x-csrf-token` with what changes something'),
    expiresAt: time.optional().describe('Of a session: when it ends if it is not used any more'),
  }),
);

export const ended = z.object({ ended: z.boolean().describe('False: there was no session') });

export const signedOut = ended.extend({
  redirectUrl: z
    .string()
    .optional()
    .describe('Where the browser goes to end the session at the provider of OpenID Connect too'),
});

export const user = named(
  'User',
  z.object({
    id: z.string(),
    name: z.string(),
    role,
    scope: jobScope.optional().describe('Limited to these jobs; missing: not limited'),
    signsIn: z.enum(['password', 'provider']).describe('`provider`: by OpenID Connect'),
    disabled: z.boolean(),
    createdAt: time,
    signedInAt: time.optional().describe('When the user signed in last'),
  }) satisfies z.ZodType<User>,
);

const tokenFields = {
  id: z.string(),
  name: z.string(),
  role,
  readOnly: z.boolean(),
  scopes: z.array(jobScope).optional().describe('Limited to jobs that are in all of these'),
  owner: z
    .object({ id: z.string(), name: z.string(), role, scope: jobScope.optional() })
    .optional()
    .describe('It can never do more than its owner can; missing: made by the owner of the data folder'),
  createdAt: time,
  expiresAt: time,
  usedAt: time.optional().describe('When it was used last, to a minute'),
};

export const token = named('Token', z.object(tokenFields) satisfies z.ZodType<ApiToken>);

export const createdToken = named(
  'CreatedToken',
  z.object({
    ...tokenFields,
    token: z.string().describe('Shown now and never again'),
  }) satisfies z.ZodType<CreatedToken>,
);

export const auditEntry = named(
  'AuditEntry',
  z.object({
    id: z.int(),
    at: time,
    caller: z.object({ kind: z.enum(['local', 'user', 'token', 'nobody', 'server']), name: z.string() }),
    address: z.string().describe('Of the caller; `socket`: on the server itself'),
    operation: z.string().describe('Method and path'),
    kind: z.string(),
    object: z.string().optional(),
    fields: z.array(z.string()).describe('Names of what was given'),
    before: z.looseObject({}).optional(),
    after: z.looseObject({}).optional(),
    outcome: z
      .enum(['done', 'refused', 'failed', 'unknown'])
      .describe('`unknown`: the server ended meanwhile'),
    code: z.string().optional().describe('Of the error'),
  }) satisfies z.ZodType<AuditEntry>,
);
