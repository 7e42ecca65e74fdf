import { LeewardError } from '@leeward/core';
import type { ApiClient } from './api-client.ts';

interface Entry {
  readonly id: string;
  readonly name?: string;
}

const shownAtMost = 5;

/** Lists by the word that `L-CFG-102` uses for what was not found. */
const lists: Readonly<Record<string, string>> = {
  vcenter: '/vcenters',
  array: '/arrays',
  proxy: '/proxies',
  repository: '/repositories',
  job: '/jobs',
  run: '/runs',
  point: '/points',
};

/**
 * For "there is no such thing": the same error, unless the beginning of an id fits several things or a name
 * was written in another case; then an error that names them.
 */
export async function explainNotFound(api: ApiClient, error: LeewardError): Promise<LeewardError> {
  const { kind, name } = error.details;
  const list = typeof kind === 'string' ? lists[kind] : undefined;
  if (list === undefined || typeof name !== 'string' || name === '') return error;
  const entries = await api.get<Entry[]>(list);
  const meant = entries.filter(
    (entry) => entry.id.startsWith(name) || entry.name?.toLowerCase() === name.toLowerCase(),
  );
  if (meant.length === 0) return error;
  const candidates = meant.slice(0, shownAtMost).map((entry) => entry.name ?? entry.id);
  const more = meant.length > shownAtMost ? ` and ${meant.length - shownAtMost} more` : '';
  const problem =
    meant.length === 1
      ? `there is no ${kind} "${name}", but ${candidates[0]}.`
      : `"${name}" fits ${meant.length} of them: ${candidates.join(', ')}${more}. Give more of the id.`;
  return new LeewardError('L-CFG-103', { problem }, error);
}
