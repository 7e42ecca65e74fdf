import type { Scenario } from '@leeward/lab';
import { Option } from 'commander';

const names: readonly Scenario[] = ['nfs', 'full', 'spread', 'sync', 'cascade'];

/** Which datacentre is simulated. */
export function scenarioOption(byDefault: Scenario): Option {
  const text =
    'NFS only, one VM of each kind of storage (full), all that is awkward about LUNs (spread), a synchronous pair (sync), or four clusters in a row (cascade)';
  return new Option('--scenario <name>', text).choices(names).default(byDefault);
}
