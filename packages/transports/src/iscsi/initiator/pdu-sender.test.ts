import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { headerBytes, opcode } from '../pdu/opcodes.ts';
import { newHeader, noDigests } from '../pdu/pdu-encoder.ts';
import { PduSender } from './pdu-sender.ts';

function senderTo(writes: Uint8Array[], destroyed = false): PduSender {
  return new PduSender({ destroyed, write: (bytes: Uint8Array) => writes.push(bytes) } as unknown as Socket);
}

/** `count` PDUs whose second byte is their number. */
function sendNumbered(sender: PduSender, count: number): void {
  for (let index = 0; index < count; index++)
    sender.send(newHeader(opcode.scsiCommand, index), undefined, noDigests);
}

const numbersIn = (bytes: Uint8Array) =>
  Array.from({ length: bytes.length / headerBytes }, (_, index) => bytes[index * headerBytes + 1]);
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what is sent in one turn leaves together when the turn is over', async () => {
  const writes: Uint8Array[] = [];
  sendNumbered(senderTo(writes), 3);
  expect(writes).toEqual([]);
  await turn();
  expect(writes.map(numbersIn)).toEqual([[0, 1, 2]]);
});

test('many PDUs do not wait for the end of the turn, keep their order, and nothing empty is written', async () => {
  const writes: Uint8Array[] = [];
  const sender = senderTo(writes);
  sendNumbered(sender, 9);
  expect(writes.map(numbersIn)).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
  ]);
  await turn();
  expect(writes.map(numbersIn)).toEqual([[0, 1, 2, 3], [4, 5, 6, 7], [8]]);
  sendNumbered(sender, 4);
  await turn();
  expect(writes.slice(3).map(numbersIn)).toEqual([[0, 1, 2, 3]]);
});

test('a destroyed socket gets nothing', async () => {
  const writes: Uint8Array[] = [];
  sendNumbered(senderTo(writes, true), 5);
  await turn();
  expect(writes).toEqual([]);
});
