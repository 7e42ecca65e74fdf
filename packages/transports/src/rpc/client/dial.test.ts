import { createServer, type Server } from 'node:net';
import { systemClock, systemRandomness } from '@leeward/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { dial, type PrivilegedPort } from './dial.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** The port a client comes from. */
async function portSeen(privilegedPort: PrivilegedPort): Promise<number> {
  let seen = 0;
  const server = createServer((socket) => {
    seen = socket.remotePort ?? 0;
    socket.destroy();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const { socket, privileged } = await dial({
    host: '127.0.0.1',
    port: typeof address === 'object' && address ? address.port : 0,
    privilegedPort,
    timeoutMs: 5_000,
    clock: systemClock,
    randomness: systemRandomness,
    onBytes: () => undefined,
  });
  await new Promise((resolve) => socket.once('close', resolve));
  expect(privileged).toBe(seen < 1024);
  return seen;
}

describe('dialling', () => {
  it('comes from an ordinary port when told so', async () => {
    expect(await portSeen('never')).toBeGreaterThan(1023);
  });

  it('comes from a port below 1024 where that is allowed, and works where it is not', async () => {
    const allowed = await portSeen('require').catch((error) => error.code);
    const tried = await portSeen('try');
    if (typeof allowed === 'number') expect([allowed < 1024, tried < 1024]).toEqual([true, true]);
    else expect([allowed, tried > 1023]).toEqual(['L-NET-108', true]);
  });

  it('says where nobody listens', async () => {
    const work = dial({
      host: '127.0.0.1',
      port: 1,
      privilegedPort: 'try',
      timeoutMs: 5_000,
      clock: systemClock,
      randomness: systemRandomness,
      onBytes: () => undefined,
    });
    await expect(work).rejects.toMatchObject({ code: 'L-NET-101', details: { reason: 'ECONNREFUSED' } });
  });
});
