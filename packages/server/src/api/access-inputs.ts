import { roles } from '@leeward/core/access/role';
import { z } from 'zod';
import { pageQuery } from './paging.ts';

const username = z
  .string()
  .min(1)
  .max(64)
  // Not as a pattern of the description: few programs know its classes of characters.
  .refine((name) => /^[^\p{Cc}\p{Z}/]+$/u.test(name), 'must have no blanks, slashes and control characters')
  .refine((name) => name.toLowerCase() !== 'local', 'is the name of the owner of the data folder');
const password = z.string().min(1).max(4096);
const role = z.enum(roles);

export const jobScope = z
  .strictObject({
    jobs: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(100)
      .describe('Names or ids of jobs; in names `*` stands for any text'),
  })
  .describe('Limited to these jobs and what is of them');

export const signIn = z.strictObject({ username: z.string().min(1).max(200), password });

export const changeOwnPassword = z.strictObject({ password, newPassword: password });

export const finishSetup = z.strictObject({ secret: z.string().min(1).max(200), username, password });

export const createUser = z.strictObject({
  name: username,
  role,
  scope: jobScope.optional(),
  password: password.describe('12 characters or more, and not the name'),
});

/** What is left out stays as it is. */
export const editUser = z.strictObject({
  role: role.optional(),
  scope: jobScope.nullable().optional().describe('`null`: all jobs'),
  disabled: z.boolean().optional().describe('Cannot sign in; sessions end and tokens rest'),
  password: password.optional().describe('Ends every session of the user'),
});

export const createToken = z.strictObject({
  name: z.string().min(1).max(200),
  role: role.optional().describe('Not beyond that of the caller, which is the default'),
  readOnly: z.boolean().optional().describe('May only ask for what changes nothing'),
  scope: jobScope.optional(),
  days: z.int().min(1).max(3650).optional().describe('Valid for so long; 90 where left out'),
});

export const auditFilter = z.strictObject({
  caller: z.string().min(1).optional().describe('Name of a user or token, or `local`'),
  operation: z.string().min(1).optional().describe('Part of method and path'),
  kind: z.string().min(1).optional().describe('What was changed: `job`, `array`, `user` …'),
  object: z.string().min(1).optional().describe('Its name'),
  outcome: z.enum(['done', 'refused', 'failed', 'unknown']).optional(),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  ...pageQuery,
});
