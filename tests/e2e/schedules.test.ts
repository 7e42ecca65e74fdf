import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  ChannelView,
  DailyReport,
  DeliveryView,
  JobView,
  RunReport,
  ScheduleTime,
} from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended } from './support/runs.ts';
import { Site } from './support/site.ts';
import { until } from './support/until.ts';

const secret = 'sixteen-or-more-characters';

describe('a job with a schedule', () => {
  let site: Site;
  let job: JobView;
  let target: Server;
  const received: { readonly signature: string; readonly body: string }[] = [];

  beforeAll(async () => {
    target = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({
          signature: String(request.headers['leeward-signature']),
          body: Buffer.concat(chunks).toString(),
        });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((done) => target.listen(0, '127.0.0.1', done));
    site = await Site.start({ size: 0.03 });
    job = (await site.register()) as JobView;
  });
  afterAll(async () => {
    target?.close();
    await site?.stop();
  });

  const timesOf = () => site.api.get<ScheduleTime[]>(`/jobs/${job.id}/times`);

  it('is started by the server, once for each time, also where the server is killed meanwhile', {
    timeout: 400_000,
  }, async () => {
    const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/hook`;
    const rules = { severities: ['success', 'warning', 'failure'] };
    await site.api.post<ChannelView>('/notification-channels', {
      ...{ name: 'hook', rules, target: { kind: 'webhook', url, secret } },
    });
    const edited = await site.api.patch<JobView>(`/jobs/${job.id}`, {
      schedule: { cron: 'every minute', timeZone: 'UTC' },
    });
    expect(edited).toMatchObject({
      schedule: { cron: '* * * * *', enabled: true },
      scheduleWords: 'every minute',
    });
    expect(Date.parse(edited.nextRunAt ?? '') % 60_000).toBe(0);
    await until(
      'the first time',
      async () => (await timesOf()).some(({ outcome }) => outcome === 'started'),
      { timeoutMs: 180_000 },
    );
    await site.killServer();
    await site.startServer();
    const disabled = await site.api.post<JobView>(`/jobs/${job.id}/disable`);
    expect(disabled).not.toHaveProperty('nextRunAt');
    const started = (await timesOf()).filter(({ outcome }) => outcome === 'started');
    expect(started.length).toBeGreaterThan(0);
    for (const { runId = '', dueAt } of started) {
      const { run } = await ended(site, runId);
      expect(run).toMatchObject({ state: 'success', startedBy: { kind: 'schedule', dueAt } });
    }
    const runs = await site.api.get<{ id: string }[]>('/runs');
    expect(runs.map(({ id }) => id).toSorted()).toEqual(started.map(({ runId }) => runId).toSorted());
  });

  it('people hear of its run, once, and can read a report of it', async () => {
    await until('the message', async () =>
      received.some(({ body }) => JSON.parse(body).topics.includes('run')),
    );
    const messages = received.map(({ body }) => JSON.parse(body));
    const runIds = messages.filter(({ topics }) => topics.includes('run')).map(({ runId }) => runId);
    expect(new Set(runIds).size).toBe(runIds.length);
    for (const { signature, body } of received) {
      const [, seconds = '', hex] = /^t=(\d+),v1=(\w+)$/.exec(signature) ?? [];
      expect(createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')).toBe(hex);
    }
    // It is written down after the target has answered.
    const deliveries = async () =>
      (await site.api.get<DeliveryView[]>('/notification-deliveries'))
        .filter(({ runId, topics }) => runId === runIds[0] && topics.includes('run'))
        .map(({ state }) => state);
    await expect.poll(deliveries).toEqual(['delivered']);
    const report = await site.api.get<RunReport>(`/runs/${runIds[0]}/report`);
    expect(report).toMatchObject({ state: 'success', sources: { secondary: 3 }, open: 0 });
    expect(report.longestVmwareSnapshotMs).toBeGreaterThan(0);
    expect(report.storageSnapshots.length).toBeGreaterThan(0);
    const daily = await site.api.get<DailyReport>('/reports/daily');
    expect(daily.protection).toMatchObject({ inTime: 3, late: 0 });
    expect(daily.repositories).toMatchObject([{ name: expect.any(String), freeBytes: expect.any(Number) }]);
  });
});
