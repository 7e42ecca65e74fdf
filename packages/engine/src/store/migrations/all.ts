import type { Migration } from 'kysely/migration';
import { up as first } from './0001-first.ts';
import { up as restoreTarget } from './0002-restore-target.ts';

/** In order; never changed once released, only appended to. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': { up: first },
  '0002-restore-target': { up: restoreTarget },
};
