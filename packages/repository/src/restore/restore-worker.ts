import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { systemRandomness } from '@leeward/platform/randomness/system-randomness';
import type { RepositoryBackend } from '../backend/backend.ts';
import { openBackend } from '../backend/open-backend.ts';
import { BlobOpener } from '../blobs/blob-opener.ts';
import { isDamage } from '../blobs/blob-reader.ts';
import { isZero } from '../blobs/zeros.ts';
import { zstdCodec } from '../codec/codec.ts';
import { masterKeysOf } from '../crypto/master-keys.ts';
import { Sealer } from '../crypto/sealer.ts';
import { toThreadError } from '../threads/thread-errors.ts';
import type { FailedBlob, RestoreAnswer, RestoreTask, RestoreWorkerData } from './restore-task.ts';
import { TargetFiles } from './target-files.ts';

/** Reads the range of the next task while it works on this one. */
class RestoreWorker {
  readonly #port: MessagePort;
  readonly #backend: RepositoryBackend;
  readonly #opener: BlobOpener;
  readonly #files = new TargetFiles();
  readonly #free: Uint8Array[] = [];
  #tail: Promise<void> = Promise.resolve();

  constructor(port: MessagePort, { locator, keys }: RestoreWorkerData) {
    this.#port = port;
    this.#backend = openBackend(locator);
    const sealer = new Sealer(masterKeysOf(keys), (length) => systemRandomness.bytes(length));
    this.#opener = new BlobOpener(sealer, zstdCodec());
  }

  accept(task: RestoreTask): void {
    const buffer = this.#bufferOf(task.lengthBytes);
    const { offsetBytes, lengthBytes, packId } = task;
    const loading = this.#backend.load('data', packId, { offsetBytes, lengthBytes }, buffer);
    loading.catch(() => undefined);
    this.#tail = this.#tail.then(async () => {
      this.#port.postMessage(await this.#work(task, loading));
      this.#free.push(buffer);
    });
  }

  async #work(task: RestoreTask, loading: Promise<Uint8Array>): Promise<RestoreAnswer> {
    try {
      return this.#restore(task, await loading);
    } catch (error) {
      if (!isDamage(error)) return { kind: 'error', error: toThreadError(error) };
      const blobs = Array.from({ length: task.places.length / 4 }, (_, blob) => blob);
      const failed = blobs.map((blob) => ({ blob, error: toThreadError(error) }));
      return { kind: 'done', bytesWritten: 0, failed };
    }
  }

  #restore(task: RestoreTask, range: Uint8Array): RestoreAnswer {
    const failed: FailedBlob[] = [];
    let bytesWritten = 0;
    let target = 0;
    for (let blob = 0; blob < task.places.length / 4; blob++) {
      const [offset = 0, stored = 0, plainBytes = 0, targets = 0] = task.places.subarray(
        blob * 4,
        blob * 4 + 4,
      );
      const sealed = range.subarray(offset, offset + stored);
      const id = task.ids.subarray(blob * 32, blob * 32 + 32);
      try {
        const plain = this.#opener.open(sealed, plainBytes || undefined, id, task.packId);
        const isHole = isZero(plain);
        for (let copy = 0; copy < targets; copy++) {
          const [file = 0, position = 0] = task.targets.subarray(
            (target + copy) * 2,
            (target + copy) * 2 + 2,
          );
          if (!isHole) this.#files.write(task.files[file] ?? '', position, plain);
          bytesWritten += plain.length;
        }
      } catch (error) {
        if (!isDamage(error)) throw error;
        failed.push({ blob, error: toThreadError(error) });
      }
      target += targets;
    }
    return { kind: 'done', bytesWritten, failed };
  }

  #bufferOf(bytes: number): Uint8Array {
    const free = this.#free.pop();
    return free && free.length >= bytes ? free : new Uint8Array(Math.max(bytes, 8 * 1024 * 1024));
  }
}

if (parentPort) {
  const worker = new RestoreWorker(parentPort, workerData);
  parentPort.on('message', (task: RestoreTask) => worker.accept(task));
}
