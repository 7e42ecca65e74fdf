import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobDefaults } from '@leeward/core';
import { systemClock, systemRandomness } from '@leeward/platform';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../application/open-store.ts';
import { openDatabase } from '../database/open-database.ts';
import { up } from './migrations/0004-quiesce-policy.ts';
import type { Point } from './points.ts';

let opened: Awaited<ReturnType<typeof openStore>>;
let close: () => Promise<void>;

beforeAll(async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'leeward-store-'));
  const database = await openDatabase({ dataFolder, clock: systemClock });
  const { url } = database;
  opened = await openStore({ url, dataFolder, clock: systemClock, randomness: systemRandomness });
  close = async () => {
    await opened.db.destroy();
    await database.stop();
    await rm(dataFolder, { recursive: true, force: true });
  };
}, 120_000);
afterAll(() => close?.());

const job = { ...jobDefaults, name: 'x', vms: ['vm'], repositoryId: 'r' };

test('stored switches become policies, in jobs and in the plans of runs; what is a policy stays', async () => {
  const { db, store } = opened;
  const given = { a: true, b: false, c: 'require' } as const;
  for (const [id, quiesce] of Object.entries(given)) {
    const { cbtSampleFraction: _, scriptTimeoutMs: __, ...before } = job;
    const spec = JSON.stringify({ ...before, id, name: id, quiesce });
    await sql`insert into job (id, name, spec) values (${id}, ${id}, ${spec})`.execute(db);
    const plan = JSON.stringify({ job: { id, quiesce }, vms: [] });
    await sql`insert into run (id, job_id, kind, state, plan, started_at)
      values (${id}, ${id}, 'backup', 'success', ${plan}, now())`.execute(db);
  }
  await store.runs.add({ id: 'none', jobId: 'a', kind: 'restore', startedAt: new Date(0).toISOString() });
  await up(db as never);
  await up(db as never);
  const expected = { a: 'fall-back', b: 'off', c: 'require' };
  const jobs = await store.jobs.list();
  expect(Object.fromEntries(jobs.map(({ id, quiesce }) => [id, quiesce]))).toEqual(expected);
  // Settings that they had not yet.
  expect(jobs[0]).toMatchObject({ cbtSampleFraction: 0.005, scriptTimeoutMs: 600_000 });
  for (const [id, quiesce] of Object.entries(expected))
    expect((await store.runs.get(id)).plan?.job.quiesce).toBe(quiesce);
});

test('a point is distrusted disk by disk, for good; the first run that found it out is named', async () => {
  const { points } = opened.store;
  const disk = { label: 'd', node: 'scsi0:0', name: 'd', fileName: 'f', sizeBytes: 1 };
  const point: Point = {
    ...{ id: 'p', vmKey: 'k', vmName: 'vm', vcenterName: 'vc', jobId: 'j', runId: 'r', repositoryId: 'r' },
    ...{ createdAt: new Date(0).toISOString(), source: 'secondary' },
    facts: {
      ...{ vmPath: '/vm', kind: 'full', frozenAt: '' },
      bytes: { provisioned: 1, changed: 1, read: 1, stored: 1 },
      disks: [
        { ...disk, key: 2000 },
        { ...disk, key: 2001 },
      ],
    },
  };
  await points.add(point);
  await points.distrust('p', 2001, 'first');
  await points.distrust('p', 2001, 'second');
  await points.distrust('gone', 2001, 'first');
  const { disks } = (await points.get('p')).facts;
  expect(disks.map(({ distrustedBy }) => distrustedBy)).toEqual([undefined, 'first']);
  expect(await points.find('gone')).toBeUndefined();
});
