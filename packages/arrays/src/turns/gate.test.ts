import { describe, expect, it } from 'vitest';
import { Gate } from './gate.ts';

describe('gate', () => {
  it('never lets more in than its width, and lets all through', async () => {
    const gate = new Gate(3);
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside++;
      most = Math.max(most, inside);
      await Promise.resolve();
      await Promise.resolve();
      inside--;
    };
    await Promise.all(Array.from({ length: 50 }, () => gate.run(work)));
    expect(most).toBe(3);
  });

  it('frees the place of a failure and of one who gave up waiting', async () => {
    const gate = new Gate(1);
    const blocker = Promise.withResolvers<void>();
    const first = gate.run(() => blocker.promise);
    const abort = new AbortController();
    const second = gate.run(async () => 'second', abort.signal);
    const third = gate.run(async () => 'third');
    abort.abort(new Error('given up'));
    await expect(second).rejects.toThrow('given up');
    blocker.reject(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    expect(await third).toBe('third');
    expect(await gate.run(async () => 'fourth')).toBe('fourth');
  });
});
