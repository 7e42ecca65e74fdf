import type { OidcSettings } from '../store/oidc.ts';
import type { ProviderSession } from '../store/sessions.ts';
import { isOfThisMachine } from './provider.ts';

/** Servers take headers of 8 KiB and more. */
const longestIdToken = 5_000;

/** Undefined where the provider does not offer it, or not over an encrypted connection. */
export function providerSessionOf(
  issuer: string,
  endpoint: string | undefined,
  idToken: string | undefined,
): ProviderSession | undefined {
  const isSafe =
    endpoint !== undefined &&
    URL.canParse(endpoint) &&
    (new URL(endpoint).protocol === 'https:' || isOfThisMachine(endpoint));
  if (!isSafe) return undefined;
  const isShort = idToken !== undefined && idToken.length <= longestIdToken;
  return { issuer, endpoint, ...(isShort ? { idToken } : {}) };
}

/**
 * Where a browser goes to end its session at the provider (OpenID Connect RP-Initiated Logout 1.0). `ownUrl`: how it reaches
 * this server, which it comes back to. Undefined where another provider is set now, or none, or not to.
 */
export function signOutUrl(
  { issuer, endpoint, idToken }: ProviderSession,
  settings: OidcSettings | undefined,
  ownUrl: string,
): string | undefined {
  if (settings?.issuer !== issuer || settings.signOutAtProvider === false) return undefined;
  const url = new URL(endpoint);
  url.searchParams.set('client_id', settings.clientId);
  if (idToken !== undefined) url.searchParams.set('id_token_hint', idToken);
  url.searchParams.set('post_logout_redirect_uri', `${settings.publicUrl ?? ownUrl}/`);
  return url.href;
}
