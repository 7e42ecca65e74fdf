import { LeewardError, reportOf } from '@leeward/core';
import type { ConfigurationPlan, ConfigurationStep } from '@leeward/server';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ApiClient } from '../api/api-client.ts';
import type { WireAnswer, WireCall } from '../api/wire.ts';
import { applyConfiguration } from './apply-configuration.ts';
import type { AppliedStep } from './deeds.ts';

type Jobs = Readonly<Record<string, number>>;

/**
 * A server that knows jobs with one number each, plans as the real one does, and keeps what each call was. Before the
 * call with this number, counted from 0, somebody else does `meanwhile`.
 */
class FakeServer {
  readonly jobs: Map<string, { value: number; version: number }>;
  readonly calls: string[] = [];
  readonly meanwhile: { readonly before: number; readonly work: (server: FakeServer) => void };
  /** Fails every POST of a job of that name. */
  readonly refuses: string | undefined;

  constructor(jobs: Jobs, meanwhile: FakeServer['meanwhile'], refuses?: string) {
    this.jobs = new Map(Object.entries(jobs).map(([name, value]) => [name, { value, version: 0 }]));
    this.meanwhile = meanwhile;
    this.refuses = refuses;
  }

  put(name: string, value: number): void {
    this.jobs.set(name, { value, version: (this.jobs.get(name)?.version ?? 0) + 1 });
  }

  get api(): ApiClient {
    return new ApiClient({
      send: async (call) => this.#answer(call),
      strange: () => new LeewardError('L-CFG-108'),
      close: async () => undefined,
    });
  }

  #answer({ method, path, body, headers }: WireCall): WireAnswer {
    if (this.calls.length === this.meanwhile.before) this.meanwhile.work(this);
    const name = path.replace(/^\/api\/v1\/(jobs\/?)?/, '');
    this.calls.push(`${method} ${name}`);
    const answer = (statusCode: number, content: unknown, etag?: string) => {
      return { statusCode, text: JSON.stringify(content), cookies: [], etag };
    };
    const refused = (status: number, error: LeewardError) => answer(status, reportOf(error));
    if (name === 'config/plan') return answer(200, this.#plan(body as Jobs));
    const { value } = (body ?? {}) as { readonly value?: number };
    if (method === 'POST') {
      const { name: made = '' } = body as { readonly name?: string };
      if (made === this.refuses) return refused(400, new LeewardError('L-CFG-103', { problem: 'no' }));
      this.put(made, value ?? 0);
      return answer(200, {});
    }
    const job = this.jobs.get(name);
    if (!job) return refused(404, new LeewardError('L-CFG-102', { kind: 'job', name }));
    const tag = `"${job.version}"`;
    if (method === 'GET') return answer(200, job, tag);
    if (headers?.['if-match'] !== tag)
      return refused(412, new LeewardError('L-API-104', { kind: 'job', name }));
    if (method === 'PATCH') this.put(name, value ?? 0);
    else this.jobs.delete(name);
    return answer(200, {});
  }

  #plan(wanted: Jobs): ConfigurationPlan {
    const common = { kind: 'job', secrets: [] } as const;
    const steps = Object.entries(wanted).map(([name, value]): ConfigurationStep => {
      const path = `/jobs/${name}`;
      const from = this.jobs.get(name)?.value;
      const changes = from === value ? [] : [{ field: 'value', to: value }];
      const action = from === undefined ? 'create' : from === value ? 'unchanged' : 'change';
      const request =
        action === 'create'
          ? ({ method: 'POST', path: '/jobs', body: { name, value } } as const)
          : ({ method: 'PATCH', path, body: { value } } as const);
      return { ...common, name, action, changes, request };
    });
    const surplus = [...this.jobs.keys()].filter((name) => !(name in wanted));
    return {
      steps: [
        ...steps,
        ...surplus.map((name): ConfigurationStep => {
          const request = { method: 'DELETE', path: `/jobs/${name}` } as const;
          return { ...common, name, action: 'surplus', changes: [], request };
        }),
      ],
    };
  }
}

const never = { before: Number.POSITIVE_INFINITY, work: () => undefined };
const options = { passwords: false, prune: [], dryRun: false };

async function applied(server: FakeServer, document: Jobs, prune: readonly string[] = []) {
  const told: string[] = [];
  const onDone = ({ action, name }: AppliedStep) => told.push(`${action} ${name}`);
  const outcome = applyConfiguration(server.api, document, { ...options, prune }, onDone);
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason as LeewardError,
  );
  return { told, error };
}

it('never writes over what somebody else has changed since the plan, whenever that was, and says what was done', async () => {
  let conflicts = 0;
  const jobs = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(2), { minKeys: 1 });
  await fc.assert(
    fc.asyncProperty(jobs, jobs, fc.nat(16), fc.nat(3), async (before, document, call, at) => {
      const prune = Object.keys(before).filter((name) => !(name in document));
      const existing = Object.keys(before);
      const other = existing[at % existing.length] ?? '';
      const theirs = 99;
      const server = new FakeServer(before, { before: call, work: (each) => each.put(other, theirs) });
      const { told, error } = await applied(
        server,
        document,
        prune.map((name) => `job/${name}`),
      );
      const read = server.calls.indexOf(`GET ${other}`);
      const deed = server.calls.findIndex((each) => each === `PATCH ${other}` || each === `DELETE ${other}`);
      // What is planned is planned after it was read.
      expect(read < 0 || read < server.calls.lastIndexOf('POST config/plan')).toBe(true);
      if (read >= 0 && call > read && call <= deed) {
        conflicts++;
        expect(server.jobs.get(other)?.value).toBe(theirs);
        const isPart = told.some((each) => !each.startsWith('unchanged') && !each.startsWith('left'));
        expect(error?.code).toBe(isPart ? 'L-OPS-104' : 'L-API-107');
        expect(error?.message).toContain(other);
      } else expect(error).toBeUndefined();
    }),
    { numRuns: 300 },
  );
  expect(conflicts).toBeGreaterThan(10);
});

it('says what was done before a step that fails, and what was not begun', async () => {
  const server = new FakeServer({ a: 1, e: 1 }, never, 'c');
  const { error } = await applied(server, { a: 2, b: 1, c: 1, d: 1, e: 1 });
  expect(error?.entry.exit).toBe('partly');
  const { what, data, next } = reportOf(error);
  expect(what).toMatch(/create job\/c failed with L-CFG-103/);
  expect(data).toBe(
    'Done before it, and stays: change job/a, create job/b. Not begun after it: create job/d.',
  );
  expect(next).toMatch(/Then apply again/);
});

it('fails as the step does where nothing was done before', async () => {
  const { error, told } = await applied(new FakeServer({ e: 1 }, never, 'a'), { e: 1, a: 1, b: 2 });
  expect([error?.code, told]).toEqual(['L-CFG-103', ['unchanged e']]);
});

it('asks no more than for a plan where there is nothing to do, and changes nothing when it shall only say', async () => {
  const same = new FakeServer({ a: 1 }, never);
  await applied(same, { a: 1 });
  expect(same.calls).toEqual(['POST config/plan']);
  const dry = new FakeServer({ a: 1 }, never);
  const steps = await applyConfiguration(dry.api, { a: 2 }, { ...options, dryRun: true }, () => undefined);
  expect([steps.map(({ action }) => action), dry.calls]).toEqual([['change'], ['POST config/plan']]);
});
