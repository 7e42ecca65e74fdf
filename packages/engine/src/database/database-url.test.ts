import { LeewardError } from '@leeward/core';
import { expect, test } from 'vitest';
import { checkDatabaseUrl } from './database-url.ts';

test.each([
  ['not a url', 'L-CFG-206'],
  ['mysql://host/database', 'L-CFG-206'],
  ['postgres://host:5432', 'L-CFG-206'],
  ['postgres://me:secret@127.0.0.1:1/leeward', 'L-CFG-203'],
])('%s is refused with %s, without its password', async (url, code) => {
  const error = await checkDatabaseUrl(url).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(LeewardError);
  expect(error).toMatchObject({ code });
  expect(JSON.stringify(error) + String(error)).not.toContain('secret');
});
