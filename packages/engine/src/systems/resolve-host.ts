import { lookup } from 'node:dns/promises';

/** Addresses of a host name by the system's resolver; none for a name that it does not know. */
export async function resolveHost(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    const isUnknown = error instanceof Error && 'code' in error && error.code === 'ENOTFOUND';
    if (isUnknown) return [];
    throw error;
  }
}
