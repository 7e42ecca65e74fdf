import type { Clock } from '@leeward/core';
import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { SeededRandomness, systemClock } from '@leeward/platform';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { PresentationPlan } from '../../contract/presentation.ts';
import { esxRule, FakeSvm, fakeSerial } from '../../testing/fake-svm.ts';
import { type RestFake, startRestFake } from '../../testing/rest-fake.ts';
import { OntapDriver } from '../ontap-driver.ts';
import { ontapSettingsSchema } from '../settings.ts';

const certificate = await createSelfSignedCertificate({
  commonName: 'fake',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
const hurried: Clock = { ...systemClock, sleep: async (_ms, signal) => signal?.throwIfAborted() };
const proxy = '192.0.2.50';
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function connect(fake: FakeSvm, onCall?: () => void): Promise<OntapDriver> {
  const server: RestFake = await startRestFake(
    { key: certificate.keyPem, cert: certificate.certificatePem },
    (request) => fake.answer(request),
  );
  const trust = { kind: 'fingerprint', sha256: certificate.sha256 };
  const nfsPorts = { '192.0.2.31': { nfsPort: 20_490, mountPort: 20_491 } };
  const settings = {
    family: 'ontap',
    host: '127.0.0.1',
    port: server.port,
    username: 'u',
    password: 'p',
    trust,
    nfsPorts,
  };
  const observer = () => onCall?.();
  const randomness = new SeededRandomness(1);
  const driver = new OntapDriver(ontapSettingsSchema.parse(settings), {
    clock: hurried,
    randomness,
    observer,
  });
  open.push(driver, server);
  return driver;
}

const request = {
  name: 'leeward_run1_step1',
  volume: { arraySerial: fakeSerial, objectId: 'uuid-ds1' },
  storageSnapshotName: 'leeward_s',
  protocol: 'nfs',
  proxyAddresses: [proxy],
  comment: 'leeward installation=i run=r',
} as const;

const revive = (plan: PresentationPlan): PresentationPlan => JSON.parse(JSON.stringify(plan));

describe('choice of the way', () => {
  it('is the snapshot directory, with a rule in last place of each policy on the way', async () => {
    const fake = new FakeSvm();
    const driver = await connect(fake);
    const plan = await driver.planPresentation(request, []);
    expect(plan.method).toBe('snapshot-directory');
    expect(plan.effects).toHaveLength(2);
    expect(await driver.present(plan)).toEqual({
      protocol: 'nfs',
      addresses: ['192.0.2.31'],
      nfsPort: 20_490,
      mountPort: 20_491,
      exportPath: '/dc/ds1',
      rootPath: '.snapshot/leeward_s',
    });
    expect(fake.policies.get(2)?.rules.map(({ index, clients }) => [index, clients])).toEqual([
      [1, [{ match: '198.51.100.0/24' }]],
      [2, [{ match: proxy }]],
    ]);
    expect(fake.policies.get(1)?.rules).toHaveLength(1);
  });

  it('changes nothing where the proxy is admitted already', async () => {
    const fake = new FakeSvm();
    for (const { rules } of fake.policies.values())
      rules.unshift({ ...esxRule, clients: [{ match: '0.0.0.0/0' }] });
    const before = fake.view();
    const driver = await connect(fake);
    const plan = await driver.planPresentation(request, []);
    await driver.present(plan);
    expect(plan.effects).toEqual(['nothing is created or changed: the proxy may read the volume already']);
    expect(fake.view()).toBe(before);
  });

  it.each([
    ['is not mounted', (fake: FakeSvm) => void delete fake.ds1.nas.path],
    [
      'hides its snapshot directory',
      (fake: FakeSvm) => void Object.assign(fake.ds1, { snapshot_directory_access_enabled: false }),
    ],
    [
      'comes first',
      (fake: FakeSvm) =>
        void fake.policies
          .get(2)
          ?.rules.unshift({ ...esxRule, index: 0, clients: [{ match: proxy }], ro_rule: ['never'] }),
    ],
    [
      'Kerberos',
      (fake: FakeSvm) => void Object.assign(fake.policies.get(2)?.rules[0] ?? {}, { ro_rule: ['krb5p'] }),
    ],
  ])('is a clone where the volume %s, and an error without the licence', async (why, arrange) => {
    const fake = new FakeSvm();
    arrange(fake);
    const driver = await connect(fake);
    const plan = await driver.planPresentation(request, []);
    expect(plan).toMatchObject({
      method: 'clone',
      detail: { exportPath: '/leeward_run1_step1', rootPath: '' },
    });
    expect(plan.effects[0]).toContain(why);
    fake.licences = ['nfs'];
    await expect(driver.planPresentation(request, [])).rejects.toMatchObject({ code: 'L-ARR-008' });
  });

  it('is an error where even the way to a clone is closed', async () => {
    const fake = new FakeSvm();
    fake.policies.get(1)?.rules.push({ ...esxRule, clients: [{ match: proxy }], ro_rule: ['never'] });
    const driver = await connect(fake);
    const error = await driver.planPresentation(request, []).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'L-ARR-303', message: expect.stringContaining('closed too') });
  });
});

