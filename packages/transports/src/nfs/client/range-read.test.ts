import { LeewardError } from '@leeward/core';
import { expect, test } from 'vitest';
import type { CallEnd } from '../../rpc/client/pending-call.ts';
import { XdrReader } from '../../xdr/xdr-reader.ts';
import { XdrWriter } from '../../xdr/xdr-writer.ts';
import type { NfsCall } from './nfs-call.ts';
import type { NfsSession, RemoteObject } from './nfs-session.ts';
import { readRange } from './range-read.ts';
import type { ReadResult } from './read-calls.ts';
import { RemoteFile } from './remote-file.ts';

interface Read {
  readonly handle: number;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly signal: AbortSignal | undefined;
  readonly end: CallEnd<ReadResult>;
}

const attributes = { type: 'file', fileId: 7n, sizeBytes: 10_000, modifiedMs: 1 };
const objectOf = (handle: number) =>
  ({ handle: Uint8Array.of(handle), attributes }) as unknown as RemoteObject;
const stale = () => new LeewardError('L-NET-203', { host: 'h', export: '/e', path: 'p' });
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A file of a server that allows READs of 100 bytes; the test answers them. */
function openFile() {
  const reads: Read[] = [];
  const looked = { times: 0 };
  const session = {
    maxReadBytes: 100,
    bytesRead: 0,
    start: (call: NfsCall<ReadResult>, _path: string, end: CallEnd<ReadResult>, signal?: AbortSignal) => {
      const writer = new XdrWriter();
      call.encode?.(writer);
      const reader = new XdrReader(writer.bytes());
      const handle = reader.opaque(64)[0] ?? 0;
      reads.push({ handle, offsetBytes: reader.size(), lengthBytes: reader.uint32(), signal, end });
    },
    at: async () => objectOf(++looked.times + 1),
    error: (code: 'L-NET-205' | 'L-NET-213', path: string, details = {}) =>
      new LeewardError(code, { host: 'h', export: '/e', path, ...details }),
  };
  const file = new RemoteFile(session as unknown as NfsSession, 'p', objectOf(1));
  const take = () => reads.splice(0).map(({ offsetBytes, lengthBytes }) => [offsetBytes, lengthBytes]);
  return { file, reads, looked, session, take };
}

const whole = ({ lengthBytes }: Read): ReadResult => ({ bytesRead: lengthBytes, end: false });

/** Its outcome so far: `undefined` while it runs. */
function outcomeOf(work: Promise<void>) {
  const outcome: { value?: unknown } = {};
  work.then(
    () => {
      outcome.value = 'done';
    },
    (error: unknown) => {
      outcome.value = error;
    },
  );
  return async () => {
    await settled();
    return outcome.value;
  };
}

test('a range is read in pieces as large as the server allows, all at once', async () => {
  const { file, reads, session, take } = openFile();
  const outcome = outcomeOf(readRange(file, 1_000, new Uint8Array(250), undefined));
  const [first, second, last] = reads;
  expect(take()).toEqual([
    [1_000, 100],
    [1_100, 100],
    [1_200, 50],
  ]);
  for (const read of [last, first]) read?.end.resolve(whole(read));
  expect(await outcome()).toBeUndefined();
  if (second) second.end.resolve(whole(second));
  expect(await outcome()).toBe('done');
  expect(session.bytesRead).toBe(250);
});

test('a short answer is continued where it ended', async () => {
  const { file, reads, take } = openFile();
  const outcome = outcomeOf(readRange(file, 500, new Uint8Array(80), undefined));
  reads.splice(0)[0]?.end.resolve({ bytesRead: 30, end: false });
  reads[0]?.end.resolve({ bytesRead: 49, end: false });
  expect(take()).toEqual([
    [530, 50],
    [579, 1],
  ]);
  expect(await outcome()).toBeUndefined();
});

test('a file that ends within a piece is an error with both ends', async () => {
  const { file, reads } = openFile();
  const outcome = outcomeOf(readRange(file, 500, new Uint8Array(80), undefined));
  reads[0]?.end.resolve({ bytesRead: 30, end: true });
  expect(await outcome()).toMatchObject({ code: 'L-NET-205', details: { endBytes: 580, sizeBytes: 530 } });
});

test('the first failure stops the other pieces and is thrown once all have settled', async () => {
  const { file, reads } = openFile();
  const outcome = outcomeOf(readRange(file, 0, new Uint8Array(300), undefined));
  const [first, second, third] = reads;
  const why = new Error('first');
  expect(first?.signal?.aborted).toBe(false);
  second?.end.reject(why);
  expect(first?.signal?.reason).toBe(why);
  first?.end.reject(first.signal?.reason);
  expect(await outcome()).toBeUndefined();
  third?.end.reject(new Error('another'));
  expect(await outcome()).toBe(why);
});

test('the signal of the caller reaches all pieces', async () => {
  const { file, reads } = openFile();
  const controller = new AbortController();
  const outcome = outcomeOf(readRange(file, 0, new Uint8Array(200), controller.signal));
  controller.abort('enough');
  expect(reads.map(({ signal }) => signal?.reason)).toEqual(['enough', 'enough']);
  for (const read of reads) read.end.reject(read.signal?.reason);
  expect(await outcome()).toBe('enough');
});

test('a stale handle is looked up once for all pieces, and each is read again with the new one', async () => {
  const { file, reads, looked, take } = openFile();
  const outcome = outcomeOf(readRange(file, 0, new Uint8Array(300), undefined));
  const before = reads.splice(0);
  for (const read of before) read.end.reject(stale());
  await settled();
  expect(looked.times).toBe(1);
  expect(reads.map(({ handle }) => handle)).toEqual([2, 2, 2]);
  const again = [...reads];
  expect(take()).toEqual(before.map(({ offsetBytes, lengthBytes }) => [offsetBytes, lengthBytes]));
  for (const read of again) read.end.resolve(whole(read));
  expect(await outcome()).toBe('done');
});

test('a handle that is stale again at once is an error; later in the same piece it is looked up again', async () => {
  const twice = openFile();
  const failed = outcomeOf(readRange(twice.file, 0, new Uint8Array(50), undefined));
  twice.reads.splice(0)[0]?.end.reject(stale());
  await settled();
  twice.reads[0]?.end.reject(stale());
  expect(await failed()).toMatchObject({ code: 'L-NET-203' });
  const later = openFile();
  const outcome = outcomeOf(readRange(later.file, 0, new Uint8Array(50), undefined));
  later.reads.splice(0)[0]?.end.reject(stale());
  await settled();
  later.reads.splice(0)[0]?.end.resolve({ bytesRead: 20, end: false });
  later.reads.splice(0)[0]?.end.reject(stale());
  await settled();
  expect(later.looked.times).toBe(2);
  expect(later.take()).toEqual([[20, 30]]);
  expect(await outcome()).toBeUndefined();
});
