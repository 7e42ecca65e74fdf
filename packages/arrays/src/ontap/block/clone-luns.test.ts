import type { Clock } from '@leeward/core';
import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock } from '@leeward/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../testing/code-of.ts';
import { type FakeAnswer, type FakeRequest, startRestFake } from '../../testing/rest-fake.ts';
import { volumeSchema } from '../inventory/volumes.ts';
import { OntapArray } from '../ontap-array.ts';
import { ontapSettingsSchema } from '../settings.ts';
import { readyLuns } from './clone-luns.ts';

const certificate = await createSelfSignedCertificate({
  commonName: 'fake',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
const hurried: Clock = { ...systemClock, sleep: async (_ms, signal) => signal?.throwIfAborted() };
const open: { close(): Promise<void> }[] = [];
const clone = volumeSchema.parse({ uuid: 'c', name: 'leeward_c' });

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function arrayWith(answer: (request: FakeRequest) => FakeAnswer) {
  const fake = await startRestFake({ key: certificate.keyPem, cert: certificate.certificatePem }, answer);
  const settings = ontapSettingsSchema.parse({
    family: 'ontap',
    host: '127.0.0.1',
    port: fake.port,
    username: 'u',
    password: 'p',
    trust: { kind: 'fingerprint', sha256: certificate.sha256 },
  });
  const array = new OntapArray(settings, { clock: hurried });
  open.push(array.rest, fake);
  return { array, fake };
}

const lun = (name: string, part: object = {}) => ({
  uuid: `uuid-${name}`,
  name: `/vol/leeward_c/${name}`,
  serial_number: 'wf0Iq+N4uck3',
  space: { size: 4096 },
  ...part,
});
const list = (records: unknown[]) => ({ status: 200, body: { records } });

describe('LUNs of a clone that was just made', () => {
  it('are waited for, set online, and told in one order', async () => {
    let looks = 0;
    let online = false;
    const { array, fake } = await arrayWith(({ method }) => {
      if (method === 'PATCH') {
        online = true;
        return { status: 200 };
      }
      if (++looks < 3) return list(looks === 1 ? [] : [lun('b')]);
      const asleep = online ? {} : { enabled: false, status: { state: 'offline' } };
      return list([lun('qtree/b'), lun('b'), lun('a', asleep), lun('vvol', { class: 'vvol' })]);
    });
    const found = await readyLuns(array, clone, ['a', 'b']);
    expect(found.map(({ name }) => name)).toEqual(['/vol/leeward_c/a', '/vol/leeward_c/b']);
    const patches = fake.requests.filter(({ method }) => method === 'PATCH');
    expect(patches.map(({ path, body }) => [path, body])).toEqual([
      ['/api/storage/luns/uuid-a', { enabled: true }],
    ]);
  });

  it('that never come are an error, and so are those that cannot be read', async () => {
    const { array } = await arrayWith(() => list([lun('a')]));
    expect(await codeOf(readyLuns(array, clone, ['a', 'z']))).toBe('L-ARR-009');
    const { array: empty } = await arrayWith(() => list([]));
    expect(await codeOf(readyLuns(empty, clone, undefined))).toBe('L-ARR-009');
    for (const part of [{ status: { state: 'nvfail' } }, { serial_number: '' }, { space: {} }]) {
      const { array: broken } = await arrayWith(() => list([lun('a', part)]));
      expect(await codeOf(readyLuns(broken, clone, undefined))).toBe('L-ARR-303');
    }
  });
});
