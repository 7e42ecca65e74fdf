import { ManualClock } from '@leeward/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AuditStore } from '../store/audit.ts';
import { SettingsStore } from '../store/settings.ts';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
import { tidyTrail } from './tidy-trail.ts';

const dayMs = 86_400_000;
const clock = new ManualClock();
let opened: StoreOfTests;
let audit: AuditStore;
let settings: SettingsStore;
beforeAll(async () => {
  opened = await openStoreOfTests();
  audit = new AuditStore(opened.db, clock);
  settings = new SettingsStore(opened.db);
});
afterAll(() => opened?.close());

const tidy = () => tidyTrail({ store: { audit, settings }, clock });
const entries = async () => (await audit.list({}, 100)).map(({ operation, after }) => [operation, after]);

it('removes what is older than the setting says, and writes down that it did', async () => {
  const begin = (operation: string) =>
    audit.begin({
      caller: { kind: 'user', name: 'ann' },
      ...{ address: '10.0.0.1', operation, kind: 'job', fields: [] },
    });
  await begin('POST /old');
  await clock.advance(40 * dayMs);
  await begin('POST /new');
  expect(await tidy()).toBe(0);
  await expect(settings.changeAudit({ keepDays: 29 })).rejects.toThrow();
  await settings.changeAudit({ keepDays: 41 });
  expect(await tidy()).toBe(0);
  await settings.changeAudit({ keepDays: 30 });
  expect(await tidy()).toBe(1);
  const olderThan = new Date(clock.now() - 30 * dayMs).toISOString();
  expect(await entries()).toEqual([
    ['DELETE /audit', { removed: 1, olderThan, keepDays: 30 }],
    ['POST /new', undefined],
  ]);
  expect(await tidy()).toBe(0);
  expect(await entries()).toHaveLength(2);
});

it('goes on batch by batch', async () => {
  const rows = Array.from({ length: 12_000 }, (_, n) => ({
    ...{ at: new Date(clock.now() - 100 * dayMs + n).toISOString(), caller_kind: 'user', caller: 'ann' },
    ...{ address: 'socket', operation: 'POST /jobs', kind: 'job', fields: '[]' },
  }));
  for (let from = 0; from < rows.length; from += 4_000)
    await opened.db
      .insertInto('audit')
      .values(rows.slice(from, from + 4_000))
      .execute();
  expect(await tidy()).toBe(12_000);
  expect(await audit.hasOlder(clock.now() - 30 * dayMs)).toBe(false);
});
