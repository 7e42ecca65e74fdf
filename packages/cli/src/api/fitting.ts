import { LeewardError } from '@leeward/core';
import type { ApiClient } from './api-client.ts';

interface Entry {
  readonly id: string;
  readonly name?: string;
}

/** Lists by the word that `L-CFG-102` uses for what was not found. */
const lists: Readonly<Record<string, string>> = {
  vcenter: '/vcenters',
  array: '/arrays',
  proxy: '/proxies',
  repository: '/repositories',
  job: '/jobs',
  user: '/users',
  token: '/tokens',
};

/**
 * For "there is no such thing": the same error, unless a name was written in another case; then an error that says
 * how it is written.
 */
export async function explainNotFound(api: ApiClient, error: LeewardError): Promise<LeewardError> {
  const { kind, name } = error.details;
  const list = typeof kind === 'string' ? lists[kind] : undefined;
  if (list === undefined || typeof name !== 'string' || name === '') return error;
  const entries = await api.get<Entry[]>(list);
  const [meant, ...others] = entries.filter((entry) => entry.name?.toLowerCase() === name.toLowerCase());
  if (meant?.name === undefined || others.length > 0) return error;
  return new LeewardError(
    'L-CFG-103',
    { problem: `there is no ${kind} "${name}", but ${meant.name}.` },
    error,
  );
}
