import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, systemClock, systemRandomness } from '@leeward/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../application/open-store.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import { AuditService } from '../services/audit-service.ts';
import type { Services } from '../services/services.ts';
import type { AuditFilter } from './audit.ts';

const clock = new ManualClock();
let folder = '';
let database: Database;
let opened: Awaited<ReturnType<typeof openStore>>;
let audit: AuditService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-audit-'));
  database = await openDatabase({ dataFolder: folder, clock: systemClock });
  opened = await openStore({ dataFolder: folder, clock, url: database.url, randomness: systemRandomness });
  audit = new AuditService(opened, {} as Services);
  const callers = [
    { kind: 'local', name: 'local' },
    { kind: 'user', name: 'ann' },
    { kind: 'nobody', name: '' },
  ] as const;
  for (let at = 0; at < 12; at++) {
    const caller = callers[at % 3] ?? callers[0];
    const id = await audit.begin({
      caller,
      address: '10.0.0.1',
      operation: at % 2 === 0 ? 'PATCH /jobs/:id' : 'POST /jobs/:id/run',
      kind: 'job',
      object: `job ${at}`,
      fields: ['name'],
      before: { name: `job ${at}` },
    });
    const outcome = at < 6 ? 'done' : 'refused';
    // The server ended during the last one.
    if (at < 11)
      await audit.end(id, { outcome, code: outcome === 'done' ? undefined : 'L-AUT-102', after: { at } });
    await clock.advance(1_000);
  }
});
afterAll(async () => {
  await opened?.db.destroy();
  await database?.stop();
  await rm(folder, { recursive: true, force: true });
});

const objects = async (filter: AuditFilter) =>
  (await audit.list(filter)).items.map(({ object }) => Number(object?.slice(4)));

it('lists newest first, page by page, each entry once', async () => {
  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await audit.list({}, { limit: 5, cursor });
    seen.push(...page.items.map(({ object }) => Number(object?.slice(4))));
    cursor = page.next;
  } while (cursor !== undefined);
  expect(seen).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
});

it('filters by each of its sides', async () => {
  expect(await objects({ caller: 'ann' })).toEqual([10, 7, 4, 1]);
  expect(await objects({ operation: 'RUN', outcome: 'done' })).toEqual([5, 3, 1]);
  expect(await objects({ kind: 'array' })).toEqual([]);
  expect(await objects({ object: 'job 3' })).toEqual([3]);
  const start = 1_750_000_000_000;
  const since = new Date(start + 8_000).toISOString();
  const until = new Date(start + 10_000).toISOString();
  expect(await objects({ since, until })).toEqual([9, 8]);
  expect(await objects({ operation: '%' })).toEqual([]);
});

it('says of what was begun and not completed that its outcome is unknown', async () => {
  const { items } = await audit.list({ outcome: 'unknown' });
  expect(items).toEqual([
    {
      ...{ id: 12, at: new Date(1_750_000_011_000).toISOString(), caller: { kind: 'nobody', name: '' } },
      ...{ address: '10.0.0.1', operation: 'POST /jobs/:id/run', kind: 'job', object: 'job 11' },
      ...{ fields: ['name'], before: { name: 'job 11' }, outcome: 'unknown' },
    },
  ]);
});
