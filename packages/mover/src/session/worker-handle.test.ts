import { systemClock as clock } from '@leeward/platform';
import { flatMasterKeys } from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { expect, it } from 'vitest';
import { BackupFixture } from '../testing/backup-fixture.ts';
import type { FromWorker } from '../worker/messages.ts';
import { WorkerHandle } from './worker-handle.ts';

it('may hold blobs until a flush that came after them is done, not until it is asked for', async () => {
  const fixture = await BackupFixture.create(temporaryFolder());
  const { backend, keys, blockBytes } = await fixture.openRepository();
  const worker = new WorkerHandle();
  const messages: FromWorker[] = [];
  let wake = () => undefined;
  const setUp = { locator: backend.locator, keys: flatMasterKeys(keys), blockBytes, packBytes: 2 ** 24 };
  worker.setUp(
    { ...setUp, reader: 0 },
    {
      onMessage: (message) => {
        messages.push(message);
        wake();
      },
      onLost: (error) => expect.unreachable(error.message),
    },
  );
  const received = async (wanted: (message: FromWorker) => boolean) => {
    while (!messages.some(wanted)) {
      await new Promise<void>((resolve) => {
        wake = () => void resolve();
      });
    }
  };
  const stored = (batch: number) =>
    received((message) => message.kind === 'stored' && message.batch === batch);
  const flushed = (flush: number) =>
    received((message) => message.kind === 'flushed' && message.flush === flush);
  const store = async (batch: number) => {
    worker.send({ kind: 'batch', disk: 1, batch, blocks: Uint32Array.of(batch) });
    await received((message) => message.kind === 'hashed' && message.batch === batch);
    worker.send({ kind: 'answer', batch, wanted: Uint8Array.of(1) });
  };
  worker.send({ kind: 'open', disk: 1, source: fixture.writeDisk('disk', diskContent(4 * blockBytes, 1)) });
  expect(worker.mayHoldBlobs).toBe(false);
  await store(0);
  await stored(0);
  worker.send({ kind: 'flush', flush: 1 });
  expect(worker.mayHoldBlobs).toBe(true);
  await flushed(1);
  expect(worker.mayHoldBlobs).toBe(false);

  await store(1);
  worker.send({ kind: 'flush', flush: 2 });
  await store(2);
  await stored(2);
  expect(worker.mayHoldBlobs).toBe(true);
  worker.send({ kind: 'flush', flush: 3 });
  await flushed(3);
  expect(worker.mayHoldBlobs).toBe(false);
  await worker.stop(clock);
});
