import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bounded, type Clock, isoTime, LeewardError, type Randomness } from '@leeward/core';
import { writeFileDurably } from '@leeward/platform';
import { makeFolders } from '@leeward/platform/files/make-folders';
import { z } from 'zod';
import { cascadeDatacentre } from './cascade-datacentre.ts';
import { ControlClient } from './control-client.ts';
import { type ArrayReady, arrayReadySchema, type Datacentre, type RunningArray } from './datacentre.ts';
import { fullDatacentre } from './full-datacentre.ts';
import { type LabArray, type LabState, labStatePath, readLabState } from './lab-state.ts';
import { nfsDatacentre } from './nfs-datacentre.ts';
import { isRunning, startSimulator } from './simulator-process.ts';
import { spreadDatacentre } from './spread-datacentre.ts';
import { syncDatacentre } from './sync-datacentre.ts';

const scenarios = {
  nfs: nfsDatacentre,
  full: fullDatacentre,
  spread: spreadDatacentre,
  sync: syncDatacentre,
  cascade: cascadeDatacentre,
} as const;
export type Scenario = keyof typeof scenarios;

export interface LabOptions {
  /** Holds everything of the lab; made where missing. */
  readonly folder: string;
  /** 1: about 3 GiB provisioned, 1 GiB of real data. */
  readonly size: number;
  /** `nfs` (the default): see `nfsDatacentre`; `full`: `fullDatacentre`; `spread`, `sync`, `cascade`: likewise. */
  readonly scenario?: Scenario | undefined;
  /** Alters what is about to be started: configurations of arrays and vCenter. */
  readonly change?: ((centre: Datacentre) => Datacentre) | undefined;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Told what is being done. */
  readonly onNote: (text: string) => void;
}

const vcenterReadySchema = z.object({
  port: z.number().int(),
  controlPort: z.number().int(),
  fingerprintSha256: z.string(),
});

const baselineTimeoutMs = 30 * 60_000;
const pollMs = 50;
const killAfterMs = 10_000;

/** Starts the simulated datacentre: arrays and a vCenter, each a process of its own. Throws `L-CFG-212`, `LabRunning`. */
export async function startLab(options: LabOptions): Promise<LabState> {
  const { folder } = options;
  const running = await readLabState(folder).catch(unusable(folder));
  if (running && labProcesses(running).some(isRunning)) throw new LabRunning(folder);
  await emptyFolder(folder).catch(unusable(folder));
  const planned = scenarios[options.scenario ?? 'nfs'](options);
  const centre = options.change?.(planned) ?? planned;
  const pids: number[] = [];
  try {
    const state = await startAll(centre, options, (pid) => pids.push(pid));
    await writeFileDurably(labStatePath(folder), JSON.stringify(state, null, 2), { mode: 0o600 });
    return state;
  } catch (error) {
    for (const pid of pids) endProcess(pid);
    throw error;
  }
}

async function startAll(
  centre: Datacentre,
  { folder, clock, onNote }: LabOptions,
  onStarted: (pid: number) => void,
): Promise<LabState> {
  const start = async (kind: 'ontap' | 'nimble' | 'vcenter', name: string, config: object) => {
    onNote(`starting ${name}`);
    const started = await startSimulator({ kind, name, config, folder, clock });
    onStarted(started.pid);
    return started;
  };
  const running = new Map<string, RunningArray>();
  const started = await Promise.allSettled(
    centre.arrays.map(async (planned): Promise<LabArray> => {
      const { name, family, role, config, password, dataAddress } = planned;
      const { pid, ready } = await start(family, name, config);
      const seen = arrayReadySchema.parse(ready);
      const control = { port: seen.controlPort, token: config.control.token };
      running.set(name, { ready: seen, control: new ControlClient(control) });
      return {
        ...{ name, family, role, pid, host: seen.restAddress, port: seen.restPort },
        fingerprint: seen.certificateSha256,
        username: 'leeward',
        passwordFile: await secretFile(folder, `${name}.password`, password),
        ...(await portFiles(folder, name, seen)),
        dataAddress,
        control,
      };
    }),
  );
  const arrays = started.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  const runningArray = (name: string) => {
    const array = running.get(name);
    if (!array) throw new Error(`array ${name} does not run`);
    return array;
  };
  const vcenterConfig = centre.vcenter(runningArray);
  const { pid, ready } = await start('vcenter', 'vcenter', vcenterConfig);
  const seen = vcenterReadySchema.parse(ready);
  onNote('connecting the arrays; the first full transfers run');
  await bounded(clock, { name: 'the first full transfers', timeoutMs: baselineTimeoutMs }, (signal) =>
    centre.connect(runningArray, clock, signal),
  );
  return {
    folder,
    startedAt: isoTime(clock.now()),
    vcenter: {
      name: 'vcenter',
      pid,
      host: '127.0.0.1',
      port: seen.port,
      fingerprint: seen.fingerprintSha256,
      username: 'leeward@vsphere.local',
      passwordFile: await secretFile(folder, 'vcenter.password', centre.vcenterPassword),
      control: { port: seen.controlPort, token: vcenterConfig.control.token },
    },
    arrays,
    vms: vcenterConfig.vms.map(({ name }) => ({ name, path: `/DC1/vm/${name}` })),
  };
}

