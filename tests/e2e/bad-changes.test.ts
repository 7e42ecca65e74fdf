import { registerLab } from '@leeward/cli/demo/register-lab';
import { type ErrorReport, isErrorCode, type Job } from '@leeward/core';
import { systemClock } from '@leeward/platform';
import type { RunView, SystemSummary } from '@leeward/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { badInputSite, weakArrayAccount } from './support/bad-input-site.ts';
import { arrayAccount, ontapRelease, vcenterPasswordChanged, vcenterVersion } from './support/disguises.ts';
import { type Disguise, FrontDoor } from './support/front-door.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, compareRestores, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';

describe('systems that changed between their registration and a run', () => {
  let site: Site;
  let before: Before;
  let job: Job;
  let tolerant: Job;
  let doors: { vcenter: FrontDoor; primary: FrontDoor; secondary: FrontDoor };

  beforeAll(async () => {
    site = await badInputSite();
    const { vcenter, arrays } = site.lab;
    const [primary, secondary] = arrays;
    if (!primary || !secondary) throw new Error('the lab has two arrays');
    doors = {
      vcenter: await FrontDoor.before(vcenter),
      primary: await FrontDoor.before(primary),
      secondary: await FrontDoor.before(secondary),
    };
    const behind = <T extends object>(system: T, { host, port, fingerprint }: FrontDoor) => ({
      ...system,
      ...{ host, port, fingerprint },
    });
    const lab = {
      ...site.lab,
      vcenter: behind(vcenter, doors.vcenter),
      arrays: [behind(primary, doors.primary), behind(secondary, doors.secondary)],
    };
    const repository = { path: site.repositoryPath, passwordFile: site.passwordFile };
    await registerLab(site.api, lab, repository, systemClock, () => undefined);
    before = await lookAround(site);
    const common = { vms: ['plain'], repository: 'backups' };
    job = await site.api.post<Job>('/jobs', { name: 'strict', ...common });
    tolerant = await site.api.post<Job>('/jobs', { name: 'tolerant', ...common, failoverToPrimary: true });
  });
  afterAll(async () => {
    await site?.stop();
    for (const door of Object.values(doors ?? {})) await door.close();
  });
  afterEach(async () => {
    for (const door of Object.values(doors)) await door.asBefore();
    expect(await leftovers(site, before)).toEqual([]);
  });

  /** The run fails as a whole, with this code at its VM; nothing is open. Returns the VM's problem. */
  const fails = async (code: string): Promise<ErrorReport> => {
    const view = await runAndWait(site, job);
    expect([view.run.state, view.run.problem?.code, view.openObjects]).toEqual(['failed', 'L-RUN-106', []]);
    const problem = view.vms[0]?.problem;
    for (const text of [problem?.what, problem?.data, problem?.next])
      expect(text).not.toMatch(/unknown|undefined|\{\w+\}/);
    expect(problem?.code).toBe(code);
    return problem as ErrorReport;
  };
  /** What the list of systems says of one that cannot be read. */
  const problemOf = async (kind: 'vcenters' | 'arrays', name: string) => {
    const systems = await site.api.get<SystemSummary[]>(`/${kind}`);
    return systems.find((system) => system.name === name)?.problem;
  };
  const succeeds = async (of: Job = job): Promise<RunView> => {
    const view = await runAndWait(site, of);
    expect([view.run.state, codesOf(view).filter((text) => !isWarning(text))]).toEqual(['success', []]);
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
    return view;
  };
  /** With failover allowed the primary is read, and an event says why. */
  const readsPrimary = async () => {
    const view = await runAndWait(site, tolerant);
    expect([view.run.state, view.vms[0]?.facts.source]).toEqual(['success', 'primary']);
    expect(codesOf(view)).toContain('plain L-SRC-101');
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
  };

  it('the first run is good', async () => {
    await succeeds();
  });

  describe('vCenter', () => {
    /** The run says that the vCenter could not be read and why; the system in the list has the code of the cause. */
    const cannotBeRead = async (code: string) => {
      const { what } = await fails('L-PLN-125');
      const cause = await problemOf('vcenters', 'vcenter');
      expect([cause?.code, isErrorCode(code)]).toEqual([code, true]);
      expect(what).toContain(cause?.what);
    };

    it('has another certificate: no password is sent to it', async () => {
      let asked = 0;
      await doors.vcenter.changeCertificate();
      doors.vcenter.disguise({ request: () => void asked++ });
      await cannotBeRead('L-VC-103');
      expect(asked).toBe(0);
    });

    it('does not answer', async () => {
      await doors.vcenter.goAway();
      await cannotBeRead('L-VC-101');
    });

    it('is of a version that is too old', async () => {
      doors.vcenter.disguise(vcenterVersion('6.0'));
      await cannotBeRead('L-VC-105');
    });

    it('is as before: the next run is good', async () => {
      await succeeds();
    });

    it('has another password', async () => {
      doors.vcenter.disguise(vcenterPasswordChanged);
      await cannotBeRead('L-VC-102');
      // A password that was refused is not tried again for a while, so that the account is not locked out.
      await site.killServer();
      await doors.vcenter.asBefore();
      await site.startServer();
      await site.proxyOnline();
      await succeeds();
    });
  });

  describe.each([
    ['another password', 'L-ARR-002', arrayAccount('leeward', 'the old one')],
    ['another certificate', 'L-ARR-003', undefined],
    ['a release that is too old', 'L-ARR-006', ontapRelease(9, 9, 1)],
    [
      'an account with fewer rights',
      'L-ARR-005',
      arrayAccount(weakArrayAccount.name, weakArrayAccount.password),
    ],
  ] as const)('an array that has %s (%s)', (_what, code, disguise: Disguise | undefined) => {
    const change = async (door: FrontDoor) => {
      if (disguise) door.disguise(disguise);
      else await door.changeCertificate();
    };

    it('the secondary: the VM fails', async () => {
      await change(doors.secondary);
      const { what } = await fails('L-PLN-108');
      const cause = await problemOf('arrays', 'ontap-b');
      expect(cause?.code).toBe(code);
      expect(what).toContain(cause?.what);
    });

    it('the secondary: the primary is read where the job allows it', async () => {
      await change(doors.secondary);
      await readsPrimary();
    });

    it('the primary: the VM fails', async () => {
      await change(doors.primary);
      const { what } = await fails('L-PLN-108');
      const cause = await problemOf('arrays', 'ontap-a');
      expect(cause?.code).toBe(code);
      expect(what).toContain(cause?.what);
    });
  });

  it('the primary does not answer: the VM fails, whatever the job allows', async () => {
    await doors.primary.goAway();
    await fails('L-PLN-108');
    expect((await problemOf('arrays', 'ontap-a'))?.code).toBe('L-ARR-001');
    const view = await runAndWait(site, tolerant);
    expect([view.run.state, view.vms[0]?.problem?.code, view.openObjects]).toEqual([
      'failed',
      'L-PLN-108',
      [],
    ]);
  });

  it('and when all is as before the next run is good', async () => {
    await succeeds();
  });
});

/** `who code` of something that does not make a VM fail. */
function isWarning(text: string): boolean {
  return / L-(VC-4|REP-126|SRC-|RUN-11)/.test(text);
}
