import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Job, jobDefaults, LeewardError, reportOf } from '@leeward/core';
import { ManualClock, systemClock, systemRandomness } from '@leeward/platform';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryEngine } from '../flow/memory/memory-engine.ts';
import { NotificationService } from '../services/notification-service.ts';
import { ReportService } from '../services/report-service.ts';
import { RunService } from '../services/run-service.ts';
import { VmService } from '../services/vm-service.ts';
import { jobSchema } from '../store/jobs.ts';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
import { StorageMaps } from '../topology/storage-map.ts';
import { deliveryFlow, deliveryFlowId, notificationQueue } from './delivery-flow.ts';
import type { Message } from './message.ts';
import { Notifier } from './notifier.ts';

const secret = 'a-secret-of-the-hook';
const path = '/hooks/T0KEN-in-the-path';
const startedAt = '2026-11-26T22:00:00.000Z';

interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

let opened: StoreOfTests;
let target: Server;
let received: Received[];
let status: number[];
let job: Job;
beforeAll(async () => {
  opened = await openStoreOfTests();
});
afterAll(() => opened?.close());

let number = 0;
beforeEach(async () => {
  const { store } = opened;
  for (const { id } of await store.channels.list()) await store.channels.remove(id);
  number += 1;
  job = jobSchema.parse({
    ...jobDefaults,
    id: `j${number}`,
    name: `nightly-${number}`,
    vms: ['web'],
    snapshotOnly: true,
  });
  await store.jobs.add(job);
  received = [];
  status = [];
  target = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status.shift() ?? 204, { location: 'http://127.0.0.1:1/' }).end();
    });
  });
  await new Promise<void>((done) => target.listen(0, '127.0.0.1', done));
});
afterEach(() => target.close());

function server(clock = new ManualClock(Date.parse('2026-11-27T09:00:00Z'))) {
  const { store } = opened;
  const engine = new MemoryEngine({ clock, listenQueues: [notificationQueue] });
  const backup = { store, clock, randomness: systemRandomness, doors: {} as never };
  const vms = new VmService(backup, new StorageMaps(backup));
  const reports = new ReportService(backup, { runs: new RunService(backup, engine), vms });
  const service = new NotificationService(backup, reports);
  const flow = deliveryFlow(service.sendDeps(clock));
  const janitor = { name: 'janitor', run: async (_: unknown, report: unknown) => report };
  engine.register(flow, janitor);
  return {
    store,
    engine,
    service,
    janitor,
    clock,
    notifier: new Notifier({ backup, engine, reports, flow }),
  };
}

const url = () => `http://127.0.0.1:${(target.address() as AddressInfo).port}${path}`;

async function endedRun(id: string, state: 'success' | 'failed' = 'failed') {
  const { runs, runVms, runLog } = opened.store;
  await runs.add({ id, jobId: job.id, kind: 'backup', startedAt });
  const problem = reportOf(new LeewardError('L-RUN-106', { run: id }));
  const vm = {
    runId: id,
    vmKey: `${id}-vm`,
    name: 'web <01>',
    state: state === 'success' ? state : 'failed',
  } as const;
  await runVms.put(vm, { source: 'secondary' }, state === 'success' ? undefined : problem);
  await runLog.event(id, '', new LeewardError('L-RUN-110', { vm: 'web' }));
  await runs.end(id, state, '2026-11-26T22:10:00.000Z', state === 'success' ? undefined : problem);
}

/** Has everything that waits delivered; `tries`: time passes for as many. */
async function delivered({ engine, notifier, clock }: ReturnType<typeof server>, tries = 1) {
  const { deliveries } = opened.store;
  await notifier.look();
  const flows = (await deliveries.pending(100)).map(({ id }) => deliveryFlowId(id));
  for (let time = 1; time < tries; time++) {
    for (;;) {
      const all = await deliveries.list({ state: 'pending' }, 100);
      if (all.every(({ attempts }) => attempts >= time)) break;
      await systemClock.sleep(10);
    }
    // The wait before the next try begins right after that.
    await systemClock.sleep(50);
    await clock.advance(10_000 * 2 ** (time - 1));
  }
  await Promise.all(flows.map((id) => engine.wait(id)));
}