/** A lab is running in the folder already. */
export class LabRunning extends Error {
  readonly folder: string;

  constructor(folder: string) {
    super(`a lab is running in ${folder}`);
    this.name = 'LabRunning';
    this.folder = folder;
  }
}

/**
 * Ends the simulators of a lab and waits for them, the vCenter first: its hosts would wait for arrays that are gone. A
 * lab that is not there is success.
 */
export async function stopLab(folder: string, clock: Clock): Promise<void> {
  const state = await readLabState(folder);
  if (!state) return;
  await endAll([state.vcenter.pid], clock);
  await endAll(labProcesses(state), clock);
  await rm(labStatePath(folder), { force: true });
}

async function endAll(pids: readonly number[], clock: Clock): Promise<void> {
  for (const pid of pids) endProcess(pid);
  for (let waitedMs = 0; pids.some(isRunning); waitedMs += pollMs) {
    if (waitedMs > killAfterMs) for (const pid of pids) endProcess(pid, 'SIGKILL');
    await clock.sleep(pollMs);
  }
}

export function labProcesses({ vcenter, arrays }: LabState): number[] {
  return [vcenter.pid, ...arrays.map(({ pid }) => pid)];
}

function endProcess(pid: number, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): void {
  if (isRunning(pid)) process.kill(pid, signal);
}

async function emptyFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await makeFolders(folder, { mode: 0o700 });
}

/** What the file system refuses is said of the folder. */
function unusable(folder: string): (error: unknown) => never {
  return (error) => {
    const isOfSystem = error instanceof Error && 'syscall' in error;
    throw isOfSystem ? new LeewardError('L-CFG-212', { folder, reason: error.message }, error) : error;
  };
}

async function secretFile(folder: string, name: string, secret: string): Promise<string> {
  const path = join(folder, name);
  await writeFileDurably(path, `${secret}\n`, { mode: 0o600 });
  return path;
}

/** Real systems use the standard ports; these do not, so that they need no privilege. */
async function portFiles(
  folder: string,
  name: string,
  { dataPorts, iscsiPortals, portals }: ArrayReady,
): Promise<Pick<LabArray, 'nfsPortsFile' | 'iscsiPortsFile'>> {
  const nfs = dataPorts.map(({ address, nfsPort, mountPort }) => [address, { nfsPort, mountPort }] as const);
  const iscsi = [...iscsiPortals, ...portals].map(({ address, port }) => [address, port] as const);
  const write = async (kind: string, byAddress: readonly (readonly [string, unknown])[]) => {
    const path = join(folder, `${name}.${kind}-ports.json`);
    await writeFileDurably(path, JSON.stringify(Object.fromEntries(byAddress)));
    return path;
  };
  return {
    ...(nfs.length > 0 ? { nfsPortsFile: await write('nfs', nfs) } : {}),
    ...(iscsi.length > 0 ? { iscsiPortsFile: await write('iscsi', iscsi) } : {}),
  };
}
