import { ManualClock } from '@leeward/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeewardError } from '../errors/leeward-error.ts';
import { retry } from './retry.ts';

const passing = () => new LeewardError('L-RUN-101', { wait: 'x', timeoutMs: 1 });
const permanent = () => new LeewardError('L-RUN-102');
const settle = (promise: Promise<unknown>) =>
  promise.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );

describe('retry', () => {
  it('tries until it works, with doubling delays up to the largest', async () => {
    const clock = new ManualClock();
    const beganAtMs = clock.now();
    const triedAtMs: number[] = [];
    const policy = { attempts: 6, firstDelayMs: 100, maxDelayMs: 500 };
    const result = settle(
      retry(clock, policy, async (attempt) => {
        triedAtMs.push(clock.now() - beganAtMs);
        if (attempt < 6) throw passing();
        return attempt;
      }),
    );
    await clock.advance(10_000);
    expect(await result).toEqual({ value: 6 });
    expect(triedAtMs).toEqual([0, 100, 300, 700, 1200, 1700]);
  });

  it('does not repeat a permanent error, and repeats foreign ones', async () => {
    const clock = new ManualClock();
    const policy = { attempts: 5, firstDelayMs: 1, maxDelayMs: 1 };
    let tries = 0;
    const failing = (error: unknown) => async () => {
      tries++;
      throw error;
    };
    expect(await settle(retry(clock, policy, failing(permanent())))).toMatchObject({
      error: { code: 'L-RUN-102' },
    });
    expect(tries).toBe(1);
    const foreign = new Error('ECONNRESET');
    const result = settle(retry(clock, policy, failing(foreign)));
    await clock.advance(100);
    expect(await result).toEqual({ error: foreign });
    expect(tries).toBe(6);
  });

  it('stops waiting when the caller aborts', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    let tries = 0;
    const policy = { attempts: 9, firstDelayMs: 1000, maxDelayMs: 1000, signal: controller.signal };
    const result = settle(
      retry(clock, policy, async () => {
        tries++;
        throw passing();
      }),
    );
    await clock.advance(1500);
    controller.abort('enough');
    expect(await result).toEqual({ error: 'enough' });
    expect(tries).toBe(2);
    expect(await settle(retry(clock, policy, async () => 'never'))).toEqual({ error: 'enough' });
  });

  it('makes exactly the tries that the outcomes ask for, and reports each repeat', async () => {
    const outcome = fc.constantFrom('ok', 'passing', 'permanent');
    const cases = fc.tuple(fc.array(outcome, { minLength: 1 }), fc.integer({ min: 1, max: 8 }));
    await fc.assert(
      fc.asyncProperty(cases, async ([outcomes, attempts]) => {
        const clock = new ManualClock();
        const repeats: number[] = [];
        let tries = 0;
        const policy = {
          attempts,
          firstDelayMs: 1,
          maxDelayMs: 4,
          onRetry: (_: unknown, attempt: number) => repeats.push(attempt),
        };
        const result = settle(
          retry(clock, policy, async (attempt) => {
            tries++;
            expect(attempt).toBe(tries);
            const next = outcomes[attempt - 1] ?? 'ok';
            if (next === 'ok') return 'ok';
            throw next === 'passing' ? passing() : permanent();
          }),
        );
        await clock.advance(100);
        const end = outcomes.findIndex((next) => next !== 'passing');
        const expectedTries = Math.min(attempts, end === -1 ? outcomes.length + 1 : end + 1);
        expect(tries).toBe(expectedTries);
        expect(repeats).toEqual(Array.from({ length: expectedTries - 1 }, (_, at) => at + 1));
        const last = outcomes[expectedTries - 1] ?? 'ok';
        if (last === 'ok') expect(await result).toEqual({ value: 'ok' });
        else
          expect(await result).toMatchObject({
            error: { code: last === 'passing' ? 'L-RUN-101' : 'L-RUN-102' },
          });
      }),
    );
  });
});
