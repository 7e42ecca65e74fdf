import { join } from 'node:path';
import type { OntapConfigInput } from '../ontap/config.ts';
import { addresses } from './addresses.ts';
import { type OntapPairOptions, ontapPair, type PairVolume } from './ontap-pair.ts';

/** A volume that goes on from cluster to cluster. */
export interface CascadeVolume extends Omit<PairVolume, 'policy' | 'isMountedOnSecondary' | 'lun'> {
  /** Of each hop, from the first cluster on. */
  readonly policies: readonly PairVolume['policy'][];
}

export interface OntapCascadeOptions extends Omit<OntapPairOptions, 'volumes' | 'passwords' | 'hostToken'> {
  readonly volumes: readonly CascadeVolume[];
  /** One for each cluster. */
  readonly passwords: readonly string[];
}

const further = [
  { name: 'ontap-c', serialNumber: '1-80-000033', address: addresses.third },
  { name: 'ontap-d', serialNumber: '1-80-000044', address: addresses.fourth },
] as const;

/**
 * Four clusters in a row, with equal SVM and volume names, each peered with those beside it. No replica is mounted, so
 * that all are read through clones.
 */
export function ontapCascade(options: OntapCascadeOptions): readonly OntapConfigInput[] {
  const { passwords, volumes } = options;
  const [primary = '', secondary = ''] = passwords;
  const pair = ontapPair({
    ...options,
    passwords: { primary, secondary },
    volumes: volumes.map(({ name, sizeBytes, policies: [policy = 'XDPDefault'] }) => {
      return { name, sizeBytes, policy, isMountedOnSecondary: false };
    }),
  });
  const row: OntapConfigInput[] = [pair.primary, pair.secondary];
  for (const [at, { name, serialNumber, address }] of further.entries()) {
    const before = row.at(-1);
    if (!before) continue;
    row[row.length - 1] = peeredWith(before, name);
    const here = volumes.filter(({ policies }) => policies.length > at + 1);
    row.push({
      ...pair.secondary,
      cluster: { name, version: '9.14.1', serialNumber },
      accounts: [{ name: 'leeward', password: passwords[at + 2] ?? '' }],
      control: { token: options.secret() },
      dataFolder: join(options.folder, name),
      svms: [
        {
          name: 'svm1',
          lifs: [{ name: 'data1', address }],
          volumes: here.map((volume) => {
            return { name: volume.name, sizeBytes: volume.sizeBytes, type: 'dp' as const };
          }),
          peers: [{ svm: 'svm1', alias: 'svm1_prod' }],
        },
      ],
      relations: here.map((volume) => ({
        source: `svm1_prod:${volume.name}`,
        destination: `svm1:${volume.name}`,
        policy: volume.policies[at + 1] ?? 'XDPDefault',
      })),
    });
  }
  return row;
}

/** Peered with the cluster behind it too. */
function peeredWith(config: OntapConfigInput, cluster: string): OntapConfigInput {
  const peer = { svm: 'svm1', alias: `svm1_${cluster}`, cluster };
  return {
    ...config,
    peers: config.peer ? [{ name: cluster, token: config.peer.token }] : [],
    svms: config.svms.map((svm) => ({ ...svm, peers: [...(svm.peers ?? []), peer] })),
  };
}
