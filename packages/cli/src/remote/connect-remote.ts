import { type Clock, isError, LeewardError } from '@leeward/core';
import { ApiClient } from '../api/api-client.ts';
import { type ServerConnection, serverHealth } from '../api/find-server.ts';
import type { Output } from '../output/output.ts';
import { version } from '../version.ts';
import { type HttpsWireOptions, httpsWire } from './https-wire.ts';
import { KeptLogins } from './kept-login.ts';
import { givenToken } from './server-options.ts';
import { givenTrust, type TrustWords, usualTrust } from './server-trust.ts';
import { fitNote } from './version-fit.ts';

export interface ConnectRemoteOptions {
  readonly words: TrustWords & { readonly server: string };
  readonly environment: NodeJS.ProcessEnv;
  readonly output: Output;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A server on another host, with the token that is given or that `leeward login` has kept. */
export async function connectRemote(options: ConnectRemoteOptions): Promise<ServerConnection> {
  const { words, environment, output, clock, signal } = options;
  const { server } = words;
  const logins = new KeptLogins(environment);
  const login = await logins.find(server);
  const kept = login && { value: login.token, source: logins.pathOf(server) };
  const token = (await givenToken(environment)) ?? kept;
  if (!token) throw new LeewardError('L-AUT-143', { server });
  const trust = (await givenTrust(words)) ?? login?.trust ?? usualTrust();
  await notePossibleMisfit({ server, trust }, output, clock);
  const api = new ApiClient(httpsWire({ server, trust, token }), signal);
  return { api, lasting: true, remote: server, close: () => api.close() };
}

/** Says so where server and command are of different versions. Asks without the token. */
export async function notePossibleMisfit(
  options: HttpsWireOptions,
  output: Output,
  clock: Clock,
): Promise<void> {
  const wire = httpsWire(options);
  try {
    const health = await serverHealth(wire, clock);
    const note = fitNote(health.version, version);
    if (note !== undefined) output.note(note);
  } catch (error) {
    if (!isError(error, 'L-CFG-109')) throw error;
    const { server } = options;
    throw new LeewardError('L-AUT-140', { server, reason: 'it takes too long to say who it is' }, error);
  } finally {
    await wire.close();
  }
}
