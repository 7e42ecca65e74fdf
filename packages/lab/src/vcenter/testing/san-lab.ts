import { join } from 'node:path';
import type { NimbleConfigInput } from '../../nimble/config.ts';
import { type Pair, startPair, token } from '../../nimble/testing/start-pair.ts';
import type { VcenterConfigInput } from '../config.ts';
import { startVcenterSimulator, type VcenterSimulator } from '../simulator.ts';
import { VimProbe } from './vim-probe.ts';

const controlToken = 'only-for-tests-0123456789';

export const sanInitiator = 'iqn.1998-01.com.vmware:esxi1';

/** Serial numbers of the volumes `ds1` and `ds2`, which are in one volume collection. */
export const sanSerials = {
  ds1: '0123456789abcdef6c9ce90000000001',
  ds2: '0123456789abcdef6c9ce90000000002',
} as const;

export interface SanLab {
  readonly pair: Pair;
  readonly simulator: VcenterSimulator;
  /** Logged in as administrator. */
  readonly probe: VimProbe;
  close(): Promise<void>;
}

export interface SanLabOptions {
  readonly arrays?: (primary: NimbleConfigInput, secondary: NimbleConfigInput) => void;
  /** Gets a configuration with one host that sees both LUNs, and without datastores and VMs. */
  readonly vcenter: (config: VcenterConfigInput) => VcenterConfigInput;
}

/** A pair of simulated arrays with two LUNs, mapped to one host of a simulated vCenter; all in this process. */
export async function startSanLab({ arrays, vcenter }: SanLabOptions): Promise<SanLab> {
  const pair = await startPair({
    change: (primary, secondary) => {
      primary.hosts = { token };
      for (const volume of primary.volumes ?? [])
        for (const [name, serial] of Object.entries(sanSerials))
          if (volume.name === name) volume.serial = serial;
      arrays?.(primary, secondary);
    },
  });
  try {
    const simulator = await startVcenterSimulator(
      vcenter({
        instanceUuid: '7a3d1c1e-0000-4000-8000-00000000aa02',
        control: { token: controlToken },
        folder: join(pair.folder, 'vcenter'),
        taskMs: { queued: 5, snapshot: 20, other: 5 },
        cbt: { maxAreas: 2000, falsePositiveFraction: 0 },
        accounts: [{ userName: 'admin@lab', password: 'secret' }],
        hosts: [
          {
            name: 'esx1.lab',
            datacenter: 'DC1',
            cluster: 'C1',
            initiatorName: sanInitiator,
            san: [{ port: pair.primary.addresses.hostPort ?? 0, token }],
            pathsDownTimeoutMs: 10_000,
          },
        ],
        datastores: [],
        vms: [],
      }),
    );
    const probe = new VimProbe(simulator, controlToken);
    await probe.login('admin@lab', 'secret');
    const close = async () => {
      await probe.close();
      await simulator.close();
      await pair.close();
    };
    return { pair, simulator, probe, close };
  } catch (error) {
    await pair.close();
    throw error;
  }
}
