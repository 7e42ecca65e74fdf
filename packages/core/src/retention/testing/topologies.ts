import type { LockAbility, TransferPolicy } from '../../words/array-inventory.ts';
import { type ArrayRule, dayMs, type Feed } from '../words.ts';
import type { ArraySetUp } from './simulated-array.ts';

const forever: LockAbility = { possible: true };
const fortnight: LockAbility = { possible: true, maxMs: 14 * dayMs };
const noLocks: LockAbility = { possible: false, why: 'no licence for it' };

function place(id: string, feed?: Feed, more: Partial<ArraySetUp> = {}): ArraySetUp {
  const plain = { arrayRules: [], refusesDelete: false, locks: forever, tellsTime: true };
  return { id, ...plain, ...(feed ? { feed } : {}), ...more };
}

function transfer(from: string, policy: TransferPolicy, keepsAuxiliary = true): Feed {
  return { kind: 'transfer', from, policy, keepsAuxiliary };
}

const sync: Feed = { kind: 'sync', from: 'p' };
const daily: readonly ArrayRule[] = [{ by: 'label', name: 'daily', keep: 3 }];
const hourly: readonly ArrayRule[] = [{ by: 'schedule', name: 'hourly', keep: 2 }];

/** Every shape of relations that a volume can have: each kind, fan-out, cascades, three sites. */
export const topologies: Readonly<Record<string, readonly ArraySetUp[]>> = {
  'no relation': [place('p')],
  mirror: [place('p'), place('m', transfer('p', 'mirror'))],
  vault: [
    place('p', undefined, { tellsTime: false }),
    place('v', transfer('p', 'vault'), { locks: fortnight }),
  ],
  'vault with a rule for the label': [place('p'), place('v', transfer('p', 'vault'), { arrayRules: daily })],
  'vault that refuses': [place('p'), place('v', transfer('p', 'vault'), { refusesDelete: true })],
  'mirror-vault': [
    place('p'),
    place('v', transfer('p', 'mirror-vault'), { arrayRules: daily, locks: noLocks }),
  ],
  schedules: [
    place('p', undefined, { arrayRules: hourly, locks: fortnight }),
    place('r', transfer('p', 'snapshot-replication'), { arrayRules: hourly, locks: fortnight }),
  ],
  'no auxiliary': [place('p'), place('r', transfer('p', 'snapshot-replication', false))],
  sync: [place('p', undefined, { locks: fortnight }), place('s', sync)],
  'three sites': [place('p'), place('s', sync, { tellsTime: false }), place('v', transfer('p', 'vault'))],
  'fan-out': [
    place('p'),
    place('m', transfer('p', 'mirror')),
    place('v', transfer('p', 'vault')),
    place('w', transfer('p', 'mirror-vault'), { arrayRules: daily }),
  ],
  'cascade of mirrors': [
    place('p'),
    place('m', transfer('p', 'mirror')),
    place('n', transfer('m', 'mirror')),
  ],
  'mirror, then vault': [place('p'), place('m', transfer('p', 'mirror')), place('v', transfer('m', 'vault'))],
  'vault, then mirror': [place('p'), place('v', transfer('p', 'vault')), place('m', transfer('v', 'mirror'))],
};