describe.each([
  ['snapshot directory', () => {}],
  ['clone', (fake: FakeSvm) => void delete fake.ds1.nas.path],
] as const)('withdrawal from a %s', (_, arrange) => {
  it.each([0, 1])('leaves everything as it was after a crash behind any call (%i)', async (kind) => {
    const fake = new FakeSvm();
    arrange(fake);
    const before = fake.view();
    for (let calls = 0, finished = false; !finished; calls++) {
      const plan = await (await connect(fake)).planPresentation(request, []);
      if (kind === 1) await (await connect(fake)).present(plan);
      const death = new AbortController();
      let seen = 0;
      const dying = await connect(fake, () => ++seen > calls && death.abort(new Error('crash')));
      const work = kind === 0 ? dying.present(plan, death.signal) : dying.withdraw(plan, [], death.signal);
      finished = await work.then(
        () => true,
        () => false,
      );
      await (await connect(fake)).withdraw(revive(plan), []);
      expect({ calls, view: fake.view() }).toEqual({ calls, view: before });
    }
  });

  it('and presentation survive the loss of any answer', async () => {
    const fake = new FakeSvm();
    arrange(fake);
    const before = fake.view();
    for (let lose = 1; lose <= 10; lose++) {
      const driver = await connect(fake);
      const plan = await driver.planPresentation(request, []);
      fake.resetCounter(lose);
      await driver.present(plan);
      await driver.withdraw(plan, []);
      expect({ lose, view: fake.view() }).toEqual({ lose, view: before });
    }
  });

  it('never removes a rule of the administrator, though indices shift', async () => {
    const fake = new FakeSvm();
    arrange(fake);
    const driver = await connect(fake);
    const plan = await driver.planPresentation(request, []);
    await driver.present(plan);
    const late = { ...esxRule, index: 9, clients: [{ match: '198.51.100.7' }] };
    for (const { rules } of fake.policies.values()) rules.push({ ...late });
    fake.resetCounter(1);
    await driver.withdraw(plan, []);
    const left = [...fake.policies.values()].flatMap(({ rules }) => rules);
    expect(left.filter(({ clients }) => JSON.stringify(clients).includes(proxy))).toEqual([]);
    expect(left.filter(({ clients }) => JSON.stringify(clients).includes('198.51.100.7'))).toHaveLength(2);
  });
});

describe('many presentations at once', () => {
  const step = fc.record({
    which: fc.nat(3),
    what: fc.constantFrom('present', 'withdraw'),
    dieAfter: fc.option(fc.nat(6)),
  });

  it('leave every policy as it was, in whatever order they come, go and crash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12, size: 'max' }), async (steps) => {
        const fake = new FakeSvm();
        const before = fake.view();
        const planner = await connect(fake);
        const active = new Map<number, PresentationPlan>();
        const others = (which: number) =>
          [...active].filter(([key]) => key !== which).map(([, plan]) => plan);
        for (const { which, what, dieAfter } of steps) {
          const wanted = {
            ...request,
            name: `leeward_p${which}`,
            proxyAddresses: [`192.0.2.${50 + (which % 2)}`],
          };
          const plan = active.get(which) ?? (await planner.planPresentation(wanted, others(which)));
          active.set(which, plan);
          const death = new AbortController();
          let seen = 0;
          const driver = await connect(fake, () => dieAfter !== null && ++seen > dieAfter && death.abort());
          const work =
            what === 'present'
              ? driver.present(plan, death.signal)
              : driver.withdraw(plan, others(which), death.signal);
          const finished = await work.then(
            () => true,
            () => false,
          );
          if (what === 'withdraw' && finished) active.delete(which);
          // Whoever was presented to the end and not withdrawn still has its rule.
          if (what === 'present' && finished)
            expect(fake.view()).toContain(`"match":"${wanted.proxyAddresses[0]}"`);
        }
        for (const [which, plan] of [...active]) {
          await (await connect(fake)).withdraw(revive(plan), others(which));
          active.delete(which);
        }
        expect(fake.view()).toBe(before);
        for (const thing of open.splice(0)) await thing.close();
      }),
      { numRuns: 25 },
    );
  });
});

describe('two presentations on one policy', () => {
  it('keep the rule until the last one goes', async () => {
    const fake = new FakeSvm();
    const before = fake.view();
    const driver = await connect(fake);
    const first = await driver.planPresentation(request, []);
    const second = await driver.planPresentation({ ...request, name: 'leeward_run2_step1' }, [first]);
    await Promise.all([driver.present(first), driver.present(second)]);
    const during = fake.view();
    await driver.withdraw(first, [second]);
    expect(fake.view()).toBe(during);
    await driver.withdraw(second, []);
    expect(fake.view()).toBe(before);
  });
});
