import { ManualClock } from '@leeward/platform';
import { expect, it } from 'vitest';
import type { CallEnd } from '../../rpc/client/pending-call.ts';
import type { RpcCall } from '../../rpc/client/rpc-call.ts';
import type { RpcConnection } from '../../rpc/client/rpc-connection.ts';
import { LinkPool } from './link-pool.ts';

/** A pool over one connection whose calls end when the test says so. */
function poolOfOne(callsInFlight: number) {
  const clock = new ManualClock();
  const underWay: CallEnd<void>[] = [];
  const answersAtOnce = { value: false };
  const connection = {
    closed: false,
    start: (_call: unknown, end: CallEnd<void>) => {
      if (answersAtOnce.value) end.resolve();
      else underWay.push(end);
    },
  } as unknown as RpcConnection;
  const pool = new LinkPool({
    connections: 1,
    callsInFlight: { least: callsInFlight, most: callsInFlight },
    clock,
    open: async () => connection,
    onReopened: () => undefined,
  });
  const call = {} as RpcCall<void>;
  const begin = (calls: number) => {
    const made = Array.from({ length: calls }, () => pool.call(call));
    return settled().then(() => made);
  };
  /** The oldest calls end after `elapsedMs`. */
  const end = async (calls: number, elapsedMs: number) => {
    await clock.advance(elapsedMs);
    for (const call of underWay.splice(0, calls)) call.resolve();
    await settled();
  };
  return { pool, underWay, answersAtOnce, begin, end };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('sends calls in groups where answers are fast', async () => {
  const { underWay, begin, end } = poolOfOne(8);
  await begin(24);
  expect(underWay).toHaveLength(8);
  await end(5, 1);
  expect(underWay, 'a full connection gets no more before three quarters are done').toHaveLength(3);
  await end(1, 1);
  expect(underWay).toHaveLength(8);
});

it('keeps a slow path full', async () => {
  const { underWay, begin, end } = poolOfOne(8);
  await begin(40);
  await end(8, 100);
  expect(underWay).toHaveLength(8);
  await end(1, 100);
  expect(underWay).toHaveLength(8);
});

it('keeps to a new bound, and ends what was above it', async () => {
  const { pool, underWay, begin, end } = poolOfOne(8);
  await begin(16);
  pool.boundCallsInFlight({ least: 2, most: 2 });
  await end(6, 1);
  expect(underWay).toHaveLength(2);
  await end(2, 1);
  expect(underWay).toHaveLength(2);
});

it('goes through a long queue whose calls end while they begin', async () => {
  const { answersAtOnce, begin, end } = poolOfOne(2);
  const calls = await begin(20_000);
  answersAtOnce.value = true;
  await end(2, 1);
  expect(await Promise.all(calls)).toHaveLength(20_000);
});
