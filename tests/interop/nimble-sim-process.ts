import { join } from 'node:path';
import type { NimbleConfigInput } from '@leeward/lab/nimble/config';
import type { SimulatorAddresses } from '@leeward/lab/nimble/simulator';
import { primaryConfig, secondaryConfig, token } from '@leeward/lab/nimble/testing/start-pair';
import { type ProcessPair as Pair, pairOf, SimulatorProcess } from './simulator-process.ts';

export type GroupProcess = SimulatorProcess<SimulatorAddresses>;
export type ProcessPair = Pair<SimulatorAddresses>;

/** Both groups as processes, partners of each other; `change` sees their configurations before they start. */
export function startProcessPair(
  change?: (primary: NimbleConfigInput, secondary: NimbleConfigInput) => void,
): Promise<ProcessPair> {
  return pairOf('nimble', async (folder) => {
    const configs = [primaryConfig(folder), secondaryConfig(folder)] as const;
    change?.(...configs);
    const start = (config: NimbleConfigInput): Promise<GroupProcess> =>
      SimulatorProcess.start('nimble', join(folder, `${config.group.name}.json`), config, token);
    const [primary, secondary] = [await start(configs[0]), await start(configs[1])];
    const ports = (port: number, name: string) => ({ partnerPorts: { [name]: port } });
    await primary.control('POST', '/settings', ports(secondary.addresses.replicationPort, 'grp-dr'));
    await secondary.control('POST', '/settings', ports(primary.addresses.replicationPort, 'grp-prod'));
    return [primary, secondary];
  });
}
