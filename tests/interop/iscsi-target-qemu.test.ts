import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Served, serve, servedName } from './iscsi/serve.ts';
import { isInstalled, packageVersion, run } from './nfs/judges.ts';

const driverInstalled = [
  '/usr/lib/x86_64-linux-gnu/qemu',
  '/usr/lib/aarch64-linux-gnu/qemu',
  '/usr/lib/qemu',
].some((folder) => existsSync(join(folder, 'block-iscsi.so')));
const missing = [
  ...['qemu-img', 'qemu-io'].filter((program) => !isInstalled(program)),
  ...(driverInstalled ? [] : ['qemu-block-extra']),
].join(', ');
console.log(
  `judge: qemu-img (iscsi) ${missing ? '-' : packageVersion('qemu-utils')} ${missing ? `absent (${missing})` : 'ran'}`,
);

describe.skipIf(missing)('qemu against our target', () => {
  const work = mkdtempSync(join(tmpdir(), 'leeward-iscsi-qemu-'));
  let served: Served | undefined;
  afterEach(() => served?.server.close());
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  const qemu = async (program: string, ...args: string[]) => {
    const { code, stdout, stderr } = await run(program, args);
    expect(code, stderr).toBe(0);
    return stdout.toString();
  };

  it('qemu-img reads and compares the whole disk', async () => {
    const content = randomBytes(24 * 1024 * 1024);
    served = await serve(content);
    const copy = join(work, 'copy.raw');
    await qemu('qemu-img', 'convert', '-O', 'raw', served.lunUrl, copy);
    expect(readFileSync(copy).equals(content)).toBe(true);
    await qemu('qemu-img', 'compare', '-f', 'raw', '-F', 'raw', copy, served.lunUrl);
    const info = JSON.parse(await qemu('qemu-img', 'info', '--output=json', served.lunUrl));
    expect(info['virtual-size']).toBe(content.length);
  });

  it('qemu-img writes a whole disk, and sees what is not provisioned', async () => {
    const content = randomBytes(8 * 1024 * 1024);
    content.fill(0, 1024 * 1024, 6 * 1024 * 1024);
    const image = join(work, 'image.raw');
    writeFileSync(image, content);
    served = await serve(Buffer.alloc(content.length), { thin: true });
    await qemu('qemu-img', 'convert', '-n', '-f', 'raw', '-O', 'raw', image, served.lunUrl);
    expect(served.backend.bytes.equals(content)).toBe(true);
    const map = JSON.parse(await qemu('qemu-img', 'map', '--output=json', '-f', 'raw', served.lunUrl));
    const zeros = map.filter(({ zero }: { zero: boolean }) => zero);
    expect(zeros).toMatchObject([{ start: 1024 * 1024, length: 5 * 1024 * 1024 }]);
  });

  it('qemu-io writes at odd places and reads back, in blocks of 4 KiB too', async () => {
    for (const blockBytes of [512, 4096]) {
      served = await serve(Buffer.alloc(8 * 1024 * 1024), { blockBytes });
      const commands = [
        'write -P 7 1M 3M',
        'write -P 9 512 70000',
        'read -P 9 512 70000',
        'read -P 7 1M 3M',
        'flush',
      ];
      await qemu('qemu-io', '-f', 'raw', ...commands.flatMap((command) => ['-c', command]), served.lunUrl);
      const { bytes, flushes } = served.backend;
      expect(bytes.subarray(512, 70_512).every((byte) => byte === 9)).toBe(true);
      expect(bytes[511]).toBe(0);
      expect(bytes[70_512]).toBe(0);
      expect(bytes.subarray(1024 * 1024, 4 * 1024 * 1024).every((byte) => byte === 7)).toBe(true);
      expect(flushes).toBeGreaterThan(0);
      await served.server.close();
    }
  });

  it('uses header digests', async () => {
    const content = randomBytes(4 * 1024 * 1024);
    served = await serve(content, {}, {});
    const port = served.server.ports[0];
    const options = `driver=iscsi,transport=tcp,portal=127.0.0.1:${port},target=${servedName},lun=3,header-digest=crc32c`;
    const copy = join(work, 'digest.raw');
    await qemu('qemu-img', 'convert', '-O', 'raw', '--image-opts', options, copy);
    expect(readFileSync(copy).equals(content)).toBe(true);
  });

  it('goes on when the connection is cut', async () => {
    const content = randomBytes(16 * 1024 * 1024);
    let left = 3;
    let reads = 0;
    served = await serve(
      content,
      {},
      {
        faults: {
          onCommand: ({ operationCode }) => {
            const isRead = operationCode === 0x88 || operationCode === 0x28;
            return isRead && ++reads % 4 === 0 && left-- > 0
              ? { kind: 'cut', afterBytes: 100_000 }
              : undefined;
          },
        },
      },
    );
    const copy = join(work, 'cut.raw');
    await qemu('qemu-img', 'convert', '-O', 'raw', served.lunUrl, copy);
    expect(readFileSync(copy).equals(content)).toBe(true);
    expect(left).toBeLessThan(3);
  });
});