describe('notifications', () => {
  it('tell of a run that ended, once, signed, over the channels that want it', async () => {
    const here = server();
    await here.engine.launch();
    const { service } = here;
    const channel = await service.create({ name: 'hook', target: { kind: 'webhook', url: url(), secret } });
    await service.create({
      name: 'other job',
      rules: { topics: ['restore'] },
      target: { kind: 'webhook', url: url() },
    });
    await endedRun(`run-${number}`);
    await delivered(here);
    await delivered(here);
    expect(received).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    const [, seconds = '', hex] = /^t=(\d+),v1=(\w+)$/.exec(String(headers['leeward-signature'])) ?? [];
    expect(hex).toBe(createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'));
    expect(JSON.parse(body)).toMatchObject({
      ...{
        type: 'leeward.notification',
        severity: 'failure',
        runId: `run-${number}`,
        job: { name: job.name },
      },
      problems: [{ code: 'L-RUN-106' }, { code: 'L-RUN-110' }, { code: 'L-RUN-106', vm: 'web <01>' }],
    });
    const [last] = await service.deliveries({ channel: channel.id });
    expect(last).toMatchObject({
      state: 'delivered',
      attempts: 1,
      channelName: 'hook',
      id: headers['leeward-delivery'],
    });
    await here.engine.shutdown();
  });

  it('link to the console once its address is known', async () => {
    const here = server();
    await here.engine.launch();
    const { service, store } = here;
    const { id } = await service.create({ name: 'hook', target: { kind: 'webhook', url: url() } });
    await endedRun(`run-${number}-a`);
    await delivered(here);
    await store.settings.changeConsole({ publicUrl: 'https://backup.example' });
    await endedRun(`run-${number}-b`);
    await delivered(here);
    expect((await service.test(id)).delivered).toBe(true);
    await store.settings.changeConsole({ publicUrl: null });
    expect(received.map(({ body }) => (JSON.parse(body) as Message).links?.map((each) => each.url))).toEqual([
      undefined,
      [`https://backup.example/runs/run-${number}-b`, `https://backup.example/jobs/${job.id}`],
      ['https://backup.example/'],
    ]);
    await here.engine.shutdown();
  });

  it('a channel that stays away is tried again and given up; others and the run are not held up', async () => {
    const here = server();
    await here.engine.launch();
    const { service } = here;
    await service.create({ name: 'away', target: { kind: 'webhook', url: 'http://127.0.0.1:1/x' } });
    await service.create({ name: 'there', target: { kind: 'webhook', url: url() } });
    await endedRun(`run-${number}`);
    await delivered(here, 8);
    expect(received).toHaveLength(1);
    const [away, there] = await service.list();
    expect(away?.lastDelivery).toMatchObject({
      state: 'failed',
      attempts: 8,
      problem: { code: 'L-NTF-101' },
    });
    expect(there?.lastDelivery).toMatchObject({ state: 'delivered', attempts: 1 });
    await here.engine.shutdown();
  });

  it('what may pass is tried again, a refusal is not, and nothing is followed', async () => {
    const here = server();
    await here.engine.launch();
    const { service } = here;
    await service.create({ name: 'hook', target: { kind: 'webhook', url: url() } });
    status = [503, 429, 204, 302, 404];
    for (const name of ['a', 'b', 'c']) {
      await endedRun(`run-${number}${name}`);
      await delivered(here, name === 'a' ? 3 : 1);
    }
    const told = await service.deliveries({ channel: 'hook' });
    expect(told.map(({ runId, state, attempts }) => [runId, state, attempts]).toSorted()).toEqual([
      [`run-${number}a`, 'delivered', 3],
      [`run-${number}b`, 'failed', 1],
      [`run-${number}c`, 'failed', 1],
    ]);
    await here.engine.shutdown();
  });

  it('what waits is delivered by the server that is started next', async () => {
    const dead = server();
    await dead.service.create({ name: 'hook', target: { kind: 'webhook', url: url() } });
    await endedRun(`run-${number}`);
    // Its engine never ran: it died right after the message was made.
    await dead.notifier.look();
    const next = server();
    await next.engine.launch();
    await delivered(next);
    expect(received).toHaveLength(1);
    await next.engine.shutdown();
  });

  it('tests a channel at once, says what happened, and shows no secret anywhere', async () => {
    const { service, store } = server();
    const { id } = await service.create({
      name: 'hook',
      enabled: false,
      target: { kind: 'webhook', url: url(), secret },
    });
    expect(await service.test('hook')).toMatchObject({ delivered: true });
    status = [500];
    expect(await service.test('hook')).toMatchObject({ delivered: false, problem: { code: 'L-NTF-101' } });
    expect(received).toHaveLength(2);
    const shown = JSON.stringify([
      await service.list(),
      await service.deliveries(),
      await store.channels.list(),
    ]);
    expect(shown).not.toContain('T0KEN');
    expect(shown).not.toContain(secret);
    await service.remove('hook');
    for (const part of ['url', 'secret'])
      await expect(store.secrets.reveal(`notification/${id}/${part}`)).rejects.toMatchObject({
        code: 'L-CFG-114',
      });
  });

  it('changes what is given; a secret that is left out stays, a kind stays', async () => {
    const { service, store } = server();
    const { id } = await service.create({ name: 'hook', target: { kind: 'webhook', url: url(), secret } });
    const edited = await service.edit('hook', {
      name: 'renamed',
      rules: { jobs: [job.name] },
      target: { kind: 'webhook', url: 'https://hooks.example.org/x' },
    });
    expect(edited).toMatchObject({
      name: 'renamed',
      rules: { jobs: [job.id] },
      target: { host: 'hooks.example.org', signed: true },
    });
    expect(await store.secrets.reveal(`notification/${id}/secret`)).toBe(secret);
    const other = { kind: 'syslog', host: 'h' } as const;
    await expect(service.edit('renamed', { target: other })).rejects.toMatchObject({ code: 'L-NTF-105' });
    await service.edit('renamed', { rules: { jobs: null }, target: { kind: 'webhook', secret: null } });
    expect(await service.find('renamed')).toMatchObject({ target: { signed: false } });
    expect(await service.find('renamed')).not.toHaveProperty('rules.jobs');
  });

  it('a password goes nowhere without encryption, and an address is HTTPS', async () => {
    const { service } = server();
    const mail = { kind: 'email', host: 'mail.example.org', from: 'a@b.c', to: ['d@e.f'] } as const;
    const plain = { ...mail, security: 'none', username: 'u', password: 'p' } as const;
    await expect(service.create({ name: 'm', target: plain })).rejects.toMatchObject({ code: 'L-NTF-104' });
    await expect(
      service.create({ name: 'w', target: { kind: 'webhook', url: 'http://example.org/' } }),
    ).rejects.toMatchObject({ code: 'L-NTF-103' });
    expect(await service.create({ name: 'm', target: { ...plain, security: 'tls' } })).toMatchObject({
      target: { port: 465, username: 'u' },
    });
    await expect(service.edit('m', { target: { kind: 'email', security: 'none' } })).rejects.toMatchObject({
      code: 'L-NTF-104',
    });
    expect(await service.list()).toHaveLength(1);
  });

  it('tells of times of schedules without a run, and of what the janitor cannot do, each once', async () => {
    const here = server();
    await here.engine.launch();
    const { service, store, notifier, engine, janitor } = here;
    await service.create({ name: 'hook', target: { kind: 'webhook', url: url() } });
    const report = reportOf(
      new LeewardError('L-SCH-102', { job: job.name, due: startedAt, missed: 1, bound: '4 h' }),
    );
    const time = { jobId: job.id, dueAt: startedAt, times: 1, at: startedAt };
    await store.scheduleTimes.put({ ...time, outcome: 'missed', report });
    const round = {
      endedRuns: [],
      released: [],
      orphansRemoved: [],
      problems: ['array a: it does not answer'],
    };
    for (const id of [`janitor-${number}1`, `janitor-${number}2`]) {
      await engine.start(janitor, id, round);
      await engine.wait(id);
      await notifier.lookSeldom();
      await notifier.lookSeldom();
    }
    await delivered(here);
    const codes = received.flatMap(({ body }) => JSON.parse(body).problems).map(({ code }) => code);
    expect(codes.toSorted()).toEqual(['L-NTF-106', 'L-SCH-102']);
    await engine.shutdown();
  });

  it('sends the daily report once a day to who wants it', async () => {
    const clock = new ManualClock(Date.parse('2026-11-27T07:00:00Z'));
    const here = server(clock);
    await here.engine.launch();
    const { service, notifier } = here;
    await service.create({
      name: 'hook',
      rules: { topics: ['digest'], severities: [] },
      target: { kind: 'webhook', url: url() },
    });
    await notifier.lookSeldom();
    await delivered(here);
    expect(received).toEqual([]);
    await clock.advance(3_700_000);
    for (let time = 0; time < 3; time++) await notifier.lookSeldom();
    await delivered(here);
    expect(received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { topics: ['digest'], date: '2026-11-27' },
    ]);
    await here.engine.shutdown();
  });
});
