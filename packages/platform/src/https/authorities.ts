import { getCACertificates } from 'node:tls';

/**
 * PEM of the authorities that this machine trusts, of those that come with Node, of those of `NODE_EXTRA_CA_CERTS`, and of
 * `more`.
 */
export function usualAuthorities(more?: string): string {
  const all = [...getCACertificates('default'), ...getCACertificates('system')];
  return [...new Set(all), ...(more === undefined ? [] : [more])].join('\n');
}
