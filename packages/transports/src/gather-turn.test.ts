import { expect, test } from 'vitest';
import { GatherTurn } from './gather-turn.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What was gathered, and in which groups it left. */
function gathering(atMost: number) {
  const sent: number[] = [];
  let gathered = 0;
  const gather = new GatherTurn(atMost, () => {
    sent.push(gathered);
    gathered = 0;
  });
  const add = (count: number) => {
    for (let index = 0; index < count; index++) {
      gathered++;
      gather.added();
    }
  };
  return { sent, add, gather };
}

test('what is gathered leaves together after received bytes were handled, once', async () => {
  const { sent, add } = gathering(4);
  add(1);
  await Promise.resolve();
  add(2);
  expect(sent).toEqual([]);
  await turn();
  await turn();
  expect(sent).toEqual([3]);
});

test('no more than a few are kept, and nothing is sent where nothing is left', async () => {
  const { sent, add } = gathering(4);
  add(8);
  expect(sent).toEqual([4, 4]);
  await turn();
  expect(sent).toEqual([4, 4]);
});

test('is sent at once when told so', async () => {
  const { sent, add, gather } = gathering(4);
  add(2);
  gather.flush();
  gather.flush();
  expect(sent).toEqual([2]);
  add(1);
  await turn();
  expect(sent).toEqual([2, 1]);
});
