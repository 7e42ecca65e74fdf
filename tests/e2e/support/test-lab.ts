import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ControlClient, isRunning, type LabArray, type LabState, labProcesses } from '@leeward/lab';
import { addresses, demoDatacentre } from '@leeward/lab/scenario/demo-datacentre';
import { startSimulator } from '@leeward/lab/scenario/simulator-process';
import { systemClock, systemRandomness } from '@leeward/platform';
import { backupPrivileges } from '@leeward/vsphere';
import { until } from './until.ts';

type Centre = ReturnType<typeof demoDatacentre>;
export type ArrayConfig = Centre['primary'];
export type VcenterConfig = ReturnType<Centre['vcenter']>;

/** What a test changes in the demo's datacentre before it starts. Sizes of the disks follow from `size`. */
export interface TestLabOptions {
  readonly folder: string;
  readonly size: number;
  readonly primary?: (config: ArrayConfig) => ArrayConfig;
  readonly secondary?: (config: ArrayConfig) => ArrayConfig;
  readonly vcenter?: (config: VcenterConfig) => VcenterConfig;
}

export interface TestLab extends LabState {
  /** Control doors: faults, settings, actions. */
  readonly doors: {
    readonly vcenter: ControlClient;
    readonly primary: ControlClient;
    readonly secondary: ControlClient;
  };
  stop(): Promise<void>;
}

/** The account of Leeward may do no more than the role that the documentation asks for. */
function withDocumentedRole(config: VcenterConfig): VcenterConfig {
  const permissions = [{ path: '/', privileges: [...backupPrivileges.root] }];
  return { ...config, accounts: config.accounts.map((account) => ({ ...account, permissions })) };
}

interface ArrayReady {
  readonly restAddress: string;
  readonly restPort: number;
  readonly certificateSha256: string;
  readonly controlPort: number;
  readonly interclusterPort: number;
  readonly dataPorts: readonly { address: string; nfsPort: number; mountPort: number }[];
}

/** The demo's datacentre as processes of its own, changed as the test wants. */
export async function startTestLab(options: TestLabOptions): Promise<TestLab> {
  const { folder, size } = options;
  const same = <T>(config: T) => config;
  const centre = demoDatacentre({ folder, size, randomness: systemRandomness });
  const started: { array: LabArray; ready: ArrayReady }[] = [];
  for (const role of ['primary', 'secondary'] as const) {
    const config = (options[role] ?? same)(centre[role]);
    started.push(await startArray(folder, role, config, centre.passwords[role]));
  }
  const [primary, secondary] = started;
  const [ports] = primary?.ready.dataPorts ?? [];
  if (!primary || !secondary || !ports) throw new Error('the arrays did not start');
  const config = (options.vcenter ?? same)(withDocumentedRole(centre.vcenter(ports)));
  const { pid, ready } = await startSimulator({
    ...{ kind: 'vcenter', name: 'vcenter', config, folder, clock: systemClock },
  });
  const { port, controlPort, fingerprintSha256 } = ready as {
    readonly port: number;
    readonly controlPort: number;
    readonly fingerprintSha256: string;
  };
  const doors = {
    vcenter: new ControlClient({ port: controlPort, token: config.control.token }),
    primary: new ControlClient(primary.array.control),
    secondary: new ControlClient(secondary.array.control),
  };
  await doors.primary.post('/settings', { peerPort: secondary.ready.interclusterPort });
  await doors.secondary.post('/settings', { peerPort: primary.ready.interclusterPort });
  const lab: LabState = {
    folder,
    startedAt: new Date(systemClock.now()).toISOString(),
    vcenter: {
      ...{ name: 'vcenter', pid, host: '127.0.0.1', port, fingerprint: fingerprintSha256 },
      username: 'leeward@vsphere.local',
      passwordFile: await secretFile(folder, 'vcenter', centre.passwords.vcenter),
      control: { port: controlPort, token: config.control.token },
    },
    arrays: [primary.array, secondary.array],
    vms: config.vms.map(({ name, folder: place }) => ({
      name,
      path: `/DC1/vm/${place ? `${place}/` : ''}${name}`,
    })),
  };
  const stop = async () => {
    const pids = labProcesses(lab);
    for (const each of pids.filter(isRunning)) process.kill(each, 'SIGKILL');
    await until('the simulators to end', async () => !pids.some(isRunning));
  };
  return { ...lab, doors, stop };
}

async function startArray(
  folder: string,
  role: 'primary' | 'secondary',
  config: ArrayConfig,
  password: string,
): Promise<{ array: LabArray; ready: ArrayReady }> {
  const { name } = config.cluster;
  const start = { kind: 'ontap', name, config, folder, clock: systemClock } as const;
  const started = await startSimulator(start);
  const ready = started.ready as ArrayReady;
  const ports = ready.dataPorts.map(({ address, nfsPort, mountPort }) => [address, { nfsPort, mountPort }]);
  const nfsPortsFile = join(folder, `${name}.nfs-ports.json`);
  await writeFile(nfsPortsFile, JSON.stringify(Object.fromEntries(ports)));
  const array: LabArray = {
    ...{ name, family: 'ontap', role, pid: started.pid, host: ready.restAddress, port: ready.restPort },
    fingerprint: ready.certificateSha256,
    username: 'leeward',
    passwordFile: await secretFile(folder, name, password),
    nfsPortsFile,
    dataAddress: addresses[role],
    control: { port: ready.controlPort, token: config.control.token },
  };
  return { array, ready };
}

async function secretFile(folder: string, name: string, secret: string): Promise<string> {
  const path = join(folder, `${name}.password`);
  await writeFile(path, `${secret}\n`, { mode: 0o600 });
  return path;
}
