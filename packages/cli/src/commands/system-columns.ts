import type { SystemSummary } from '@leeward/server';
import { when } from '../output/format.ts';

export const systemColumns = {
  NAME: ({ name }: SystemSummary) => name,
  HOST: ({ host, port }: SystemSummary) => (port === 443 ? host : `${host}:${port}`),
  ACCOUNT: ({ username }: SystemSummary) => username,
  CERTIFICATE: ({ certificate }: SystemSummary) =>
    certificate.by === 'fingerprint'
      ? `SHA-256 ${certificate.sha256.slice(0, 8)}…`
      : certificate.own
        ? 'own authority'
        : 'authorities of the host',
  'LAST READ': ({ inventoryAt }: SystemSummary) => (inventoryAt ? when(inventoryAt) : 'never'),
  STATE: ({ problem }: SystemSummary) => (problem ? `${problem.code} ${problem.what}` : 'ok'),
};
