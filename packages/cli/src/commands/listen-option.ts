import { isIPv6 } from 'node:net';
import type { ListenAddress } from '@leeward/server';
import { InvalidArgumentError, Option } from 'commander';

/** `--listen`: where HTTPS is served; `none`: nowhere. */
export function listenOption(): Option {
  return new Option('--listen <host:port>', 'where API and console are served over HTTPS; `none`: nowhere')
    .env('LEEWARD_LISTEN')
    .argParser(parseListen)
    .default(parseListen('127.0.0.1:8443'), '127.0.0.1:8443');
}

/** Throws what commander shows of a wrong value. */
export function parseListen(text: string): ListenAddress | 'none' {
  if (text === 'none') return text;
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  const isValid = host !== undefined && port <= 65_535 && (bracketed === undefined || isIPv6(bracketed));
  if (!isValid)
    throw new InvalidArgumentError(
      'must be HOST:PORT (0.0.0.0:8443, [::]:8443, port 0: a free one) or none.',
    );
  return { host, port };
}
