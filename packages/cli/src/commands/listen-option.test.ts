import { expect, it } from 'vitest';
import { parseListen } from './listen-option.ts';

it.each([
  ['127.0.0.1:8443', { host: '127.0.0.1', port: 8443 }],
  ['backup.example.org:443', { host: 'backup.example.org', port: 443 }],
  ['[::]:0', { host: '::', port: 0 }],
  ['none', 'none'],
])('%s', (text, address) => {
  expect(parseListen(text)).toEqual(address);
});

it.each(['', '8443', ':8443', 'host', 'host:', '::1:8443', '[host]:1', 'host:65536', 'a b:1', 'host:-1'])(
  'refuses %j',
  (text) => {
    expect(() => parseListen(text)).toThrow(/HOST:PORT/);
  },
);
