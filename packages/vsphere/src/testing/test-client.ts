import { SeededRandomness, systemClock } from '@leeward/platform';
import { connectVcenter, type VcenterOptions } from '../connect.ts';
import type { VcenterClient } from '../vcenter-client.ts';

/** A clock whose waits are a hundredth of what is asked, so that retries do not slow the tests down. */
const hurriedClock: VcenterOptions['clock'] = {
  now: () => systemClock.now(),
  monotonicMs: () => systemClock.monotonicMs(),
  sleep: (durationMs, signal) => systemClock.sleep(durationMs / 100, signal),
  after: (delayMs, action) => systemClock.after(delayMs, action),
};

/** A client of a server on loopback with a pinned certificate. */
export function testClient(
  port: number,
  sha256: string,
  options: Partial<VcenterOptions> = {},
): VcenterClient {
  return connectVcenter({
    host: '127.0.0.1',
    port,
    username: 'somebody',
    password: 'right',
    trust: { kind: 'fingerprint', sha256 },
    clock: hurriedClock,
    randomness: new SeededRandomness(1),
    ...options,
  });
}
