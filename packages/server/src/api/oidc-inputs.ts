import { roles } from '@leeward/core/access/role';
import { secretPlaces } from '@leeward/engine/store/oidc';
import { z } from 'zod';
import { jobScope } from './access-inputs.ts';

const text = z.string().min(1).max(500);
const claim = text.describe('Name of a claim; of one inside of others with dots: `realm_access.roles`');

/** What is left out stays as it is; `null` takes back. */
export const editOidc = z.strictObject({
  issuer: text.optional().describe('Address of the provider, as it names itself'),
  clientId: text.optional(),
  clientSecret: z.string().min(1).max(4096).optional().describe('Sealed in the database; never shown'),
  secretFrom: z
    .enum(secretPlaces)
    .optional()
    .describe('`environment`: LEEWARD_OIDC_CLIENT_SECRET of the server; `none`: a public client'),
  scopes: z.array(text).min(1).max(50).optional().describe('Asked for; `openid` among them'),
  usernameClaim: claim.nullable().optional().describe('`preferred_username` where left out'),
  roleClaim: claim.nullable().optional().describe('`groups` where left out'),
  roles: z
    .array(z.strictObject({ value: text, role: z.enum(roles), scope: jobScope.optional() }))
    .min(1)
    .max(200)
    .optional()
    .describe('Instead of those that are known: the first whose value somebody has gives the role'),
  domains: z
    .array(text)
    .min(1)
    .max(100)
    .nullable()
    .optional()
    .describe('Of verified e-mail addresses; `null`: all, and none needed'),
  label: z.string().min(1).max(60).nullable().optional().describe('Of the button'),
  caPem: z
    .string()
    .max(200_000)
    .nullable()
    .optional()
    .describe('Authority of its certificate, beside the usual ones'),
  signOutAtProvider: z
    .boolean()
    .nullable()
    .optional()
    .describe(
      'Signing out ends the session at the provider too, where it offers that; `true` where left out',
    ),
  publicUrl: text.nullable().optional().describe('How browsers reach this server; `null`: as they say'),
});

export const finishSignIn = z.strictObject({
  answer: z.string().min(1).max(16_000).describe('The query that the browser came back with'),
});
