import type { JobScope } from './access.ts';
import type { Role } from './session.ts';

/** How users sign in at a provider of OpenID Connect; the secret of the client is never told. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Sealed in the database, in the environment of the server, or none. */
  readonly secretFrom: 'stored' | 'environment' | 'none';
  readonly scopes: readonly string[];
  readonly usernameClaim: string;
  readonly roleClaim: string;
  /** The first whose value somebody has gives the role. */
  readonly roles: readonly OidcRule[];
  readonly domains?: readonly string[] | undefined;
  readonly label: string;
  readonly caPem?: string | undefined;
  readonly publicUrl?: string | undefined;
  /** Missing: yes, where the provider offers it. */
  readonly signOutAtProvider?: boolean | undefined;
}

export interface OidcRule {
  readonly value: string;
  readonly role: Role;
  readonly scope?: JobScope | undefined;
}

/** Which ways there are to sign in; told to everybody. */
export interface SignInWays {
  /** Of the button; missing: not set up. */
  readonly provider?: { readonly label: string };
}

export interface OidcTest {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
}
