import {
  listStart,
  readDirectoryCall,
  readDirectoryPlusCall,
} from '@leeward/transports/nfs/client/list-calls';
import {
  fileSystemInfoCall,
  getAttributesCall,
  lookupCall,
  readCall,
  readLinkCall,
} from '@leeward/transports/nfs/client/read-calls';
import { decodeSysCredential } from '@leeward/transports/rpc/auth-sys';
import { ReplyReceiver } from '@leeward/transports/rpc/client/reply-receiver';
import { XdrError } from '@leeward/transports/xdr/xdr-error';
import { XdrReader } from '@leeward/transports/xdr/xdr-reader';
import { XdrWriter } from '@leeward/transports/xdr/xdr-writer';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';
import { chunksOf, must, numbers, only } from './support/inputs.ts';
import { framed, wireBytes, word } from './support/rpc-inputs.ts';

describe('decoders of NFS', () => {
  it('throw XdrError, or tell what can be', async () => {
    const handle = Uint8Array.of(1);
    const isHandle = (found: Uint8Array | undefined) =>
      found === undefined || (found.length > 0 && found.length <= 64);
    const decoders: ((reader: XdrReader) => unknown)[] = [
      (reader) => must(isHandle(lookupCall(handle, 'x').decode(reader).value?.handle), 'a handle'),
      (reader) => {
        const size = getAttributesCall(handle).decode(reader).value?.sizeBytes ?? 0;
        must(Number.isSafeInteger(size), 'a size that is exact');
      },
      (reader) => {
        const read = readCall(handle, 0, new Uint8Array(50)).decode(reader).value?.bytesRead ?? 0;
        must(read <= 50, 'no more than was asked for');
      },
      (reader) => readLinkCall(handle).decode(reader),
      (reader) => fileSystemInfoCall(handle).decode(reader),
      ...[readDirectoryPlusCall, readDirectoryCall].map((list) => (reader: XdrReader) => {
        const page = list(handle, listStart, 4096).decode(reader).value;
        must(page === undefined || page.end || page.names.length > 0, 'a page that leads on');
        must(page?.names.every((name) => isHandle(name.handle)) !== false, 'handles');
      }),
    ];
    await fuzz(
      'NFS decoders',
      fc.property(wireBytes, (bytes) => {
        for (const decode of decoders)
          only(XdrError, () => {
            const reader = new XdrReader(bytes);
            decode(reader);
            must(reader.position <= bytes.length && reader.position % 4 === 0, 'whole words');
          });
        only(XdrError, () => {
          const { machineName, gids } = decodeSysCredential(bytes);
          must(machineName.length <= 255 && gids.length <= 16, 'a credential within its bounds');
        });
      }),
      3_000,
    );
  });

  it('take any stream of replies without another error and without writing past the target', async () => {
    const most = 1_000;
    const targetBytes = 700;
    const reply = fc.record({
      attributes: fc.boolean(),
      dataBytes: fc.oneof(fc.nat(9), fc.nat(targetBytes), fc.nat(1_100)),
      /** What is told twice, besides how much there is. */
      more: fc.option(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }))),
      changed: fc.option(fc.record({ at: fc.nat(12), value: word })),
      fragments: fc.integer({ min: 1, max: 3 }),
    });
    const stream = fc.oneof(
      fc.record({ chunks: fc.array(wireBytes, { maxLength: 5 }), asRecords: fc.boolean() }),
      fc.record({
        replies: fc.array(reply, { maxLength: 4 }),
        chunkBytes: fc.integer({ min: 1, max: 900 }),
      }),
    );
    await fuzz(
      'NFS streams of replies',
      fc.property(stream, (input) => {
        const around = Buffer.alloc(targetBytes + 20, 0xee);
        const replies = 'replies' in input ? input.replies : [];
        const records = replies.map(readReply);
        const chunks =
          'replies' in input
            ? chunksOf(
                Buffer.concat(records.map((record, index) => framed(record, replies[index]?.fragments))),
                input.chunkBytes,
              )
            : input.chunks.map((chunk) => (input.asRecords ? framed(chunk) : chunk));
        let taken = 0;
        const receiver = new ReplyReceiver(most, () => {
          const call = readCall(Uint8Array.of(1), 0, around.subarray(10, 10 + targetBytes));
          return {
            settled: false,
            place: (reader) => call.place?.(reader),
            receive: (record, resultsAt) => {
              const sent = replies[taken];
              must((records[taken]?.length ?? record.length) <= most, 'records within the bound');
              taken++;
              if (resultsAt === 0) return;
              const read = call.decode(new XdrReader(record, resultsAt)).value?.bytesRead;
              if (read === undefined) return;
              if (sent && !sent.changed) {
                const whole = Math.min(read, sent.dataBytes);
                must(read <= whole + 3, 'no more than came');
                must(read === Math.max(0, sent.dataBytes + (sent.more?.[0] ?? 0)), 'as much as was told');
                must(
                  around.subarray(10, 10 + whole).equals(numbers.subarray(0, whole)),
                  'the data that was sent',
                );
              }
              must(
                around.subarray(10 + read).every((byte) => byte === 0xee),
                'nothing behind the data',
              );
              around.fill(0xee, 10, 10 + read);
            },
          };
        });
        let refused = false;
        only(XdrError, () => {
          refused = true;
          for (const chunk of chunks) receiver.accept(chunk);
          refused = false;
        });
        must(
          around.subarray(0, 10).every((byte) => byte === 0xee) &&
            around.subarray(10 + targetBytes).every((byte) => byte === 0xee),
          'nothing around the target',
        );
        if (!('replies' in input) || replies.some(({ changed, more }) => changed || more)) return;
        const tooLong = replies.findIndex(
          ({ dataBytes }, index) => dataBytes > targetBytes || (records[index]?.length ?? 0) > most,
        );
        must(taken === (tooLong < 0 ? replies.length : tooLong), 'all replies but those too long');
        must(refused === tooLong >= 0, 'an error where one is too long');
      }),
      3_000,
    );
  });
});

/** A reply to a READ: as it should be, or with two other lengths, or with another word somewhere. */
function readReply(reply: {
  readonly attributes: boolean;
  readonly dataBytes: number;
  readonly more: readonly [number, number] | null;
  readonly changed: { readonly at: number; readonly value: number } | null;
}): Buffer {
  const writer = new XdrWriter();
  for (const value of [77, 1, 0, 0, 0, 0, 0]) writer.uint32(value);
  writer.boolean(reply.attributes);
  if (reply.attributes) writer.opaqueFixed(new Uint8Array(84));
  const [count, length] = reply.more ?? [0, 0];
  writer.uint32(Math.max(0, reply.dataBytes + count)).boolean(true);
  writer.uint32(Math.max(0, reply.dataBytes + length)).opaqueFixed(numbers.subarray(0, reply.dataBytes));
  if (reply.changed) writer.patch((reply.changed.at % (writer.position >> 2)) * 4, reply.changed.value);
  return Buffer.from(writer.bytes());
}
