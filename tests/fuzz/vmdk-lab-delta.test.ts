import { openSingle } from '@leeward/formats/vmdk/testing/open-single';
import { SparseFile } from '@leeward/formats/vmdk/testing/sparse-file';
import { CowdWriter } from '@leeward/lab/vcenter/disk/cowd';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';

const sectors = 9000;

describe('delta disks of the simulated hosts', () => {
  it('are read as they were written, also when written again', async () => {
    const writes = fc.array(
      fc.record({ first: fc.nat(sectors - 1), count: fc.integer({ min: 1, max: 900 }), value: fc.nat(255) }),
      { maxLength: 12, size: 'max' },
    );
    await fuzz(
      'VMDK deltas of the lab',
      fc.asyncProperty(writes, async (parts) => {
        const content = Buffer.alloc(sectors * 512);
        const file = new SparseFile();
        const writer = await CowdWriter.create(
          {
            write: async (offsetBytes, data) => file.write(offsetBytes, data),
            setSize: async (sizeBytes) => file.truncate(sizeBytes),
            commit: async () => {},
            close: async () => {},
          },
          content.length,
        );
        for (const { first, count, value } of parts) {
          const data = Buffer.alloc(Math.min(count, sectors - first) * 512, value);
          content.set(data, first * 512);
          await writer.write(first * 512, data);
        }
        file.truncate(Math.max(file.sizeBytes, writer.sizeBytes));
        const chain = await openSingle('cowd', file, content.length);
        const read = Buffer.alloc(content.length);
        await chain.read(0, read);
        expect(read.equals(content)).toBe(true);
      }),
      60,
    );
  });
});
