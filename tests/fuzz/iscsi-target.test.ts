import { openIscsiLun } from '@leeward/transports/iscsi/initiator/open-iscsi-lun';
import { RawInitiator } from '@leeward/transports/iscsi/testing/raw-initiator';
import { initiatorName, startTestTarget } from '@leeward/transports/iscsi/testing/test-target';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';
import { anyBytes } from './support/inputs.ts';

describe('the iSCSI target', () => {
  it('survives any PDUs after a login, and asks for nothing outside of its device', async () => {
    const sizeBytes = 65_536;
    const written = 0x77;
    const defects: unknown[] = [];
    const inside = (offsetBytes: number, lengthBytes: number) => {
      const isInside = offsetBytes >= 0 && offsetBytes + lengthBytes <= sizeBytes;
      const isWhole = offsetBytes % 512 === 0 && lengthBytes % 512 === 0;
      if (!isInside || !isWhole) defects.push(`${lengthBytes} bytes at ${offsetBytes}`);
    };
    const target = await startTestTarget({
      sizeBytes,
      backend: { beforeRead: inside, thin: true },
      target: { onDefect: (error) => defects.push(error) },
    });
    const write = target.backend.write;
    Object.assign(target.backend, {
      write: async (offsetBytes: number, data: Uint8Array) => {
        inside(offsetBytes, data.length);
        if (data.some((byte) => byte !== written)) defects.push('other bytes than those that came');
        await write?.(offsetBytes, data);
      },
    });
    const port = target.server.ports[0] ?? 0;
    const code = fc.constantFrom(0, 1, 1, 1, 2, 4, 5, 5, 6, 0x10, 0x40, 0x41, 0x42, 0x44, 0x3f);
    const pdu = fc.record({
      code,
      flags: fc.oneof(fc.constantFrom(0x80, 0xa1, 0xc1), fc.nat(255)),
      rest: fc.uint8Array({ minLength: 40, maxLength: 40 }),
      data: fc.oneof(
        fc.constant(new Uint8Array(0)),
        anyBytes,
        fc.nat(1_600).map((length) => new Uint8Array(length)),
      ),
      likely: fc.boolean(),
      tag: fc.nat(7),
      command: fc.constantFrom(...operations),
      offset: fc.constantFrom(0, 1, 127, 128, 512, 2 ** 31),
    });
    // A command that moves data, and the data of a write: as asked for, and not.
    const transfer = fc
      .record({
        command: fc.constantFrom(0x28, 0x2a, 0x2a, 0x8a),
        block: fc.constantFrom(0, 1, 127),
        count: fc.nat(3),
        early: fc.oneof(fc.constant(0), fc.constant(512), fc.nat(600)),
        tag: fc.nat(3),
        sent: fc.array(
          fc.record({
            offset: fc.constantFrom(0, 512, 1024, 1),
            length: fc.oneof(fc.constant(512), fc.nat(1_100)),
            flags: fc.constantFrom(0, 0x80),
          }),
          { maxLength: 3 },
        ),
      })
      .map(({ command, block, count, early, tag, sent }) => {
        const isWrite = command !== 0x28;
        const rest = new Uint8Array(40);
        rest[37] = count;
        const common = { rest, likely: true, tag, command };
        const data = new Uint8Array(isWrite ? early : 0);
        return [
          { ...common, code: 1, flags: isWrite ? 0xa1 : 0xc1, offset: block, data },
          ...sent.map(({ offset, length, flags }) => ({
            ...common,
            code: 5,
            flags,
            offset,
            data: new Uint8Array(length),
          })),
        ];
      });
    const requests = fc.array(
      fc.oneof(
        pdu.map((one) => [one]),
        transfer,
      ),
      { minLength: 1, maxLength: 4 },
    );
    await fuzz(
      'iSCSI target after a login',
      fc.asyncProperty(requests, async (pdus) => {
        const raw = await RawInitiator.login(port, initiatorName);
        // What every session is told first would be the answer to all but a few commands.
        await raw.command(5, Buffer.alloc(16));
        let serial = 2;
        let tag = 200;
        for (const one of pdus.flat()) {
          const header = Buffer.alloc(48);
          header.set([one.code, one.flags]);
          header.set(one.rest, 8);
          const isData = one.code === 5;
          // Fields that must be right for anything to happen at all, in half of the cases.
          if (one.likely) {
            // Data belongs to the command before, and so does the tag of a few other requests.
            if (!isData && one.tag > 0) tag++;
            header.set([0, 5, 0, 0, 0, 0, 0, 0], 8);
            header.writeUInt32BE(tag, 16);
            header.writeUInt32BE(serial, 24);
            if (one.code === 1) likelyCommand(header, one.command, one.offset);
            if (isData) likelyData(header, one.offset);
            if (!isData && one.code < 0x40) serial++;
          }
          // What a write asks for comes a little later.
          if (one.likely && isData) await new Promise((resolve) => setTimeout(resolve, 2));
          raw.send(header, one.code === 1 || isData ? Buffer.alloc(one.data.length, written) : one.data);
        }
        await new Promise((resolve) => setTimeout(resolve, 3));
        raw.close();
        expect(defects.splice(0)).toEqual([]);
      }),
      150,
    );
    const lun = await openIscsiLun(target.options);
    await lun.read(0, Buffer.alloc(sizeBytes));
    await lun.close();
    await target.close();
    expect(defects).toEqual([]);
  });
});

const operations = [
  ...[0x00, 0x03, 0x08, 0x0a, 0x0a, 0x12, 0x1a, 0x25, 0x28, 0x2a, 0x2a, 0x35, 0x5a, 0x5e, 0x88, 0x8a, 0x91],
  ...[0x9e, 0xa0, 0xa3, 0xa8, 0xaa],
];

/** A command that the target knows, for few blocks near one end of the device, or none, or very far away. */
function likelyCommand(header: Buffer, operation: number, block: number): void {
  const isLong = operation >> 5 === 4;
  const count = (header[45] ?? 0) & 3;
  header[32] = operation;
  header[33] = (header[33] ?? 0) & (operation === 0x9e ? 0x12 : 0x0b);
  header.writeUInt32BE(Math.max(0, count * 512 - (block === 1 ? 100 : 0)), 20);
  if (operation < 0x20) header.writeUInt32BE((block << 8) | count, 33);
  else if (operation >= 0x9e) header.writeUInt32BE(4_096, 38);
  if (operation === 0x9e) header.writeUInt32BE(4_096, 42);
  if (![0x28, 0x2a, 0x35, 0x88, 0x8a, 0x91, 0x9e, 0xa8, 0xaa].includes(operation)) return;
  if (isLong) header.writeBigUInt64BE(BigInt(block), 34);
  else header.writeUInt32BE(block, 34);
  if (isLong && operation !== 0x9e) header.writeUInt32BE(count, 42);
  else if (operation >> 5 === 5) header.writeUInt32BE(count, 38);
  else if (operation < 0x40) header.writeUInt16BE(count, 39);
}

/** Data as a write asked for it, under one of the first tags of the target. */
function likelyData(header: Buffer, offset: number): void {
  header.writeUInt32BE(1 + ((header[20] ?? 0) & 1), 20);
  header.writeUInt32BE(0, 36);
  header.writeUInt32BE(offset === 127 ? 0 : offset & 0xffff, 40);
}
