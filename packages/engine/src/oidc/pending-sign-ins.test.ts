import { ManualClock } from '@leeward/platform';
import { expect, it } from 'vitest';
import { PendingSignIns } from './pending-sign-ins.ts';

const pending = (state: string) => ({
  state,
  nonce: 'n',
  verifier: 'v',
  redirectUri: 'https://x/sign-in/provider',
});

it('a sign-in is finished once, by who began it, within ten minutes', async () => {
  const clock = new ManualClock();
  const sign = new PendingSignIns(clock);
  sign.add('one', pending('1'));
  sign.add('two', pending('2'));
  expect(sign.take('three')).toBeUndefined();
  expect(sign.take('one')).toMatchObject({ state: '1' });
  expect(sign.take('one')).toBeUndefined();
  await clock.advance(600_000);
  expect(sign.take('two')).toBeUndefined();
});

it('no more than a thousand are remembered', () => {
  const sign = new PendingSignIns(new ManualClock());
  for (let n = 0; n <= 1_000; n++) sign.add(`s${n}`, pending(`${n}`));
  expect(sign.take('s0')).toBeUndefined();
  expect(sign.take('s1')).toMatchObject({ state: '1' });
  expect(sign.take('s1000')).toMatchObject({ state: '1000' });
});
