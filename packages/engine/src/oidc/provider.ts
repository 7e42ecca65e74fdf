import { LeewardError } from '@leeward/core';
import { connectionFailureOf, usualAuthorities } from '@leeward/platform';
import { boundedFetch } from '@leeward/platform/https/bounded-fetch';
import * as client from 'openid-client';
import type { OidcSettings } from '../store/oidc.ts';

const timeoutMs = 15_000;
const longestBytes = 1024 * 1024;
/** Clocks of two machines. */
const toleranceSeconds = 60;
const longestReason = 300;

/** What the provider says of itself, ready for use. Throws `L-AUT-151`. */
export async function discoverProvider(
  { issuer, clientId, caPem }: Pick<OidcSettings, 'issuer' | 'clientId' | 'caPem'>,
  secret: string | undefined,
): Promise<client.Configuration> {
  const fetch = boundedFetch({ authoritiesPem: usualAuthorities(caPem), timeoutMs, longestBytes });
  const execute = [client.enableNonRepudiationChecks];
  // Only of this machine: what is sent to it leaves it not.
  if (isOfThisMachine(issuer)) execute.push(client.allowInsecureRequests);
  try {
    return await client.discovery(
      new URL(issuer),
      clientId,
      { [client.clockTolerance]: toleranceSeconds },
      secret === undefined ? client.None() : client.ClientSecretBasic(secret),
      { [client.customFetch]: fetch, execute, timeout: timeoutMs / 1_000 },
    );
  } catch (error) {
    throw providerError(issuer, error, 'L-AUT-151');
  }
}

export function isOfThisMachine(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}

/** What went wrong with a provider, in our words. `strange`: for an answer that is not as it has to be. */
export function providerError(
  issuer: string,
  error: unknown,
  strange: 'L-AUT-151' | 'L-AUT-152',
): LeewardError {
  if (error instanceof LeewardError) return error;
  if (error instanceof client.AuthorizationResponseError)
    return new LeewardError(
      'L-AUT-156',
      { issuer, reason: told(error.error, error.error_description) },
      error,
    );
  if (error instanceof client.ResponseBodyError) {
    const reason = told(error.error, error.error_description);
    // The secret or the client is wrong, and nobody can sign in.
    const code = ['invalid_client', 'unauthorized_client'].includes(error.error) ? 'L-AUT-151' : strange;
    return new LeewardError(code, { issuer, reason }, error);
  }
  if (error instanceof client.ClientError && error.code !== 'OAUTH_TIMEOUT') {
    const checked = error.cause instanceof Error ? error.cause : error;
    return new LeewardError(strange, { issuer, reason: plain(checked.message) }, error);
  }
  const failure = connectionFailureOf(error);
  const reason = 'reason' in failure ? failure.reason : 'its certificate is another one';
  return new LeewardError('L-AUT-151', { issuer, reason: plain(reason) }, error);
}

function told(error: string, description: string | undefined): string {
  return plain(description === undefined ? error : `${error}: ${description}`);
}

/** Texts of others, bounded and on one line. */
function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, longestReason);
}
