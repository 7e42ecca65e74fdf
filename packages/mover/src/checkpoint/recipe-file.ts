import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '@leeward/platform/files/durable-file';
import { idBytes, sha256 } from '@leeward/repository';
import {
  decodeRecord,
  encodeRecord,
  type RecipeBatch,
  recordBytesAt,
  recordHeadBytes,
} from './recipe-record.ts';

interface RecordPlace {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/**
 * The durable memory of an interrupted disk backup: which blocks are stored, appended batch by batch. A torn end is
 * cut off when it is opened again. It belongs to one backup exactly: opened with another key it starts empty.
 */
export class RecipeFile {
  readonly #file: FileHandle;
  /** Where the records of each extent are, so that a resume needs one extent in memory at a time. */
  readonly #places: Map<number, RecordPlace[]>;
  #end: number;

  private constructor(file: FileHandle, places: Map<number, RecordPlace[]>, end: number) {
    this.#file = file;
    this.#places = places;
    this.#end = end;
  }

  /** `key` names everything that must be the same for a resume; `blocksPerExtent` groups the records. */
  static async open(folder: string, key: string, blocksPerExtent: number): Promise<RecipeFile> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(join(folder, 'recipe'), 'a+', 0o600).then(async (made) => {
      await made.close();
      return open(join(folder, 'recipe'), 'r+');
    });
    try {
      const head = sha256(Buffer.from(key));
      const isOurs = (await readAt(file, 0, idBytes)).equals(head);
      if (!isOurs) await startEmpty(file, head);
      await syncFolder(folder);
      const { places, end } = await scan(file, blocksPerExtent);
      await file.truncate(end);
      return new RecipeFile(file, places, end);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The batches of an extent that an earlier try left, one after the other. */
  async *batchesOf(extent: number): AsyncIterable<RecipeBatch> {
    for (const { offsetBytes, lengthBytes } of this.#places.get(extent) ?? []) {
      const batch = decodeRecord(await readAt(this.#file, offsetBytes, lengthBytes));
      if (batch) yield batch;
    }
  }

  /** Durable when it resolves. Not to be called again before. */
  async append(batches: readonly RecipeBatch[]): Promise<void> {
    if (batches.length === 0) return;
    const records = Buffer.concat(batches.map(encodeRecord));
    for (let done = 0; done < records.length; ) {
      const left = records.length - done;
      done += (await this.#file.write(records, done, left, this.#end + done)).bytesWritten;
    }
    await this.#file.datasync();
    this.#end += records.length;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function startEmpty(file: FileHandle, head: Uint8Array): Promise<void> {
  await file.truncate(0);
  await file.write(head, 0, head.length, 0);
  await file.datasync();
}

async function scan(file: FileHandle, blocksPerExtent: number) {
  const places = new Map<number, RecordPlace[]>();
  let end = idBytes;
  for (;;) {
    const lengthBytes = recordBytesAt(await readAt(file, end, recordHeadBytes));
    if (lengthBytes === undefined) return { places, end };
    const batch = await readRecord(file, end, lengthBytes);
    if (!batch) return { places, end };
    const extent = Math.floor((batch.blocks[0] ?? 0) / blocksPerExtent);
    const ofExtent = places.get(extent) ?? [];
    ofExtent.push({ offsetBytes: end, lengthBytes });
    places.set(extent, ofExtent);
    end += lengthBytes;
  }
}

async function readRecord(file: FileHandle, at: number, lengthBytes: number) {
  const record = await readAt(file, at, lengthBytes);
  return record.length === lengthBytes ? decodeRecord(record) : undefined;
}

/** What is there, at most `lengthBytes`. */
async function readAt(file: FileHandle, offsetBytes: number, lengthBytes: number): Promise<Buffer> {
  const target = Buffer.alloc(lengthBytes);
  let done = 0;
  while (done < lengthBytes) {
    const { bytesRead } = await file.read(target, done, lengthBytes - done, offsetBytes + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return target.subarray(0, done);
}
