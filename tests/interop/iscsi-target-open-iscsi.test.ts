import { MappedTarget } from '@leeward/transports/iscsi/target/iscsi-target';
import { afterEach, describe, expect, it } from 'vitest';
import { discover, whyNoNamespace } from './iscsi/open-iscsi.ts';
import { type Served, serve, servedName } from './iscsi/serve.ts';
import { isInstalled, packageVersion } from './nfs/judges.ts';

const missing = isInstalled('iscsiadm') ? '' : 'iscsiadm';
const impossible = missing ? undefined : whyNoNamespace();
// Without the word "judge" in front, so that CI does not expect what cannot be on this machine.
if (impossible) console.log(`not possible here: open-iscsi: ${impossible}`);
else
  console.log(
    `judge: open-iscsi ${missing ? '-' : packageVersion('open-iscsi')} ${missing ? `absent (${missing})` : 'ran'}`,
  );

const name = 'iqn.2024-01.org.example:open-iscsi';
const twoPortals = [0, 0].map((port) => ({ address: '127.0.0.1', port }));
const portalOf = ({ server }: Served) => `127.0.0.1:${server.ports[0]}`;
const linesOf = ({ stdout }: { readonly stdout: Buffer }) => stdout.toString().trim().split('\n').sort();

let served: Served | undefined;
afterEach(() => served?.server.close());

describe.skipIf(missing || impossible)('discovery by open-iscsi against our target', () => {
  it('logs in under its name and finds the target with all its portals', async () => {
    served = await serve(Buffer.alloc(1024 * 1024), {}, { portals: twoPortals });
    const { code, stdout, stderr } = await discover({ name }, portalOf(served));
    expect(code, stderr).toBe(0);
    const expected = served.server.ports.map((port, at) => `127.0.0.1:${port},${at + 1} ${servedName}`);
    expect(linesOf({ stdout })).toEqual(expected.sort());
    expect(served.server.counters).toMatchObject([{ initiatorName: name, logins: 1, loginsRefused: 0 }]);
  });

  it('is shown no target that is not for it', async () => {
    served = await serve(Buffer.alloc(1024 * 1024));
    served.mapped.forbid('*');
    served.mapped.map('iqn.2024-01.org.example:other', 0, served.backend);
    expect((await discover({ name }, portalOf(served))).stdout.toString()).toBe('');
    const other = await discover({ name: 'iqn.2024-01.org.example:other' }, portalOf(served));
    expect(linesOf(other)).toEqual([expect.stringContaining(servedName)]);
  });

  it('takes an answer of many targets, which goes over several PDUs of the size it asked for', async () => {
    const longName = (at: number) => `iqn.2024-01.org.leeward:${'served-'.repeat(25)}${100 + at}`;
    const names = Array.from({ length: 12 }, (_, at) => longName(at));
    const targets = names.map((each) => new MappedTarget(each));
    for (const target of targets) target.allow('*');
    served = await serve(Buffer.alloc(512), {}, { targets: () => targets });
    const settings = { 'discovery.sendtargets.iscsi.MaxRecvDataSegmentLength': 512 };
    const { code, stdout, stderr } = await discover({ name, settings }, portalOf(served));
    expect(code, stderr).toBe(0);
    expect(linesOf({ stdout }).map((line) => line.split(' ')[1])).toEqual(names);
  });

  describe('CHAP', () => {
    const chap = { user: 'proxy', secret: 'one-way-secret' };
    const mutual = { user: 'array', secret: 'the-other-way-secret' };
    const login = (more: Readonly<Record<string, string>>) => ({
      name,
      settings: Object.fromEntries(
        Object.entries({ authmethod: 'CHAP', username: chap.user, password: chap.secret, ...more }).map(
          ([key, value]) => [`discovery.sendtargets.auth.${key}`, value],
        ),
      ),
    });
    const isLetIn = async (more: Readonly<Record<string, string>>) => {
      if (!served) throw new Error('nothing is served');
      const { code, stdout } = await discover(login(more), portalOf(served));
      return code === 0 && stdout.toString().includes(servedName);
    };

    it('lets the right secret in and no other', async () => {
      served = await serve(Buffer.alloc(1024 * 1024), {}, { discoveryChap: chap });
      expect(await isLetIn({})).toBe(true);
      expect(await isLetIn({ password: 'wrong-secret-12' })).toBe(false);
      expect((await discover({ name }, portalOf(served))).code).not.toBe(0);
      const [{ logins, loginsRefused } = { logins: 0, loginsRefused: 0 }] = served.server.counters;
      expect(logins).toBe(1);
      // It tries a refused login again.
      expect(loginsRefused).toBeGreaterThan(1);
    });

    it('both ways proves the target too', async () => {
      served = await serve(Buffer.alloc(1024 * 1024), {}, { discoveryChap: { ...chap, mutual } });
      const back = { username_in: mutual.user, password_in: mutual.secret };
      expect(await isLetIn(back)).toBe(true);
      expect(await isLetIn({ ...back, password_in: 'not what it has' })).toBe(false);
    });
  });
});
