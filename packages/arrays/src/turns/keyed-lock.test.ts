import { expect, it } from 'vitest';
import { KeyedLock } from './keyed-lock.ts';

it('work on one key goes one after the other, also past a failure; other keys do not wait', async () => {
  const lock = new KeyedLock();
  const order: string[] = [];
  const work = (name: string, end: Promise<void>) => async () => {
    order.push(`${name} begins`);
    await end;
    order.push(`${name} ends`);
  };
  const gate = Promise.withResolvers<void>();
  const first = lock.run('a', work('first', gate.promise));
  const failed = lock.run('a', () => Promise.reject(new Error('no')));
  const second = lock.run('a', work('second', Promise.resolve()));
  await lock.run('b', work('other', Promise.resolve()));
  expect(order).toEqual(['first begins', 'other begins', 'other ends']);
  gate.resolve();
  await expect(failed).rejects.toThrow('no');
  await Promise.all([first, second]);
  expect(order.slice(3)).toEqual(['first ends', 'second begins', 'second ends']);
});
