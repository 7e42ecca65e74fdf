import type { OidcTest } from '@leeward/engine';
import { oidcSchema } from '@leeward/engine/store/oidc';
import { z } from 'zod';
import { named } from './named.ts';

export const signInWays = named(
  'SignInWays',
  z.object({
    password: z.literal(true),
    provider: z
      .object({ label: z.string() })
      .optional()
      .describe('Of OpenID Connect, by `POST /session/provider/begin`; missing: not set up'),
  }),
);

export const oidc = named('OpenIdConnect', oidcSchema);

export const oidcTest = named(
  'OpenIdConnectTest',
  z.object({
    issuer: z.string(),
    authorizationEndpoint: z.string(),
    tokenEndpoint: z.string(),
  }) satisfies z.ZodType<OidcTest>,
);

export const begun = z.object({ url: z.string().describe('Where the browser goes') });
