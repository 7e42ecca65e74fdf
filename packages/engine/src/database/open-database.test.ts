import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@leeward/platform';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './open-database.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-db-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('the embedded database keeps its content over a restart, with checksums and no port', async () => {
  const first = await openDatabase({ dataFolder: folder, clock: systemClock });
  expect(first.kind).toBe('embedded');
  await query(first.url, 'create table kept (value text)');
  await query(first.url, `insert into kept values ('ä')`);
  expect(await query(first.url, 'show data_checksums')).toEqual([{ data_checksums: 'on' }]);
  expect(await query(first.url, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
  await first.stop();
  await first.stop();
  const second = await openDatabase({ dataFolder: folder, clock: systemClock });
  try {
    expect(await query(second.url, 'select value from kept')).toEqual([{ value: 'ä' }]);
  } finally {
    await second.stop();
  }
});
