import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import type { OntapConfigInput } from '../config.ts';
import { startOntapSimulator } from '../simulator.ts';
import { type Pair, primaryConfig, secondaryConfig, token } from './start-pair.ts';

/** Three clusters in this process, `ds1` going from the first over the second to the third. */
export interface Cascade {
  readonly first: Pair;
  /** The same second cluster as the primary of the third. */
  readonly second: Pair;
}

/** All peered, both relations with their baselines. */
export async function startCascade(first: string, second: string): Promise<Cascade> {
  const folder = await mkdtemp(join(tmpdir(), 'ontap-cascade-'));
  const deps = { clock: systemClock, randomness: systemRandomness };
  const middle = secondaryConfig(folder, [first]);
  const last = secondaryConfig(folder, [second]);
  const [a, b, c] = await Promise.all(
    [
      primaryConfig(folder),
      { ...withThird(middle), peers: [{ name: 'third', token }] },
      {
        ...last,
        cluster: { name: 'clus-third', version: '9.14.1', serialNumber: '1-80-000033' },
        dataFolder: join(folder, 'third'),
      },
    ].map((config) => startOntapSimulator(config, deps)),
  );
  if (!a || !b || !c) throw new Error('a cluster did not start');
  const close = async () => {
    await Promise.all([a, b, c].map((each) => each.close()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const portOf = ({ addresses }: typeof a) => addresses.interclusterPort ?? 0;
    await c.apply({ peerPort: portOf(b) });
    await b.apply({ peerPort: portOf(a), peerPorts: { third: portOf(c) } });
    await a.apply({ peerPort: portOf(b) });
    await Promise.all([a, b, c].map((each) => each.relationsReady()));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    first: { primary: a, secondary: b, close },
    second: { primary: b, secondary: c, close: async () => undefined },
  };
}

/** The SVM of the middle is peered with that of the third cluster too, whose name is the same. */
function withThird(config: OntapConfigInput): OntapConfigInput {
  const peer = { svm: 'svm1', alias: 'svm1_third', cluster: 'third' };
  return { ...config, svms: config.svms.map((svm) => ({ ...svm, peers: [...(svm.peers ?? []), peer] })) };
}
