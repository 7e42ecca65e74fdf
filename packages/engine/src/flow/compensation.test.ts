import { expect, test } from 'vitest';
import { withCleanup } from './compensation.ts';
import { OwnershipLost } from './flow-errors.ts';

async function run(failure?: Error, undoFailure?: Error): Promise<string[]> {
  const seen: string[] = [];
  await withCleanup(
    async (cleanup) => {
      cleanup.always('first', async () => void seen.push('first'));
      cleanup.onFailure('second', async () => void seen.push('second'));
      cleanup.always('third', async () => {
        if (undoFailure) throw undoFailure;
        seen.push('third');
      });
      if (failure) throw failure;
      return 'done';
    },
    (name, error) => void seen.push(`${name} failed: ${String(error)}`),
  ).then(
    (value) => seen.push(value),
    (error: unknown) => seen.push(error instanceof OwnershipLost ? 'lost' : String(error)),
  );
  return seen;
}

test('cleans up in reverse order and throws what the work threw', async () => {
  expect(await run()).toEqual(['third', 'first', 'done']);
  expect(await run(new Error('bad'))).toEqual(['third', 'second', 'first', 'Error: bad']);
});

test('a failing clean-up does not keep the others from running', async () => {
  const seen = await run(new Error('bad'), new Error('stuck'));
  expect(seen).toEqual(['third failed: Error: stuck', 'second', 'first', 'Error: bad']);
});

test('never cleans up what is not ours any more', async () => {
  expect(await run(new OwnershipLost('run'))).toEqual(['lost']);
  expect(await run(new Error('wrapped', { cause: new OwnershipLost('run') }))).toEqual(['Error: wrapped']);
  expect(await run(new Error('bad'), new OwnershipLost('run'))).toEqual(['lost']);
});
