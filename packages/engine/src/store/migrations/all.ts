import type { Migration } from 'kysely/migration';
import { up as first } from './0001-first.ts';
import { up as restoreTarget } from './0002-restore-target.ts';
import { up as allocatedAreas } from './0003-allocated-areas.ts';
import { up as quiescePolicy } from './0004-quiesce-policy.ts';
import { up as places } from './0005-places.ts';
import { up as access } from './0006-access.ts';

/** In order; never changed once released, only appended to. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': { up: first },
  '0002-restore-target': { up: restoreTarget },
  '0003-allocated-areas': { up: allocatedAreas },
  '0004-quiesce-policy': { up: quiescePolicy },
  '0005-places': { up: places },
  '0006-access': { up: access },
};
