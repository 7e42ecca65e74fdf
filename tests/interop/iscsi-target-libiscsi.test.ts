import { afterEach, describe, expect, it } from 'vitest';
import { type Served, serve, servedName } from './iscsi/serve.ts';
import { isInstalled, packageVersion, run } from './nfs/judges.ts';

const programs = ['iscsi-ls', 'iscsi-inq', 'iscsi-readcapacity16', 'iscsi-test-cu'];
const missing = programs.filter((program) => !isInstalled(program)).join(', ');
const version = missing ? '-' : packageVersion('libiscsi-bin');
console.log(`judge: libiscsi ${version} ${missing ? `absent (${missing})` : 'ran'}`);

/**
 * What the suite skips because the target does not offer it. The lab's arrays and instant recovery need none of it
 * for reading and writing disks: verification and prefetch (VERIFY, WRITE AND VERIFY, PRE-FETCH) are work for real
 * media, ORWRITE, WRITE SAME, WRITE ATOMIC, UNMAP, EXTENDED COPY and COMPARE AND WRITE are accelerations that
 * initiators ask for by the Block Limits page, reservations (RESERVE, PERSISTENT RESERVE OUT) belong to shared
 * disks, the rest to removable or older devices.
 */
const notOffered = [
  /^(VERIFY|WRITEVERIFY)(10|12|16) is not implemented/,
  /^PREFETCH(10|16) is not implemented/,
  /^(ORWRITE|WRITEATOMIC16|UNMAP|COMPAREANDWRITE|EXTENDEDCOPY) is not implemented/,
  /^WRITESAME(10|16) is not implemented/,
  /^RESERVE6 is not implemented/,
  /^PROUT Not Supported/,
  /^(READDEFECTDATA(10|12)|RECEIVE_COPY_RESULTS|RECEIVECOPYRESULT) is not implemented/,
  /^(GETLBASTATUS|GET_LBA_STATUS) is not implemented/,
  // It takes the refusal of a single option for that of the command.
  /^REPORT_SUPPORTED_OPCODES is not implemented/,
  /^Logical unit is fully provisioned/,
  /^(LUN|Logical unit|Media) is not (removable|write-protected)/,
  /^Logical unit does not have LBP(U|WS|WS10)\b/,
  /^LBPPB < 2/,
  /^--allow-sanitize flag is not set/,
  /^Multipath unavailable/,
];

describe.skipIf(missing)('libiscsi against our target', () => {
  let served: Served | undefined;
  afterEach(() => served?.server.close());

  const text = async (program: string, ...args: string[]) => {
    const { code, stdout, stderr } = await run(program, args);
    return { code, out: stdout.toString() + stderr };
  };

  it('iscsi-ls finds target and LUN, and hides what is not for this initiator', async () => {
    served = await serve(Buffer.alloc(8 * 1024 * 1024));
    served.mapped.map('iqn.2024-01.org.example:other', 4, served.backend);
    const { code, out } = await text('iscsi-ls', '-s', served.portalUrl);
    expect(code).toBe(0);
    expect(out).toContain(`Target:${servedName}`);
    expect(out).toMatch(/Lun:3\s+Type:DIRECT_ACCESS/);
    expect(out).not.toContain('Lun:4');
    const other = await text('iscsi-ls', '-i', 'iqn.2024-01.org.example:other', '-s', served.portalUrl);
    expect(other.out).toMatch(/Lun:4\s+Type:DIRECT_ACCESS/);
    expect(other.out).not.toContain('Lun:3');
    served.mapped.forbid('*');
    expect((await text('iscsi-ls', served.portalUrl)).out).not.toContain(servedName);
  });

  it('iscsi-inq and iscsi-readcapacity16 see identity and size', async () => {
    const naa = '600a098038303053453f463045727a41';
    served = await serve(Buffer.alloc(8 * 1024 * 1024), { identity: { serial: 'SERIAL-42', naa } });
    const standard = await text('iscsi-inq', served.lunUrl);
    expect(standard.out).toMatch(/Vendor:LEEWARD[\s\S]*Product:TEST DISK/);
    expect((await text('iscsi-inq', '-e', '1', '-c', '128', served.lunUrl)).out).toContain('SERIAL-42');
    // It prints the bytes of binary designators as they are.
    const names = await run('iscsi-inq', ['-e', '1', '-c', '131', served.lunUrl]);
    expect(names.stdout.includes(Buffer.from(naa, 'hex'))).toBe(true);
    expect(names.stdout.toString()).toContain(`${servedName},t,0x0001`);
    const capacity = await text('iscsi-readcapacity16', served.lunUrl);
    expect(capacity.out).toContain('Total size:8388608');
  });

  it('CHAP lets the right secret in and no other', async () => {
    served = await serve(Buffer.alloc(1024 * 1024));
    served.mapped.setChap('*', { user: 'proxy', secret: 'one-way-secret' });
    const as = (login: string) => served?.lunUrl.replace('iscsi://', `iscsi://${login}@`) ?? '';
    expect((await text('iscsi-inq', as('proxy%one-way-secret'))).code).toBe(0);
    expect((await text('iscsi-inq', as('proxy%wrong'))).code).not.toBe(0);
    expect((await text('iscsi-inq', served.lunUrl)).code).not.toBe(0);
  });

  it.each([
    ['512', {}, {}],
    ['4,096', { blockBytes: 4096 }, { maxTransferBytes: 8 * 1024 * 1024 }],
    ['512, thin, small bursts', { thin: true }, { maxBurstBytes: 8192 }],
  ])('iscsi-test-cu passes, blocks of %s bytes', async (_, backend, options) => {
    served = await serve(Buffer.alloc(64 * 1024 * 1024, 0x11), backend, options);
    const { code, out } = await text('iscsi-test-cu', '-d', '-V', '-n', served.lunUrl);
    const summary = /asserts\s+(\d+)\s+\d+\s+(\d+)\s+(\d+)/.exec(out);
    const tests = /tests\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)/.exec(out);
    expect(tests?.[4], out.slice(-3000)).toBe('0');
    expect(code).toBe(0);
    expect(Number(tests?.[2])).toBeGreaterThan(500);
    expect(Number(summary?.[2])).toBeGreaterThan(40_000);
    const skipped = new Set([...out.matchAll(/\[SKIPPED\] (.*)/g)].map(([, reason]) => reason ?? ''));
    const unknown = [...skipped].filter((reason) => !notOffered.some((pattern) => pattern.test(reason)));
    expect(unknown).toEqual([]);
  });
});
