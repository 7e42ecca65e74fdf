import type { IscsiCredentials } from '@leeward/arrays';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { SystemSettings } from '../store/systems.ts';

export interface SecretReader {
  readonly secrets: Pick<SecretStore, 'reveal'>;
}

/** What proxies log in to an array with, with its secrets: into no journal, plan, result or text. */
export async function chapLoginOf(
  { secrets }: SecretReader,
  { chap }: Pick<SystemSettings, 'chap'>,
): Promise<IscsiCredentials | undefined> {
  if (!chap) return undefined;
  const { username, secretId, mutual } = chap;
  const password = await secrets.reveal(secretId);
  if (!mutual) return { username, password };
  const theirs = { username: mutual.username, password: await secrets.reveal(mutual.secretId) };
  return { username, password, mutual: theirs };
}

/** Under which the CHAP passwords of an array are sealed. */
export function chapSecretId(systemId: string, whose: 'proxies' | 'array' = 'proxies'): string {
  return `array/${systemId}/chap${whose === 'array' ? '-mutual' : ''}`;
}

/** All secrets of these settings. */
export function chapSecretIds({ chap }: Pick<SystemSettings, 'chap'>): readonly string[] {
  if (!chap) return [];
  return [chap.secretId, ...(chap.mutual ? [chap.mutual.secretId] : [])];
}
