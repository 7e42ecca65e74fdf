import { readFile } from 'node:fs/promises';
import { LeewardError } from '@leeward/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  badInputSite,
  type OldSystem,
  startOldArray,
  startOldVcenter,
  weakArrayAccount,
} from './support/bad-input-site.ts';
import type { Site } from './support/site.ts';

describe('registering what cannot be used', () => {
  let site: Site;
  let old: { array: OldSystem; vcenter: OldSystem };

  beforeAll(async () => {
    site = await badInputSite();
    old = { array: await startOldArray(site), vcenter: await startOldVcenter(site) };
  });
  afterAll(async () => {
    for (const { pid } of Object.values(old ?? {})) process.kill(pid, 'SIGKILL');
    await site?.stop();
  });

  const vcenter = async (changes: object = {}) => {
    const { name, host, port, username, passwordFile, fingerprint } = site.lab.vcenter;
    const password = (await readFile(passwordFile, 'utf8')).trim();
    return site.api.post('/vcenters', { name, host, port, username, password, fingerprint, ...changes });
  };
  const array = async (changes: object = {}) => {
    const secondary = site.lab.arrays.find(({ role }) => role === 'secondary');
    if (!secondary) throw new Error('the lab has no secondary');
    const { name, family, host, port, username, passwordFile, fingerprint } = secondary;
    const password = (await readFile(passwordFile, 'utf8')).trim();
    const settings = { name, family, host, port, username, password, fingerprint };
    return site.api.post('/arrays', { ...settings, ...changes });
  };
  /** The code; every text of the error must be filled in. */
  const codeOf = async (call: Promise<unknown>): Promise<string> => {
    const error = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof LeewardError)) throw new Error(`no error of the catalogue: ${String(error)}`);
    expect(error.message).not.toContain('unknown');
    return error.code;
  };
  const wrong = 'ab'.repeat(32);
  /** Nothing listens there: port 9 of an address of our own. */
  const unreachable = { host: '127.0.0.123', port: 9 };

  it('tells a wrong password', async () => {
    expect(await codeOf(vcenter({ password: 'wrong' }))).toBe('L-VC-102');
    expect(await codeOf(array({ password: 'wrong' }))).toBe('L-ARR-002');
  });

  it('tells a host that does not answer', async () => {
    expect(await codeOf(vcenter(unreachable))).toBe('L-VC-101');
    expect(await codeOf(array(unreachable))).toBe('L-ARR-001');
    expect(await codeOf(vcenter({ ...unreachable, fingerprint: undefined }))).toBe('L-CFG-106');
  });

  it('trusts no certificate that nobody has compared, and none that is another', async () => {
    expect(await codeOf(vcenter({ fingerprint: undefined }))).toBe('L-CFG-105');
    expect(await codeOf(array({ fingerprint: undefined }))).toBe('L-CFG-105');
    expect(await codeOf(vcenter({ fingerprint: wrong }))).toBe('L-VC-103');
    expect(await codeOf(array({ fingerprint: wrong }))).toBe('L-ARR-003');
  });

  it('refuses releases that are too old', async () => {
    const of = ({ pid: _, ...settings }: OldSystem) => settings;
    expect(await codeOf(vcenter(of(old.vcenter)))).toBe('L-VC-105');
    expect(await codeOf(array(of(old.array)))).toBe('L-ARR-006');
  });

  it('tells which right the account of an array lacks', async () => {
    const { name: username, password } = weakArrayAccount;
    expect(await codeOf(array({ username, password }))).toBe('L-ARR-005');
  });

  it('stored nothing of all that', async () => {
    expect(await site.api.get('/vcenters')).toEqual([]);
    expect(await site.api.get('/arrays')).toEqual([]);
  });

  it('tells a system, a name and an input that cannot be', async () => {
    await array();
    expect(await codeOf(array({ name: 'the same' }))).toBe('L-CFG-104');
    expect(await codeOf(array())).toBe('L-CFG-101');
    expect(await codeOf(array({ port: 0 }))).toBe('L-CFG-103');
  });
});
