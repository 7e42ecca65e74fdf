import { hostname } from 'node:os';
import { LeewardError, type Randomness } from '@leeward/core';
import type { CreatedToken, SessionView } from '@leeward/server';
import { ApiClient } from '../api/api-client.ts';
import type { Wire, WireCall } from '../api/wire.ts';
import { type HttpsWireOptions, httpsWire } from './https-wire.ts';

export interface SignInOptions extends Omit<HttpsWireOptions, 'token'> {
  readonly username: string;
  readonly password: string;
  /** The token is valid for so long. */
  readonly days: number;
  readonly randomness: Randomness;
  readonly signal: AbortSignal;
}

/** Signs in with a password, makes an API token of the user and signs out again: the password is kept nowhere. */
export async function tokenByPassword(options: SignInOptions): Promise<CreatedToken> {
  const { username, password, days, randomness, signal } = options;
  const wire = sessionWire(options);
  const api = new ApiClient(wire, signal);
  try {
    const { csrfToken } = await api.post<SessionView>('/session', { username, password });
    wire.headers['x-csrf-token'] = csrfToken;
    const suffix = Buffer.from(randomness.bytes(3)).toString('hex');
    const name = `login ${username}@${hostname()} ${suffix}`;
    try {
      return await api.post<CreatedToken>('/tokens', { name, days });
    } finally {
      await api.delete('/session');
    }
  } finally {
    await wire.close();
  }
}

/** Keeps the cookie of the session, as a browser does. */
function sessionWire(options: HttpsWireOptions): Wire & { readonly headers: Record<string, string> } {
  const wire = httpsWire(options);
  const headers: Record<string, string> = {};
  return {
    ...wire,
    headers,
    explain: (error) => error,
    async send(call: WireCall) {
      const answer = await wire.send({ ...call, headers: { ...call.headers, ...headers } });
      const [cookie] = answer.cookies.map((each) => each.split(';')[0] ?? '');
      if (cookie) headers['cookie'] = cookie;
      return answer;
    },
  };
}

/** Who a token is of. Throws `L-AUT-144` for one that is not valid. */
export async function ownerOf(
  wire: HttpsWireOptions,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly role: string }> {
  const api = new ApiClient(httpsWire(wire), signal);
  try {
    const { user } = await api.get<Pick<SessionView, 'user'>>('/session');
    return user;
  } finally {
    await api.close();
  }
}

/** Makes a token invalid; one that is invalid already is success. */
export async function endToken(wire: HttpsWireOptions, id: string, signal: AbortSignal): Promise<void> {
  const api = new ApiClient(httpsWire(wire), signal);
  try {
    await api.delete(`/tokens/${encodeURIComponent(id)}`);
  } catch (error) {
    const gone = error instanceof LeewardError && ['L-CFG-102', 'L-AUT-144'].includes(error.code);
    if (!gone) throw error;
  } finally {
    await api.close();
  }
}
