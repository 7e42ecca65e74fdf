import type { SystemSummary } from '@leeward/server';
import { when } from '../output/format.ts';

export const systemColumns = {
  NAME: ({ name }: SystemSummary) => name,
  HOST: ({ host, port }: SystemSummary) => (port === 443 ? host : `${host}:${port}`),
  ACCOUNT: ({ username }: SystemSummary) => username,
  'LAST READ': ({ inventoryAt }: SystemSummary) => (inventoryAt ? when(inventoryAt) : 'never'),
  STATE: ({ problem }: SystemSummary) => (problem ? `${problem.code} ${problem.what}` : 'ok'),
};
