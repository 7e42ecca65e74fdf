import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { ManualClock, systemClock } from '@leeward/platform';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VcenterOptions } from '../connect.ts';
import { FakeVcenter } from '../testing/fake-vcenter.ts';
import { xml } from '../testing/property-xml.ts';
import { testClient } from '../testing/test-client.ts';
import type { VcenterClient } from '../vcenter-client.ts';
import type { CallEvent } from './session-call.ts';

const tls = await createSelfSignedCertificate({
  commonName: 'vcenter.test',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
let fake: FakeVcenter;
let port: number;
const clients: VcenterClient[] = [];

beforeEach(async () => {
  fake = new FakeVcenter(tls);
  fake.objects.set('VirtualMachine', 'vm-1', { name: xml.string('one') });
  port = await fake.listen();
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await fake.close();
});

function client(options: Partial<VcenterOptions> = {}): VcenterClient {
  const made = testClient(port, tls.sha256, options);
  clients.push(made);
  return made;
}

const prefix = 'x';
const patient = { timeout: 30_000 };

describe('login', () => {
  test('happens when first needed, once for all who wait, with the cookie exactly as it came', async () => {
    const vcenter = client();
    expect(fake.calls).toEqual([]);
    const many = Array.from({ length: 12 }, () => vcenter.findVmwareSnapshots(prefix));
    await Promise.all(many);
    expect(fake.countOf('Login')).toBe(1);
    expect(fake.calls.at(-1)?.cookie).toBe('vmware_soap_session="fake-1"');
    expect(fake.calls.at(-1)?.soapAction).toBe('"urn:vim25/8.0.3.0"');
    expect((await vcenter.about()).instanceUuid).toBe('uuid-1');
  });

  test('a server without a list of versions is asked in 7.0', async () => {
    fake.versions = undefined;
    await client().about();
    expect(fake.calls[0]?.soapAction).toBe('"urn:vim25/7.0.0.0"');
  });

  test('gzip answers are understood', async () => {
    fake.gzip = true;
    expect((await client().about()).version).toBe('8.0.3');
  });

  test('a certificate authority is trusted as well as a fingerprint', async () => {
    const trust = { kind: 'ca', pem: tls.certificatePem } as const;
    expect((await client({ trust }).about()).name).toBe('Fake vCenter');
  });

  test('close logs out and refuses what comes later', async () => {
    const vcenter = client();
    await vcenter.about();
    expect(fake.openSessions).toBe(1);
    await vcenter.close();
    expect(fake.openSessions).toBe(0);
    await expect(vcenter.about()).rejects.toThrow('closed');
    await vcenter.close();
  });
});

describe('refusals', () => {
  test('a wrong password is tried once, then not again for a while', async () => {
    const vcenter = client({ password: 'wrong-secret' });
    await expect(vcenter.about()).rejects.toMatchObject({
      code: 'L-VC-102',
      details: { username: 'somebody' },
    });
    await expect(vcenter.inventory()).rejects.toMatchObject({ code: 'L-VC-102' });
    expect(fake.countOf('Login')).toBe(1);
  });

  test('after the pause the password is tried again', async () => {
    const vcenter = client({ password: 'wrong', loginPauseMs: 0 });
    await expect(vcenter.about()).rejects.toMatchObject({ code: 'L-VC-102' });
    fake.password = 'wrong';
    expect((await vcenter.about()).name).toBe('Fake vCenter');
  });

  test.each([
    ['L-VC-105', { apiVersion: '6.7.3' }],
    ['L-VC-106', { apiType: 'HostAgent' }],
    ['L-VC-106', { intercept: () => ({ status: 404 }) }],
  ])('%s', async (code, server) => {
    Object.assign(fake, server);
    await expect(client().about()).rejects.toMatchObject({ code });
    expect(fake.countOf('Login')).toBe(0);
  });

  test('an older version is allowed by an option', async () => {
    fake.apiVersion = '6.7.3';
    expect((await client({ oldestApiVersion: '6.7' }).about()).apiVersion).toBe('6.7.3');
  });

  test('something else that speaks HTTPS', async () => {
    fake.versions = '<html><p>Welcome</html>';
    fake.intercept = () => '<broken';
    await expect(client().about()).rejects.toMatchObject({ code: 'L-VC-106' });
  });

  test('another certificate: the password is not sent', async () => {
    const trust = { kind: 'fingerprint', sha256: 'ab'.repeat(32) } as const;
    const outcome = client({ trust }).about();
    await expect(outcome).rejects.toMatchObject({ code: 'L-VC-103', details: { seenSha256: tls.sha256 } });
    expect(fake.calls).toEqual([]);
  });

  test('a certificate that no authority vouches for', async () => {
    await expect(client({ trust: { kind: 'ca' } }).about()).rejects.toMatchObject({ code: 'L-VC-104' });
  });

  test('nobody there', async () => {
    await fake.close();
    await expect(client().about()).rejects.toMatchObject({ code: 'L-VC-101', details: { port } });
  });

  test('another vCenter at the same address', async () => {
    await expect(client({ instanceUuid: 'uuid-0' }).about()).rejects.toMatchObject({ code: 'L-VC-117' });
    const vcenter = client();
    await vcenter.about();
    fake.instanceUuid = 'uuid-2';
    fake.endSessions();
    await expect(vcenter.inventory()).rejects.toMatchObject({ code: 'L-VC-117' });
  });
});

describe('a lost session', () => {
  test.each([false, true])('is replaced once for all who notice (hidden form: %s)', async (hiddenLogout) => {
    fake.hiddenLogout = hiddenLogout;
    const vcenter = client();
    await vcenter.about();
    fake.endSessions();
    const found = await Promise.all(Array.from({ length: 6 }, () => vcenter.inventory()));
    expect(found.map(({ vms }) => vms[0]?.name)).toEqual(Array.from({ length: 6 }, () => 'one'));
    expect(fake.countOf('Login')).toBe(2);
  });

  test('in the middle of paging starts the reading anew, nothing twice', async () => {
    for (let index = 2; index <= 9; index++)
      fake.objects.set('VirtualMachine', `vm-${index}`, { name: xml.string(`vm ${index}`) });
    fake.objects.pageSize = 2;
    let pages = 0;
    fake.intercept = ({ method }) => {
      if (method === 'ContinueRetrievePropertiesEx' && ++pages === 3) fake.endSessions();
      return undefined;
    };
    const { vms } = await client().inventory();
    expect(new Set(vms.map(({ moId }) => moId)).size).toBe(9);
    expect(vms.length).toBe(9);
  });

  test('that is lost again at once is an error', async () => {
    fake.intercept = ({ method }) => {
      if (method === 'RetrievePropertiesEx') fake.endSessions();
      return undefined;
    };
    await expect(client().vm('vm-1')).rejects.toMatchObject({ code: 'L-VC-109' });
    expect(fake.countOf('Login')).toBe(2);
  });
});

describe('an idle session', () => {
  test('is kept alive', async () => {
    const clock = new ManualClock();
    const answered: CallEvent[] = [];
    const onCall = (event: CallEvent) => {
      if (event.method === 'CurrentTime') answered.push(event);
    };
    const vcenter = client({ clock, onCall, keepAliveMs: 600_000 });
    await vcenter.about();
    for (let round = 1; round <= 3; round++) {
      await clock.advance(600_000);
      await expect.poll(() => answered.length, patient).toBe(round);
    }
    await vcenter.close();
    await clock.advance(6_000_000);
    expect(fake.countOf('CurrentTime')).toBe(3);
  });
});

describe('trouble on the way', () => {
  test.each([
    ['503', { status: 503 }],
    ['500 without a fault', { status: 500 }],
    ['a cut connection', { cut: 'before' }],
    ['a fault inside vCenter', { fault: 'SystemError', inside: '<reason>r</reason>' }],
  ] as const)('%s passes by itself', async (_, reply) => {
    const vcenter = client();
    await vcenter.about();
    let left = 2;
    fake.intercept = ({ method }) => (method === 'RetrievePropertiesEx' && left-- > 0 ? reply : undefined);
    expect((await vcenter.inventory()).vms.length).toBe(1);
  });

  test('that lasts is said as it is', async () => {
    const vcenter = client();
    await vcenter.about();
    fake.intercept = () => ({ status: 503 });
    await expect(vcenter.inventory()).rejects.toMatchObject({ code: 'L-VC-108', details: { status: 503 } });
  });

  test('no right to do it', async () => {
    fake.intercept = ({ method }) =>
      method === 'CreateContainerView'
        ? {
            fault: 'NoPermission',
            inside: '<object type="Folder">group-d1</object><privilegeId>System.View</privilegeId>',
          }
        : undefined;
    await expect(client().inventory()).rejects.toMatchObject({
      code: 'L-VC-110',
      details: { privilege: 'System.View', object: 'Folder group-d1' },
    });
  });

  test('aborting ends a call that hangs, with the reason given', async () => {
    const vcenter = client();
    await vcenter.about();
    fake.handlers.set('CreateContainerView', () => new Promise(() => undefined));
    const abort = new AbortController();
    const outcome = vcenter.inventory({ signal: abort.signal });
    await expect.poll(() => fake.countOf('CreateContainerView'), patient).toBe(1);
    abort.abort(new Error('enough'));
    await expect(outcome).rejects.toThrow('enough');
  });

  test('no more calls at once than allowed', async () => {
    const vcenter = client({ concurrency: 3 });
    await vcenter.about();
    let running = 0;
    let most = 0;
    fake.handlers.set('DestroyView', async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running--;
      return '';
    });
    await Promise.all(Array.from({ length: 12 }, () => vcenter.findVmwareSnapshots(prefix)));
    expect(most).toBeLessThanOrEqual(3);
    expect(most).toBeGreaterThan(1);
  });
});

test('no secret leaves the client: not in events, not in errors', async () => {
  const events: CallEvent[] = [];
  const secret = 'pass-w0rd';
  fake.password = secret;
  const vcenter = client({ password: secret, onCall: (event) => events.push(event) });
  await vcenter.about();
  fake.intercept = ({ method }) => (method === 'Login' ? undefined : { fault: 'InvalidRequest' });
  const error: unknown = await vcenter.inventory().catch((caught: unknown) => caught);
  const wrong = client({ password: 'other-secret' });
  const refused: unknown = await wrong.about().catch((caught: unknown) => caught);
  const { inspect } = await import('node:util');
  const all = inspect([events, error, refused, vcenter], { depth: 20, showHidden: true });
  for (const word of [secret, 'other-secret', 'vmware_soap_session', 'fake-1', 'key-1'])
    expect(all).not.toContain(word);
  expect(events.map(({ method }) => method)).toContain('Login');
});
