import type { Migration } from 'kysely/migration';
import { up as first } from './0001-first.ts';
import { up as restoreTarget } from './0002-restore-target.ts';
import { up as allocatedAreas } from './0003-allocated-areas.ts';
import { up as quiescePolicy } from './0004-quiesce-policy.ts';
import { up as places } from './0005-places.ts';
import { up as access } from './0006-access.ts';
import { up as lists } from './0007-lists.ts';
import { up as idempotency } from './0008-idempotency.ts';
import { up as schedules } from './0016-schedules.ts';
import { up as notifications } from './0017-notifications.ts';
import { up as scopes } from './0036-scopes.ts';
import { up as retry } from './0040-retry.ts';
import { up as signIns } from './0050-sign-ins.ts';
import { up as providerSessions } from './0051-provider-sessions.ts';

/** In order; never changed once released, only appended to. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': { up: first },
  '0002-restore-target': { up: restoreTarget },
  '0003-allocated-areas': { up: allocatedAreas },
  '0004-quiesce-policy': { up: quiescePolicy },
  '0005-places': { up: places },
  '0006-access': { up: access },
  '0007-lists': { up: lists },
  '0008-idempotency': { up: idempotency },
  '0016-schedules': { up: schedules },
  '0017-notifications': { up: notifications },
  '0036-scopes': { up: scopes },
  '0040-retry': { up: retry },
  '0050-sign-ins': { up: signIns },
  '0051-provider-sessions': { up: providerSessions },
};
