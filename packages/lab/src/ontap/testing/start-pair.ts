import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import type { OntapConfigInput } from '../config.ts';
import { type OntapSimulator, startOntapSimulator } from '../simulator.ts';

export const token = 'token-for-tests';
export const admin = { name: 'admin', password: 'netapp123' };

/** A primary with two datastores: equal SVM and volume names on both sides, the remote SVM under an alias. */
export function primaryConfig(dataFolder: string): OntapConfigInput {
  return {
    cluster: { name: 'clus-pri', version: '9.16.1' },
    accounts: [admin, { name: 'vsadmin', password: 'svm12345', role: 'vsadmin', svm: 'svm1' }],
    svms: [
      {
        name: 'svm1',
        lifs: [{ name: 'nfs_1', address: '127.0.0.1' }],
        rootPolicy: 'default',
        exportPolicies: [
          { name: 'default', rules: [{ clients: ['0.0.0.0/0'], ro: ['sys'], rw: ['never'] }] },
          { name: 'esx', rules: [{ clients: ['127.0.0.1'], ro: ['sys'], rw: ['sys'], superuser: ['sys'] }] },
        ],
        volumes: [
          { name: 'ds1', sizeBytes: 8 * 1024 ** 3, junction: '/ds1', exportPolicy: 'esx' },
          { name: 'ds2', sizeBytes: 1024 ** 3, junction: '/ds2', exportPolicy: 'esx' },
        ],
        peers: [{ svm: 'svm1', alias: 'svm1_dr' }],
      },
    ],
    intercluster: { token },
    peer: { token },
    control: { token },
    behaviour: { operationMs: 20 },
    dataFolder: join(dataFolder, 'primary'),
  };
}

export function secondaryConfig(dataFolder: string, policies: readonly string[]): OntapConfigInput {
  const names = policies.map((_, at) => `ds${at + 1}`);
  return {
    cluster: { name: 'clus-sec', version: '9.12.1' },
    accounts: [admin, { name: 'vsadmin', password: 'svm12345', role: 'vsadmin', svm: 'svm1' }],
    svms: [
      {
        name: 'svm1',
        lifs: [{ name: 'nfs_1', address: '127.0.0.1' }],
        exportPolicies: [
          { name: 'proxy', rules: [{ clients: ['127.0.0.1'], rw: ['sys'], superuser: ['sys'] }] },
        ],
        rootPolicy: 'proxy',
        volumes: names.map((name) => ({
          name,
          sizeBytes: 1024 ** 3,
          type: 'dp' as const,
          exportPolicy: 'proxy',
        })),
        peers: [{ svm: 'svm1', alias: 'svm1_prod' }],
      },
    ],
    relations: policies.map((policy, at) => ({
      source: `svm1_prod:ds${at + 1}`,
      destination: `svm1:ds${at + 1}`,
      policy,
    })),
    intercluster: { token },
    peer: { token },
    control: { token },
    behaviour: { operationMs: 20 },
    dataFolder: join(dataFolder, 'secondary'),
  };
}

export interface Pair {
  readonly primary: OntapSimulator;
  readonly secondary: OntapSimulator;
  close(): Promise<void>;
}

/** Both clusters in this process, peered, with their relations initialised. */
export async function startPair(
  policies: readonly string[],
  change: (primary: OntapConfigInput, secondary: OntapConfigInput) => void = () => undefined,
): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), 'ontap-pair-'));
  const deps = { clock: systemClock, randomness: systemRandomness };
  const primaryInput = primaryConfig(folder);
  const secondaryInput = secondaryConfig(folder, policies);
  change(primaryInput, secondaryInput);
  const primary = await startOntapSimulator(primaryInput, deps);
  const secondary = await startOntapSimulator(secondaryInput, deps);
  const close = async () => {
    await Promise.all([primary.close(), secondary.close()]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await primary.apply({ peerPort: secondary.addresses.interclusterPort ?? 0 });
    await secondary.apply({ peerPort: primary.addresses.interclusterPort ?? 0 });
    await Promise.all([primary.relationsReady(), secondary.relationsReady()]);
  } catch (error) {
    await close();
    throw error;
  }
  return { primary, secondary, close };
}
