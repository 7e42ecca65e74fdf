import { LeewardError } from '@leeward/core';
import { Agent, request } from 'undici';
import { bodyOf, headersOf, knownHeaders, type Wire } from './wire.ts';

/** Calls over the Unix socket of a server of the same user: `L-CFG-107`, `L-CFG-108`. */
export function socketWire(socketPath: string): Wire {
  // Probing and checking may take long; the server bounds its own waits.
  const agent = new Agent({ connect: { socketPath }, headersTimeout: 0, bodyTimeout: 0 });
  return {
    async send({ method, path, headers, body, signal, sink }) {
      try {
        const answer = await request(`http://leeward${path}`, {
          dispatcher: agent,
          method,
          signal: signal ?? null,
          headers: headersOf(headers, body),
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        const known = knownHeaders(answer.headers);
        return { statusCode: answer.statusCode, text: await bodyOf(answer, sink), cookies: [], ...known };
      } catch (error) {
        throw new LeewardError('L-CFG-107', {}, error);
      }
    },
    strange: (status, reason, cause) => new LeewardError('L-CFG-108', { status, reason }, cause),
    close: () => agent.close(),
  };
}
