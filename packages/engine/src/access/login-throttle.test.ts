import { isError } from '@leeward/core';
import { ManualClock } from '@leeward/platform';
import { describe, expect, it } from 'vitest';
import { LoginThrottle, networkOf } from './login-throttle.ts';

function throttleAt(clock: ManualClock) {
  const throttle = new LoginThrottle(clock);
  /** Seconds to wait; 0: the attempt is taken, and fails. */
  const fail = (username: string, address: string): number => {
    try {
      throttle.begin({ username, address });
      return 0;
    } catch (error) {
      if (!isError(error, 'L-AUT-104')) throw error;
      return Number(error.details['seconds']);
    }
  };
  return { throttle, fail };
}

describe('the login throttle', () => {
  it('takes some failures, then makes a user wait longer and longer, a minute at most', async () => {
    const clock = new ManualClock();
    const { fail } = throttleAt(clock);
    for (let time = 0; time < 5; time++) expect(fail('Ann', `10.0.0.${time}`)).toBe(0);
    const waits: number[] = [];
    for (let time = 0; time < 8; time++) {
      const seconds = fail('ann', `10.0.1.${time}`);
      waits.push(seconds);
      await clock.advance(seconds * 1_000);
      expect(fail('ANN', `10.0.2.${time}`)).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(fail('bob', '10.0.0.1')).toBe(0);
  });

  it('makes an address that guesses at many users wait, and no other one', () => {
    const { fail } = throttleAt(new ManualClock());
    for (let time = 0; time < 20; time++) expect(fail(`user${time}`, '10.0.0.1')).toBe(0);
    expect(fail('another', '10.0.0.1')).toBe(1);
    expect(fail('another', '10.0.0.2')).toBe(0);
  });

  it('counts attempts side by side, and forgets those that succeeded', () => {
    const { throttle, fail } = throttleAt(new ManualClock());
    const attempts = Array.from({ length: 5 }, () => throttle.begin({ username: 'ann', address: 'a' }));
    expect(fail('ann', 'b')).toBe(1);
    for (const succeeded of attempts) succeeded();
    expect(fail('ann', 'a')).toBe(0);
    expect(throttle.size).toBe(2);
  });

  it("is not reset for others by a login with one's own account", () => {
    const { throttle, fail } = throttleAt(new ManualClock());
    for (let time = 0; time < 19; time++) fail(`user${time}`, 'a');
    throttle.begin({ username: 'own', address: 'a' })();
    expect(fail('one', 'a')).toBe(0);
    expect(fail('two', 'a')).toBe(1);
  });

  it('forgets after an hour, and remembers a bounded number', async () => {
    const clock = new ManualClock();
    const { throttle, fail } = throttleAt(clock);
    for (let time = 0; time < 5; time++) fail('ann', 'a');
    await clock.advance(3_600_000);
    for (let time = 0; time < 4; time++) expect(fail('ann', 'b')).toBe(0);
    for (let time = 0; time < 6_000; time++) fail(`user${time}`, `address${time}`);
    expect(throttle.size).toBe(10_000);
  });

  it('takes all of an IPv6 /64 for one address', () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(networkOf('2001:db8:1:2::1')).toBe('2001:db8:1:2::/64');
    expect(networkOf('2001:0DB8::1')).toBe('2001:db8:0:0::/64');
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
    expect(networkOf('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(networkOf('10.0.0.1')).toBe('10.0.0.1');
  });
});
