import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@leeward/platform';
import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProgram } from '../program.ts';
import { KeptLogins } from './kept-login.ts';
import { serverAddress } from './server-address.ts';
import { givenToken, serverWords } from './server-options.ts';
import { serverPath } from './server-path.ts';
import { fitNote } from './version-fit.ts';

const server = 'https://backup.test:8443';

describe('which server', () => {
  it.each([
    ['https://Backup.test:8443/', server],
    ['https://backup.test:443', 'https://backup.test'],
    ['https://[::1]:8443', 'https://[::1]:8443'],
  ])('is %s', (text, origin) => {
    expect(serverAddress(text)).toBe(origin);
  });

  it.each([
    'backup.test',
    'http://backup.test',
    'https://a/b',
    'https://ann:x@backup.test',
    'https://a/?b',
    '',
  ])('cannot be %j', (text) => {
    expect(() => serverAddress(text)).toThrow(/L-CFG-103/);
  });

  it('is said by options, else by the environment, else it is that of this machine', () => {
    const environment = {
      LEEWARD_SERVER: server,
      LEEWARD_SERVER_CA: 'ca.pem',
      LEEWARD_SERVER_FINGERPRINT: '',
    };
    expect(serverWords({}, { LEEWARD_SERVER: '' })).toBeUndefined();
    expect(serverWords({}, environment)).toMatchObject({ server, serverCa: 'ca.pem' });
    expect(serverWords({ server: 'https://other', serverFingerprint: 'ab' }, environment)).toEqual({
      ...{ server: 'https://other', serverCa: undefined, serverFingerprint: 'ab' },
    });
    const both = { ...environment, LEEWARD_SERVER_FINGERPRINT: 'ab' };
    expect(() => serverWords({}, both)).toThrow(/L-CFG-103/);
    expect(() => serverWords({ serverCa: 'ca.pem' }, {})).toThrow(/belong to --server/);
  });
});

describe('a kept login', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leeward-login-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is for its owner only, and for its server only', async () => {
    const logins = new KeptLogins({ XDG_CONFIG_HOME: folder });
    const trust = { kind: 'fingerprint', sha256: 'ab' } as const;
    const login = {
      server,
      token: 'lw_x',
      tokenId: '1',
      name: 'ann',
      expiresAt: '2026-12-01T00:00:00Z',
      trust,
    };
    expect(await logins.find(server)).toBeUndefined();
    await logins.keep(login);
    expect(await logins.find(server)).toEqual(login);
    expect(await logins.find('https://backup.test:8444')).toBeUndefined();
    const path = logins.pathOf(server);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o640);
    await expect(logins.find(server)).rejects.toThrow(/L-AUT-146/);
    await logins.forget(server);
    await logins.forget(server);
    expect(await logins.find(server)).toBeUndefined();
  });

  it.each(['', '[]', '{"server":1}', '{"server":"s","token":"t","name":"n","trust":{"kind":"none"}}'])(
    'that is damaged is said to be: %j',
    async (text) => {
      const logins = new KeptLogins({ XDG_CONFIG_HOME: folder });
      await logins.keep({ server, token: 'x', name: 'ann' });
      writeFileSync(logins.pathOf(server), text);
      await expect(logins.find(server)).rejects.toThrow(/L-CFG-103/);
    },
  );

  it('gives way to a token of the environment', async () => {
    writeFileSync(join(folder, 'token'), 'lw_file\nmore\n');
    const file = { LEEWARD_TOKEN_FILE: join(folder, 'token') };
    expect(await givenToken({})).toBeUndefined();
    expect(await givenToken(file)).toMatchObject({ value: 'lw_file' });
    expect(await givenToken({ ...file, LEEWARD_TOKEN: 'lw_x' })).toMatchObject({ value: 'lw_x' });
  });
});

it('paths on another host are absolute', () => {
  expect(serverPath({}, 'x')).toBe(join(process.cwd(), 'x'));
  expect(serverPath({ remote: server }, '/srv/x')).toBe('/srv/x');
  expect(() => serverPath({ remote: server }, 'x')).toThrow(/has to be absolute/);
});

it('versions that differ are told of, with what to do', () => {
  expect(fitNote('0.1.0', '0.1.0')).toBeUndefined();
  expect(fitNote('0.1.9', '0.1.10')).toContain('Update the server');
  expect(fitNote('1.0.0', '0.9.0')).toContain('Install `leeward` 1.0.0 here');
});

/** What works on the machine it is run on. */
const here = ['server ', 'lab ', 'demo', 'proxy start'];

it('every other command can be for a server on another host', () => {
  const leaves = (command: Command, path: string): [string, Command][] =>
    command.commands.length === 0
      ? [[path, command]]
      : command.commands.flatMap((each) => leaves(each as Command, `${path} ${each.name()}`.trim()));
  const without = leaves(createProgram({ clock: systemClock }), '')
    .filter(([, command]) => !command.options.some((option) => option.attributeName() === 'server'))
    .map(([path]) => path);
  expect(without.filter((path) => !here.some((each) => path.startsWith(each)))).toEqual([]);
});
