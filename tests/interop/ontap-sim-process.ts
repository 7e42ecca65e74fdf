import { join } from 'node:path';
import type { OntapConfigInput } from '@leeward/lab/ontap/config';
import type { SimulatorAddresses } from '@leeward/lab/ontap/simulator';
import { primaryConfig, secondaryConfig, token } from '@leeward/lab/ontap/testing/start-pair';
import { type ProcessPair as Pair, pairOf, SimulatorProcess } from './simulator-process.ts';

export type ClusterProcess = SimulatorProcess<SimulatorAddresses>;
export type ProcessPair = Pair<SimulatorAddresses>;

/** Both clusters as processes, peered, their configs changed first; the baseline may still be under way. */
export function startProcessPair(
  policies: readonly string[],
  change: (primary: OntapConfigInput, secondary: OntapConfigInput) => void = () => undefined,
): Promise<ProcessPair> {
  return startProcesses((folder) => {
    const configs = [primaryConfig(folder), secondaryConfig(folder, policies)] as const;
    change(...configs);
    return configs;
  }, token);
}

/** The same with other configs, whose control doors open with `controlToken`. */
export function startProcesses(
  configsIn: (folder: string) => readonly [OntapConfigInput, OntapConfigInput],
  controlToken: string,
): Promise<ProcessPair> {
  return pairOf('ontap', async (folder) => {
    const configs = configsIn(folder);
    const start = (config: OntapConfigInput): Promise<ClusterProcess> =>
      SimulatorProcess.start('ontap', join(folder, `${config.cluster.name}.json`), config, controlToken);
    const [primary, secondary] = [await start(configs[0]), await start(configs[1])];
    await primary.control('POST', '/settings', { peerPort: secondary.addresses.interclusterPort });
    await secondary.control('POST', '/settings', { peerPort: primary.addresses.interclusterPort });
    return [primary, secondary];
  });
}

const replicating = new Set(['snapmirrored', 'in_sync']);

/** Waits until all relations have their baseline. */
export async function relationsReady(secondary: ClusterProcess): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    const { relations } = await secondary.control('GET', '/state');
    if (Array.isArray(relations) && relations.every((one) => replicating.has(one.state))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('no baseline');
}
