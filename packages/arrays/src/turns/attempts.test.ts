import { expect, it } from 'vitest';
import { Attempts } from './attempts.ts';

const failing = (text: string) => () => Promise.reject(new Error(text));

it('attempts go on after a failure, and the first one is thrown at the end', async () => {
  const done: string[] = [];
  const attempts = new Attempts();
  expect(await attempts.run(failing('first'))).toBe(false);
  expect(await attempts.run(async () => void done.push('second'))).toBe(true);
  await attempts.run(failing('third'));
  expect(done).toEqual(['second']);
  expect(() => attempts.end()).toThrow('first');
  new Attempts().end();
});

it('attempts end at once for a caller who has given up', async () => {
  const attempts = new Attempts(AbortSignal.abort(new Error('given up')));
  await expect(attempts.run(failing('other'))).rejects.toThrow('given up');
});
