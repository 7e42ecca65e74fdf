import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

/** A thread that hashes pieces of its shared memory: gets place and length of each, and `null` for the hash. */
const memory = workerData as SharedArrayBuffer;
let hash = createHash('sha256');

parentPort?.on('message', (piece: readonly [offset: number, length: number] | null) => {
  if (piece) {
    hash.update(new Uint8Array(memory, ...piece));
    parentPort?.postMessage(piece[1]);
    return;
  }
  parentPort?.postMessage(hash.digest('hex'));
  hash = createHash('sha256');
});
