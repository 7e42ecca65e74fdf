import { LeewardError } from '@leeward/core';

/**
 * The address of a webhook as it may be used: HTTPS, and plain HTTP only to this host itself, without a user in it.
 * `L-NTF-103`. Its path is a secret, since senders are known by it, so no error shows it.
 */
export function webhookUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url) throw refused('it is no address');
  if (url.username !== '' || url.password !== '') throw refused('it holds a user name or a password');
  if (url.protocol === 'https:') return url;
  if (url.protocol !== 'http:') throw refused(`it begins with ${url.protocol}`);
  if (!isLoopback(url.hostname)) throw refused(`${url.hostname} would be reached without encryption`);
  return url;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function refused(reason: string): LeewardError {
  return new LeewardError('L-NTF-103', { reason });
}
