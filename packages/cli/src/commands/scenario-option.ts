import type { Scenario } from '@leeward/lab';
import { Option } from 'commander';

const names: readonly Scenario[] = ['nfs', 'full', 'spread'];

/** Which datacentre is simulated. */
export function scenarioOption(byDefault: Scenario): Option {
  const text = 'NFS only, one VM of each kind of storage (full), or all that is awkward about LUNs (spread)';
  return new Option('--scenario <name>', text).choices(names).default(byDefault);
}
