import { open, rename, stat, unlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { LeewardError } from '@leeward/core';
import { syncFolder } from '@leeward/platform/files/durable-file';
import { makeFolders } from '@leeward/platform/files/make-folders';
import { siblingModule } from '@leeward/platform/files/sibling-module';
import { systemCode } from '../backend/folder-errors.ts';
import type { BlobReader } from '../blobs/blob-reader.ts';
import { isZero } from '../blobs/zeros.ts';
import { flatMasterKeys } from '../crypto/master-keys.ts';
import type { Repository } from '../open/repository.ts';
import { fromThreadError } from '../threads/thread-errors.ts';
import type { RestoreFile, RestorePlan } from './restore-plan.ts';
import type { RestoreAnswer, RestoreTask } from './restore-task.ts';
import { targetError } from './target-errors.ts';

export interface RestoreProgress {
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

export interface RestoreRunOptions {
  readonly workers: number;
  readonly overwrite: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RestoreProgress) => void) | undefined;
}

const tasksPerWorker = 2;

/**
 * Writes the files of a plan: all under partial names first, renamed when everything is there. On any failure the
 * partial files are removed and the first error is thrown.
 */
export async function runRestore(
  repository: Repository,
  reader: BlobReader,
  plan: RestorePlan,
  options: RestoreRunOptions,
): Promise<void> {
  if (!options.overwrite) for (const file of plan.files) await refuseExisting(file.path);
  try {
    for (const file of plan.files) await createPartial(file);
    await writeBlocks(repository, reader, plan, options);
    for (const file of plan.files) await finishFile(file);
    for (const folder of new Set(plan.files.map((file) => dirname(file.path)))) await syncFolder(folder);
  } catch (error) {
    for (const file of plan.files) await unlink(file.partialPath).catch(() => undefined);
    throw error;
  }
}

async function refuseExisting(path: string): Promise<void> {
  try {
    await stat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw targetError(error, path);
  }
  throw new LeewardError('L-REP-119', { path });
}

/** New and with its full size, so that whatever is not written stays a hole. */
async function createPartial(file: RestoreFile): Promise<void> {
  try {
    await makeFolders(dirname(file.partialPath));
    await unlink(file.partialPath).catch(() => undefined);
    const handle = await open(file.partialPath, 'wx', 0o600);
    try {
      await handle.truncate(file.sizeBytes);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw targetError(error, file.partialPath);
  }
}

async function finishFile(file: RestoreFile): Promise<void> {
  try {
    const handle = await open(file.partialPath, 'r+');
    try {
      await handle.chmod(file.mode);
    } finally {
      await handle.close();
    }
    if (file.mtime) await utimes(file.partialPath, new Date(file.mtime), new Date(file.mtime));
    await rename(file.partialPath, file.path);
  } catch (error) {
    throw targetError(error, file.path);
  }
}

function writeBlocks(
  repository: Repository,
  reader: BlobReader,
  plan: RestorePlan,
  options: RestoreRunOptions,
): Promise<void> {
  const tasks = plan.tasks()[Symbol.iterator]();
  const { signal } = options;
  signal?.throwIfAborted();
  const workers: Worker[] = [];
  let bytesDone = 0;
  let working = 0;
  return new Promise<void>((resolve, reject) => {
    let settled = false;
    const settle = (error?: unknown) => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener('abort', onAbort);
      Promise.all(workers.map((worker) => worker.terminate())).then(
        () => (error === undefined ? resolve() : reject(error)),
        reject,
      );
    };
    const onAbort = () => settle(signal?.reason);
    signal?.addEventListener('abort', onAbort);

    const handOut = (worker: Worker, queue: RestoreTask[]) => {
      const next = tasks.next();
      if (next.done) return false;
      queue.push(next.value);
      working++;
      worker.postMessage(next.value);
      return true;
    };

    const onAnswer = async (worker: Worker, queue: RestoreTask[], answer: RestoreAnswer) => {
      const task = queue.shift();
      if (answer.kind === 'error' || !task) {
        throw answer.kind === 'error' ? fromThreadError(answer.error) : new Error('an answer without a task');
      }
      handOut(worker, queue);
      bytesDone += answer.bytesWritten;
      for (const { blob } of answer.failed) bytesDone += await restoreOtherCopy(reader, task, blob);
      options.onProgress?.({ bytesDone, bytesTotal: plan.bytes });
      working--;
      if (working === 0) settle();
    };

    const url = siblingModule(import.meta.url, './restore-worker');
    const workerData = { locator: repository.backend.locator, keys: flatMasterKeys(repository.keys) };
    for (let number = 0; number < options.workers; number++) {
      const worker = new Worker(url, { workerData, resourceLimits: { maxYoungGenerationSizeMb: 3 } });
      const queue: RestoreTask[] = [];
      workers.push(worker);
      worker.on('message', (answer: RestoreAnswer) => onAnswer(worker, queue, answer).catch(settle));
      worker.on('error', (error) => settle(new LeewardError('L-REP-128', { reason: error.message }, error)));
      worker.on('exit', (code) => settle(new LeewardError('L-REP-128', { reason: `exit code ${code}` })));
      for (let count = 0; count < tasksPerWorker; count++) handOut(worker, queue);
    }
    if (working === 0) settle();
  });
}

/** Reads a blob whose copy was damaged from wherever else it lies, and writes it. Throws when there is no good one. */
async function restoreOtherCopy(reader: BlobReader, task: RestoreTask, blob: number): Promise<number> {
  const plain = await reader.load('data', task.ids, blob * 32);
  let before = 0;
  for (let other = 0; other < blob; other++) before += task.places[other * 4 + 3] ?? 0;
  const targets = task.places[blob * 4 + 3] ?? 0;
  for (let target = before; target < before + targets && !isZero(plain); target++) {
    const path = task.files[task.targets[target * 2] ?? 0] ?? '';
    const position = task.targets[target * 2 + 1] ?? 0;
    const file = await open(path, 'r+');
    try {
      await file.write(plain, 0, plain.length, position);
    } catch (error) {
      throw targetError(error, path);
    } finally {
      await file.close();
    }
  }
  return plain.length * targets;
}
