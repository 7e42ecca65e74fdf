import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock, systemRandomness } from '@leeward/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { arraySettingsSchema, createDriver } from '../registry.ts';
import { codeOf } from '../testing/code-of.ts';
import { type FakeAnswer, type FakeRequest, startRestFake } from '../testing/rest-fake.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function certificate() {
  const made = await createSelfSignedCertificate({
    commonName: 'fake',
    altNames: ['127.0.0.1'],
    clock: systemClock,
  });
  return { tls: { key: made.keyPem, cert: made.certificatePem }, sha256: made.sha256 };
}

function ontap({ path }: FakeRequest): FakeAnswer {
  const version = { full: 'x', generation: 9, major: 14, minor: 1 };
  return path === '/api/cluster'
    ? { status: 200, body: { name: 'c', uuid: 'u', version } }
    : { status: 200, body: { records: [] } };
}

function nimble({ path }: FakeRequest): FakeAnswer {
  if (path === '/v1/tokens') return { status: 201, body: { data: { id: '1', session_token: 't' } } };
  const group = { id: `00${'1'.repeat(40)}`, name: 'g', version_current: '6.1.1.200' };
  return { status: 200, body: { data: path === '/v1/groups/detail' ? [group] : [] } };
}

describe.each([
  ['ontap', ontap],
  ['nimble', nimble],
] as const)('%s', (family, answer) => {
  it('notices a certificate that was changed after the array was added, and says nothing to it', async () => {
    const [accepted, other] = await Promise.all([certificate(), certificate()]);
    const before = await startRestFake(accepted.tls, answer);
    const settings = arraySettingsSchema.parse({
      family,
      host: '127.0.0.1',
      port: before.port,
      username: 'u',
      password: 's3cret',
      trust: { kind: 'fingerprint', sha256: accepted.sha256 },
    });
    const driver = createDriver(settings, { clock: systemClock, randomness: systemRandomness });
    open.push(driver);
    const first = await driver.identify();
    await before.close();
    const between = await startRestFake(other.tls, answer, before.port);
    expect(await codeOf(driver.identify())).toBe('L-ARR-003');
    const [login] = await driver.check();
    expect(login).toMatchObject({ ok: false, required: true });
    expect(login?.text).toContain(other.sha256);
    expect(between.requests).toEqual([]);
    await between.close();
    open.push(await startRestFake(accepted.tls, answer, before.port));
    expect(await driver.identify()).toEqual(first);
  });
});
