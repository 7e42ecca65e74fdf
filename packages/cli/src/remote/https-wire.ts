import { LeewardError } from '@leeward/core';
import {
  type ConnectionFailure,
  connectionFailureOf,
  fetchFingerprint,
  HttpsClient,
} from '@leeward/platform';
import { bodyOf, headersOf, knownHeaders, type Wire } from '../api/wire.ts';
import type { ServerTrust } from './server-trust.ts';

export interface HttpsWireOptions {
  /** `https://host:port`. */
  readonly server: string;
  readonly trust: ServerTrust;
  readonly token?: ServerToken | undefined;
}

export interface ServerToken {
  readonly value: string;
  /** Where it comes from, for errors. */
  readonly source: string;
}

/**
 * Calls to a server on another host, whose certificate is verified before anything is sent: `L-AUT-140` to `L-AUT-145`.
 * Redirects are not followed.
 */
export function httpsWire({ server, trust, token }: HttpsWireOptions): Wire {
  // Probing and checking may take long; the server bounds its own waits.
  const waits = { headersTimeoutMs: 0, bodyTimeoutMs: 0 };
  const client = new HttpsClient({ origin: server, trust, ...waits });
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token.value}` } : {};
  return {
    async send({ method, path, headers, body, signal, sink }) {
      try {
        const answer = await client.request({
          method,
          path,
          headers: headersOf({ ...authorization, ...headers }, body),
          ...(body ? { body: JSON.stringify(body) } : {}),
          ...(signal ? { signal } : {}),
        });
        const cookies = [answer.headers['set-cookie'] ?? []].flat();
        const known = knownHeaders(answer.headers);
        return { statusCode: answer.statusCode, text: await bodyOf(answer, sink), cookies, ...known };
      } catch (error) {
        throw await connectionError(server, connectionFailureOf(error), error);
      }
    },
    strange: (status, reason, cause) => new LeewardError('L-AUT-145', { server, status, reason }, cause),
    explain(error) {
      if (error.code !== 'L-AUT-101') return error;
      if (!token) return new LeewardError('L-AUT-143', { server }, error);
      return new LeewardError('L-AUT-144', { server, source: token.source }, error);
    },
    close: () => client.close(),
  };
}

async function connectionError(
  server: string,
  failure: ConnectionFailure,
  cause: unknown,
): Promise<LeewardError> {
  if (failure.kind === 'certificate-changed') {
    const { expectedSha256: expected, seenSha256: seen } = failure;
    return new LeewardError('L-AUT-142', { server, expected, seen }, cause);
  }
  const { reason } = failure;
  if (failure.kind === 'other') return new LeewardError('L-AUT-140', { server, reason }, cause);
  const fingerprint = await shownFingerprint(server);
  return new LeewardError('L-AUT-141', { server, reason, fingerprint }, cause);
}

async function shownFingerprint(server: string): Promise<string> {
  const { hostname, port } = new URL(server);
  const host = hostname.replace(/^\[|\]$/g, '');
  return fetchFingerprint(host, port === '' ? 443 : Number(port)).catch(() => 'not known');
}
