import type { ExitClass } from '@leeward/core';

/** The table in docs/cli.md; codes that are not in it mean failure too. */
export const exitCodes: Readonly<Record<ExitClass | 'ok', number>> = {
  ok: 0,
  error: 1,
  usage: 2,
  partly: 3,
  'not-found': 10,
  locked: 11,
  auth: 12,
  unreachable: 13,
  refused: 14,
  damage: 15,
  cancelled: 130,
};
