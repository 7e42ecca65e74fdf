import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isoTime, jobDefaults, LeewardError } from '@leeward/core';
import { ManualClock } from '@leeward/platform';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { FlowLog } from '../flow/flow-log.ts';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
import { TraceExport } from './trace-export.ts';

const value = z.object({
  stringValue: z.string().optional(),
  intValue: z.union([z.number(), z.string()]).optional(),
});
const attributes = z.array(z.object({ key: z.string(), value }));
/** As the OTLP specification has it: ids as hex, times as decimal nanoseconds. */
const spanSchema = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: z.string().regex(/^\d+$/),
  endTimeUnixNano: z.string().regex(/^\d+$/),
  attributes,
  events: z.array(z.object({ name: z.string() })).default([]),
  status: z.object({ code: z.number(), message: z.string().optional() }),
});
const requestSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
});

const clock = new ManualClock(Date.parse('2026-11-26T12:00:00Z'));
let tests: StoreOfTests;
let receiver: Server;
let requests: { readonly path: string; readonly body: unknown }[];
let status: number;
let warnings: string[];

beforeEach(async () => {
  tests = await openStoreOfTests();
  [requests, warnings, status] = [[], [], 200];
  receiver = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    requests.push({ path: request.url ?? '', body: JSON.parse(text) });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  await tests.close();
});

function traces(environment: NodeJS.ProcessEnv = {}): TraceExport {
  const quiet = () => undefined;
  const log: FlowLog = {
    ...{ debug: quiet, info: quiet, error: quiet },
    warn: (message) => warnings.push(message),
  };
  return new TraceExport({ ...tests, clock, log, version: '1.2.3', environment });
}

const address = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;

async function endRun(id: string): Promise<void> {
  const { jobs, runs, runVms, runLog } = tests.store;
  if ((await jobs.list()).length === 0)
    await jobs.add({ ...jobDefaults, id: 'j', name: 'nightly', vms: ['x'], repositoryId: 'r' });
  await runs.add({ id, jobId: 'j', kind: 'backup', startedAt: isoTime(clock.now()) });
  await runVms.put(
    { runId: id, vmKey: 'vc/a', name: 'web-01', state: 'success' },
    {
      ...{ source: 'secondary', bytes: { provisioned: 4, changed: 3, read: 2, stored: 1 } },
      stageTimes: { sourceMs: 6, proxyMs: 3, repositoryMs: 1 },
    },
  );
  await runLog.step(id, [''], 'plan', async () => undefined);
  await runLog.step(
    id,
    ['vc/a'],
    'read',
    async () => 7,
    (files) => ({ files, deep: { no: 1 } }),
  );
  const failed = async () => {
    throw new LeewardError('L-RUN-102');
  };
  await runLog.step(id, ['vc/a'], 'release', failed).catch(() => undefined);
  await runLog.event(id, 'vc/a', new LeewardError('L-RUN-102'));
  await runs.end(id, 'partly', isoTime(clock.now() + 2_000));
}

function received() {
  return requests.flatMap(({ body }) =>
    requestSchema
      .parse(body)
      .resourceSpans.flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, resource: resource.attributes }))),
      ),
  );
}

it('sends one trace for each run that ends after it was switched on, with VMs and steps below it', async () => {
  await endRun('before');
  await clock.advance(60_000);
  await tests.store.settings.changeMonitoring({ otlpEndpoint: `${address()}/` });
  const exporting = traces();
  await exporting.send();
  await clock.advance(60_000);
  await endRun('r1');
  await clock.advance(60_000);
  await exporting.send();
  await exporting.send();
  expect(requests.map(({ path }) => path)).toEqual(['/v1/traces']);
  const spans = received();
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const [root, vm] = spans;
  const tree = spans.map(({ name, parentSpanId, status: { code, message } }) => [
    name,
    spans.find(({ spanId }) => spanId === parentSpanId)?.name ?? '',
    code,
    message ?? '',
  ]);
  expect(tree).toEqual([
    ['backup run', '', 2, 'partly'],
    ['vm', 'backup run', 1, ''],
    ['plan', 'backup run', 1, ''],
    ['read', 'vm', 1, ''],
    ['release', 'vm', 2, 'L-RUN-102'],
  ]);
  const nanos = BigInt(root?.endTimeUnixNano ?? 0) - BigInt(root?.startTimeUnixNano ?? 0);
  expect(nanos).toBe(2_000_000_000n);
  expect(vm?.events.map(({ name }) => name)).toEqual(['L-RUN-102']);
  const texts = Object.fromEntries(vm?.attributes.map((each) => [each.key, each.value]) ?? []);
  expect(texts['leeward.vm.source']).toEqual({ stringValue: 'secondary' });
  expect(Number(texts['leeward.vm.bytes.read']?.intValue)).toBe(2);
  expect(Number(texts['leeward.vm.stage_times.sourceMs']?.intValue)).toBe(6);
  const step = spans.find(({ name }) => name === 'read')?.attributes.map(({ key }) => key);
  expect(step).toEqual(['leeward.step.files']);
  expect(root?.resource).toContainEqual({ key: 'service.name', value: { stringValue: 'leeward' } });
});

it('sends later what could not be sent, with the same ids, and tells it once', async () => {
  await tests.store.settings.changeMonitoring({ otlpEndpoint: address() });
  const exporting = traces();
  await exporting.send();
  await clock.advance(60_000);
  await endRun('r1');
  await clock.advance(60_000);
  status = 400;
  await exporting.send();
  await exporting.send();
  expect(warnings).toHaveLength(1);
  const refused = received().map(({ spanId }) => spanId);
  [requests, status] = [[], 200];
  await exporting.send();
  expect(received().map(({ spanId }) => spanId)).toEqual(refused.slice(0, refused.length / 2));
});

it('sends nothing unless it is told where, also by the environment', async () => {
  const nowhere = traces();
  await nowhere.send();
  expect(await tests.store.settings.note('tracesSentUntil')).toBeUndefined();
  const variable = 'OTEL_EXPORTER_OTLP_ENDPOINT';
  process.env[variable] = address();
  try {
    const exporting = traces(process.env);
    await exporting.send();
    await clock.advance(60_000);
    await endRun('r2');
    await clock.advance(60_000);
    await exporting.send();
  } finally {
    delete process.env[variable];
  }
  expect(requests.map(({ path }) => path)).toEqual(['/v1/traces']);
});
