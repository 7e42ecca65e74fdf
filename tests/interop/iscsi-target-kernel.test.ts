import { createHash } from 'node:crypto';
import { MappedTarget } from '@leeward/transports/iscsi/target/iscsi-target';
import { MemoryBackend } from '@leeward/transports/iscsi/testing/memory-backend';
import { afterEach, describe, expect, it } from 'vitest';
import { findKernel, missingForLinux, runInLinux } from './iscsi/linux-machine.ts';
import { type Served, serve } from './iscsi/serve.ts';

const kernel = findKernel();
const missing = missingForLinux();
// Without the word "judge" in front: not every machine can have it.
if (missing)
  console.log(`not possible here: linux-initiator (the kernel, in a virtual machine): no ${missing}`);
else console.log(`judge: linux-initiator ${kernel?.version} ran (the kernel, in a virtual machine)`);

const name = 'iqn.2024-01.org.example:linux';
const mebibyte = 1024 * 1024;
const chap = { user: 'proxy', secret: 'one-way-secret' };
const mutual = { user: 'array', secret: 'the-other-way-secret' };
const auth = `-u ${chap.user} -w ${chap.secret} -U ${mutual.user} -W ${mutual.secret}`;
const digests = ['Header', 'Data'].map((kind) => `-P node.conn[0].iscsi.${kind}Digest=CRC32C`).join(' ');

function contentOf(seed: number): Buffer {
  const content = Buffer.alloc(8 * mebibyte);
  for (let at = 0; at < content.length; at += 4)
    content.writeUInt32LE((at * 2654435761 + seed) % 2 ** 32, at);
  return content;
}

const targets = [
  { kind: 'plain', options: '' },
  { kind: 'chap', options: auth },
  { kind: 'digests', options: digests },
].map((each, at) => {
  const target = new MappedTarget(`iqn.2024-01.org.leeward:${each.kind}`);
  const content = contentOf(at);
  const naa = `600a09800000000000000000000000${at}0`;
  const identity = { serial: `serial-${each.kind}`, naa };
  const backend = new MemoryBackend(Buffer.from(content), { identity });
  target.map(name, 0, backend);
  if (each.kind === 'chap') target.setChap(name, { ...chap, mutual });
  return { ...each, at, target, content, backend, naa };
});

let served: Served | undefined;
afterEach(() => served?.server.close());

describe.skipIf(missing)('the Linux kernel’s initiator against our target', () => {
  it('logs in, with CHAP and digests too, reads and writes what is there, and is refused with a wrong secret', async () => {
    served = await serve(Buffer.alloc(512), {}, { targets: () => targets.map(({ target }) => target) });
    const [port] = served.server.ports;
    const login = (target: string, options: string) =>
      `iscsistart -i ${name} -t iqn.2024-01.org.leeward:${target} -g 1 -a 10.0.2.2 -p ${port} ${options}`;
    const printed = await runInLinux(
      kernel ?? { version: '', image: '', modules: '' },
      [
        `${login('chap', `-u ${chap.user} -w wrong-secret-12`)} >/dev/null 2>&1 && echo wrong secret let in`,
        ...targets.map(({ kind, options, at }) => {
          const disk = `sd${'abc'[at]}`;
          return `
${login(kind, options)}
for wait in $(seq 100); do [ -e /sys/block/${disk}/device/wwid ] && [ -b /dev/${disk} ] && break; usleep 100000; done
echo result ${kind} wwid $(cat /sys/block/${disk}/device/wwid)
echo result ${kind} sha256 $(sha256sum </dev/${disk})
yes ${kind} | head -c ${mebibyte} >/tmp/written
dd if=/tmp/written of=/dev/${disk} bs=64k seek=32 conv=fsync`;
        }),
      ].join('\n'),
    );
    const results = [...printed.matchAll(/^result (\w+) (\w+) (\S+)/gm)].map(([, ...all]) => all.join(' '));
    expect(results, printed.slice(-4000)).toEqual(
      targets.flatMap(({ kind, content, naa }) => [
        `${kind} wwid naa.${naa}`,
        `${kind} sha256 ${createHash('sha256').update(content).digest('hex')}`,
      ]),
    );
    expect(printed).not.toContain('wrong secret let in');
    for (const { kind, content, backend } of targets) {
      const written = Buffer.from(`${kind}\n`.repeat(mebibyte)).subarray(0, mebibyte);
      const expected = Buffer.from(content);
      written.copy(expected, 2 * mebibyte);
      expect(backend.bytes.equals(expected), kind).toBe(true);
      expect(backend.flushes, kind).toBeGreaterThan(0);
    }
    const [counters] = served.server.counters;
    expect(counters).toMatchObject({ initiatorName: name, logins: targets.length });
    expect(counters?.loginsRefused).toBeGreaterThan(0);
  });
});
