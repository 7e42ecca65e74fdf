import type { Migration } from 'kysely/migration';
import { up as first } from './0001-first.ts';

/** In order; never changed once released, only appended to. */
export const migrations: Readonly<Record<string, Migration>> = { '0001-first': { up: first } };
