import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { HttpsClient, ManualClock, systemClock } from '@leeward/platform';
import { expect, test } from 'vitest';
import { createSelfSignedCertificate } from './self-signed.ts';

test('the certificate names its hosts, has the fingerprint it says and begins in the past', async () => {
  const clock = new ManualClock(1_800_000_000_000);
  const made = await createSelfSignedCertificate({
    commonName: 'vc.lab',
    altNames: ['vc.lab', 'localhost', '127.0.0.1'],
    clock,
  });
  const seen = new X509Certificate(made.certificatePem);
  expect(seen.checkHost('vc.lab')).toBe('vc.lab');
  expect(seen.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(seen.checkHost('other.lab')).toBeUndefined();
  expect(seen.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(made.sha256);
  expect(Date.parse(seen.validFrom)).toBeLessThan(clock.now());
  expect(Date.parse(seen.validTo)).toBeGreaterThan(clock.now());
});

test('a verifying client accepts it as its own CA and by its fingerprint', async () => {
  const made = await createSelfSignedCertificate({
    commonName: 'lab',
    altNames: ['127.0.0.1'],
    clock: systemClock,
  });
  const server = createServer({ key: made.keyPem, cert: made.certificatePem }, (_, answer) =>
    answer.end('hello'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const trust of [
      { kind: 'ca', pem: made.certificatePem },
      { kind: 'fingerprint', sha256: made.sha256 },
    ] as const) {
      const client = new HttpsClient({ origin, trust });
      const answer = await client.request({ method: 'GET', path: '/' });
      expect(await answer.body.text()).toBe('hello');
      await client.close();
    }
  } finally {
    server.close();
  }
});
