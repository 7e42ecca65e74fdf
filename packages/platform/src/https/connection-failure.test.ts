import { expect, it } from 'vitest';
import { connectionFailureOf } from './connection-failure.ts';
import { CertificateChanged } from './https-client.ts';

const coded = (code: string, message = '') => Object.assign(new Error(message), { code });

it('finds a changed certificate and one that is not trusted behind other errors', () => {
  const changed = new Error('fetch failed', { cause: new CertificateChanged('aa', 'bb') });
  expect(connectionFailureOf(changed)).toEqual({
    kind: 'certificate-changed',
    expectedSha256: 'aa',
    seenSha256: 'bb',
  });
  const expired = new Error('fetch failed', { cause: coded('CERT_HAS_EXPIRED', 'certificate has expired') });
  expect(connectionFailureOf(expired)).toEqual({
    kind: 'certificate-untrusted',
    code: 'CERT_HAS_EXPIRED',
    reason: 'certificate has expired',
  });
});

it('tells the code and the innermost text of anything else, also of several addresses', () => {
  const addresses = new AggregateError([coded('ECONNREFUSED', 'connect ECONNREFUSED ::1')], '');
  expect(connectionFailureOf(new Error('fetch failed', { cause: addresses }))).toEqual({
    kind: 'other',
    code: 'ECONNREFUSED',
    reason: 'connect ECONNREFUSED ::1',
  });
  expect(connectionFailureOf(coded('ERR_TLS_HANDSHAKE_TIMEOUT'))).toMatchObject({
    kind: 'other',
    reason: 'ERR_TLS_HANDSHAKE_TIMEOUT',
  });
  expect(connectionFailureOf('odd')).toEqual({ kind: 'other', code: '', reason: 'odd' });
});
