import type { Clock } from '@leeward/core';
import type { AuditStore } from '../store/audit.ts';
import type { SettingsStore } from '../store/settings.ts';

export interface TidyDeps {
  readonly store: {
    readonly audit: Pick<AuditStore, 'begin' | 'end' | 'hasOlder' | 'removeOlder'>;
    readonly settings: Pick<SettingsStore, 'audit'>;
  };
  readonly clock: Clock;
}

const dayMs = 86_400_000;
const batch = 5_000;
/** Of one round, so that nothing waits long for it; the next one goes on. */
const batchesAtMost = 200;

/**
 * Removes entries of the audit trail that are older than the setting says, in batches. That it was done, and up to when, is
 * an entry itself, made before. Returns how many went.
 */
export async function tidyTrail({ store, clock }: TidyDeps): Promise<number> {
  const { keepDays } = await store.settings.audit();
  if (keepDays === null) return 0;
  const beforeMs = clock.now() - keepDays * dayMs;
  if (!(await store.audit.hasOlder(beforeMs))) return 0;
  const entry = await store.audit.begin({
    caller: { kind: 'server', name: 'leeward' },
    ...{ address: 'server', operation: 'DELETE /audit', kind: 'audit', fields: [] },
  });
  let removed = 0;
  for (let turn = 0; turn < batchesAtMost; turn++) {
    const gone = await store.audit.removeOlder(beforeMs, batch);
    removed += gone;
    if (gone < batch) break;
  }
  const olderThan = new Date(beforeMs).toISOString();
  await store.audit.end(entry, { outcome: 'done', after: { removed, olderThan, keepDays } });
  return removed;
}
