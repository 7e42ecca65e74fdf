import { LeewardError } from '@leeward/core';

/** `https://host[:port]` of what a user gives as the address of a server. Throws `L-CFG-103`. */
export function serverAddress(text: string): string {
  const url = URL.parse(text);
  const isOrigin = url && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (!url || !isOrigin || url.protocol !== 'https:') {
    const problem = `"${text}" is no address of a server: it has to be like https://host:8443, and always HTTPS.`;
    throw new LeewardError('L-CFG-103', { problem });
  }
  return url.origin;
}
