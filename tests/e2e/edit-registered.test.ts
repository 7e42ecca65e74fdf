import { readFile } from 'node:fs/promises';
import { registerLab } from '@leeward/cli/demo/register-lab';
import type { Job } from '@leeward/core';
import { systemClock } from '@leeward/platform';
import type { RemovedSystem, SystemSummary } from '@leeward/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { badInputSite } from './support/bad-input-site.ts';
import { FrontDoor } from './support/front-door.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { arrayPassword, vcenterPassword } from './support/new-passwords.ts';
import { compareRestores, runAndWait, show, startRun } from './support/runs.ts';
import type { Site } from './support/site.ts';

describe('systems whose settings are changed after they were registered', () => {
  let site: Site;
  let before: Before;
  let job: Job;
  let doors: { vcenter: FrontDoor; secondary: FrontDoor };
  let passwords: { vcenter: string; secondary: string };
  let secondary: Site['lab']['arrays'][number];

  const secret = async (path: string) => (await readFile(path, 'utf8')).trim();
  beforeAll(async () => {
    site = await badInputSite();
    const { vcenter, arrays } = site.lab;
    const [first, second] = arrays;
    if (!first || !second) throw new Error('the lab has two arrays');
    secondary = second;
    doors = { vcenter: await FrontDoor.before(vcenter), secondary: await FrontDoor.before(second) };
    passwords = {
      vcenter: await secret(vcenter.passwordFile),
      secondary: await secret(second.passwordFile),
    };
    const behind = <T extends object>(system: T, { host, port, fingerprint }: FrontDoor) => ({
      ...system,
      ...{ host, port, fingerprint },
    });
    const lab = {
      ...site.lab,
      vcenter: behind(vcenter, doors.vcenter),
      arrays: [first, behind(second, doors.secondary)],
    };
    const repository = { path: site.repositoryPath, passwordFile: site.passwordFile };
    await registerLab(site.api, lab, repository, systemClock, () => undefined);
    before = await lookAround(site);
    job = await site.api.post<Job>('/jobs', { name: 'one', vms: ['plain'], repository: 'backups' });
  });
  afterAll(async () => {
    await site?.stop();
    for (const door of Object.values(doors ?? {})) await door.close();
  });
  afterEach(async () => {
    expect(await leftovers(site, before)).toEqual([]);
  });

  const edit = (path: string, changes: object) => site.api.patch<SystemSummary>(path, changes);
  const summary = async (kind: 'vcenters' | 'arrays', name: string) =>
    (await site.api.get<SystemSummary[]>(`/${kind}`)).find((system) => system.name === name);
  const succeeds = async () => {
    const view = await runAndWait(site, job);
    expect([view.run.state, view.vms[0]?.facts.source]).toEqual(['success', 'secondary']);
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
  };
  const fails = async (kind: 'vcenters' | 'arrays', name: string, code: string) => {
    const view = await runAndWait(site, job);
    expect([view.run.state, view.openObjects]).toEqual(['failed', []]);
    expect((await summary(kind, name))?.problem?.code).toBe(code);
  };

  it('the first run is good', succeeds);

  it('vCenter: a new password works at once, although the old one was refused a moment ago', async () => {
    doors.vcenter.disguise(vcenterPassword('new-secret', passwords.vcenter));
    await site.lab.doors.vcenter.delete('/sessions');
    await fails('vcenters', 'vcenter', 'L-VC-102');
    await expect(edit('/vcenters/vcenter', { password: 'a wrong one' })).rejects.toMatchObject({
      code: 'L-VC-102',
    });
    await fails('vcenters', 'vcenter', 'L-VC-102');
    const changed = await edit('/vcenters/vcenter', { password: 'new-secret' });
    expect([changed.name, changed.problem]).toEqual(['vcenter', undefined]);
    await succeeds();
    await doors.vcenter.asBefore();
    await edit('/vcenters/vcenter', { password: passwords.vcenter });
    await succeeds();
  });

  it('vCenter: a renewed certificate is accepted by its fingerprint', async () => {
    await doors.vcenter.changeCertificate();
    await fails('vcenters', 'vcenter', 'L-VC-103');
    const problem = (await summary('vcenters', 'vcenter'))?.problem;
    const seen = String(problem?.details['seenSha256']);
    expect(problem?.next).toContain(`leeward vcenter edit NAME --fingerprint ${seen}`);
    await expect(edit('/vcenters/vcenter', { fingerprint: 'ab'.repeat(32) })).rejects.toMatchObject({
      code: 'L-VC-103',
    });
    await edit('/vcenters/vcenter', { fingerprint: seen });
    await succeeds();
  });

  it('vCenter: another address', async () => {
    const { host, port, fingerprint } = site.lab.vcenter;
    expect(await edit('/vcenters/vcenter', { host, port, fingerprint })).toMatchObject({ host, port });
    await succeeds();
  });

  it('array: a new password', async () => {
    const { username } = secondary;
    doors.secondary.disguise(arrayPassword(username, 'new-secret', passwords.secondary));
    await fails('arrays', 'ontap-b', 'L-ARR-002');
    await expect(edit('/arrays/ontap-b', { password: 'a wrong one' })).rejects.toMatchObject({
      code: 'L-ARR-002',
    });
    await edit('/arrays/ontap-b', { password: 'new-secret' });
    await succeeds();
    await doors.secondary.asBefore();
    await edit('/arrays/ontap-b', { password: passwords.secondary });
  });

  it('array: what is another array is refused, and nothing is changed', async () => {
    const [primary] = site.lab.arrays;
    const { host, port, fingerprint, passwordFile } = primary ?? secondary;
    const other = { host, port, fingerprint, password: await secret(passwordFile) };
    const known = await summary('arrays', 'ontap-b');
    await expect(edit('/arrays/ontap-b', other)).rejects.toMatchObject({
      code: 'L-CFG-115',
      details: { name: 'ontap-b', expected: known?.id },
    });
    expect(await summary('arrays', 'ontap-b')).toEqual(known);
    await succeeds();
  });

  it('array: wrong ports, and right ones again', async () => {
    const right: unknown = JSON.parse(await readFile(secondary.nfsPortsFile ?? '', 'utf8'));
    const wrong = Object.keys(right as object).map((address) => [address, { nfsPort: 9, mountPort: 9 }]);
    await edit('/arrays/ontap-b', { nfsPorts: Object.fromEntries(wrong) });
    const view = await runAndWait(site, job);
    expect([view.run.state, view.openObjects]).toEqual(['failed', []]);
    await edit('/arrays/ontap-b', { nfsPorts: right });
    await site.api.post('/proxies/local/probe');
    await succeeds();
  });

  it('nothing to change, and a system that is not there', async () => {
    await expect(edit('/arrays/ontap-b', {})).rejects.toMatchObject({ code: 'L-CFG-103' });
    await expect(edit('/arrays/ontap-z', { port: 1 })).rejects.toMatchObject({ code: 'L-CFG-102' });
  });

  it('a run that goes on meanwhile is not disturbed, however often something is changed', async () => {
    const runId = await startRun(site, job);
    let edits = 0;
    for (; (await show(site, runId)).run.endedAt === undefined; edits++) {
      await edit('/vcenters/vcenter', { password: passwords.vcenter });
      await edit('/arrays/ontap-b', { password: passwords.secondary });
    }
    const view = await show(site, runId);
    expect([view.run.state, view.openObjects, edits > 2]).toEqual(['success', [], true]);
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
  });

  it('what a job needs is not removed', async () => {
    for (const path of ['/vcenters/vcenter', '/arrays/ontap-a', '/arrays/ontap-b'])
      await expect(site.api.delete(path)).rejects.toMatchObject({
        code: 'L-CFG-116',
        details: { neededBy: 'job "nightly", job "one"' },
      });
    await succeeds();
  });
});

describe('systems that no job needs', () => {
  let site: Site;
  beforeAll(async () => {
    site = await badInputSite();
  });
  afterAll(() => site?.stop());

  it('are removed, and can be registered again', async () => {
    const { name, family, host, port, username, passwordFile, fingerprint } = site.lab.arrays[0] ?? {};
    const password = (await readFile(passwordFile ?? '', 'utf8')).trim();
    const input = { name, family, host, port, username, password, fingerprint };
    const { id } = await site.api.post<SystemSummary>('/arrays', input);
    expect(await site.api.delete<RemovedSystem>(`/arrays/${name}`)).toMatchObject({
      system: { id, name },
      leftBehind: { storageSnapshots: [] },
    });
    expect(await site.api.get('/arrays')).toEqual([]);
    expect(await site.api.post<SystemSummary>('/arrays', input)).toMatchObject({ id, name });
  });
});
