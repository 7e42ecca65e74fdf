import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bounded, type Clock, isoTime, type Randomness } from '@leeward/core';
import { writeFileDurably } from '@leeward/platform';
import { z } from 'zod';
import { ControlClient } from './control-client.ts';
import { addresses, demoDatacentre } from './demo-datacentre.ts';
import { type LabArray, type LabState, labStatePath, readLabState } from './lab-state.ts';
import { isRunning, startSimulator } from './simulator-process.ts';

export interface LabOptions {
  /** Holds everything of the lab; made where missing. */
  readonly folder: string;
  /** 1: about 3 GiB provisioned, 1 GiB of real data. */
  readonly size: number;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Told what is being done. */
  readonly onNote: (text: string) => void;
}

const arrayReadySchema = z.object({
  restAddress: z.string(),
  restPort: z.number().int(),
  certificateSha256: z.string(),
  controlPort: z.number().int(),
  interclusterPort: z.number().int(),
  dataPorts: z
    .array(z.object({ address: z.string(), nfsPort: z.number().int(), mountPort: z.number().int() }))
    .min(1),
});

const vcenterReadySchema = z.object({
  port: z.number().int(),
  controlPort: z.number().int(),
  fingerprintSha256: z.string(),
});

const baselineTimeoutMs = 30 * 60_000;

/** Starts the simulated datacentre: two arrays and a vCenter, each a process of its own. */
export async function startLab(options: LabOptions): Promise<LabState> {
  const { folder, clock, onNote } = options;
  const running = await readLabState(folder);
  if (running && labProcesses(running).some(isRunning)) throw new LabRunning(folder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const centre = demoDatacentre(options);
  const pids: number[] = [];
  const start = async (kind: 'ontap' | 'vcenter', name: string, config: object) => {
    onNote(`starting ${name}`);
    const started = await startSimulator({ kind, name, config, folder, clock });
    pids.push(started.pid);
    return started;
  };
  try {
    const arrays: LabArray[] = [];
    const links = new Map<string, number>();
    const dataPorts = new Map<string, Ports[number]>();
    for (const role of ['primary', 'secondary'] as const) {
      const config = centre[role];
      const { name } = config.cluster;
      const { pid, ready } = await start('ontap', name, config);
      const seen = arrayReadySchema.parse(ready);
      links.set(role, seen.interclusterPort);
      for (const port of seen.dataPorts) dataPorts.set(role, port);
      arrays.push({
        name,
        family: 'ontap',
        role,
        pid,
        host: seen.restAddress,
        port: seen.restPort,
        fingerprint: seen.certificateSha256,
        username: 'leeward',
        passwordFile: await secretFile(folder, `${name}.password`, centre.passwords[role]),
        nfsPortsFile: await portsFile(folder, name, seen.dataPorts),
        dataAddress: addresses[role],
        control: { port: seen.controlPort, token: config.control.token },
      });
    }
    const [primary, secondary] = arrays;
    const ports = dataPorts.get('primary');
    if (!primary || !secondary || !ports) throw new Error('the arrays did not start');
    const vcenterConfig = centre.vcenter(ports);
    const { pid, ready } = await start('vcenter', 'vcenter', vcenterConfig);
    const seen = vcenterReadySchema.parse(ready);
    onNote('connecting the arrays; the first full transfers run');
    await new ControlClient(primary.control).post('/settings', { peerPort: links.get('secondary') });
    await new ControlClient(secondary.control).post('/settings', { peerPort: links.get('primary') });
    await bounded(clock, { name: 'the first full transfers', timeoutMs: baselineTimeoutMs }, (signal) =>
      untilReplicated(new ControlClient(secondary.control), clock, signal),
    );
    const state: LabState = {
      folder,
      startedAt: isoTime(clock.now()),
      vcenter: {
        name: 'vcenter',
        pid,
        host: '127.0.0.1',
        port: seen.port,
        fingerprint: seen.fingerprintSha256,
        username: 'leeward@vsphere.local',
        passwordFile: await secretFile(folder, 'vcenter.password', centre.passwords.vcenter),
        control: { port: seen.controlPort, token: vcenterConfig.control.token },
      },
      arrays,
      vms: vcenterConfig.vms.map(({ name }) => ({ name, path: `/DC1/vm/${name}` })),
    };
    await writeFileDurably(labStatePath(folder), JSON.stringify(state, null, 2), { mode: 0o600 });
    return state;
  } catch (error) {
    for (const pid of pids) endProcess(pid);
    throw error;
  }
}

async function untilReplicated(control: ControlClient, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { setup } = z.looseObject({ setup: z.string() }).parse(await control.get('/state'));
    if (setup === 'ready') return;
    if (setup !== 'pending') throw new Error(`the first full transfers ${setup}`);
    await clock.sleep(100, signal);
  }
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

/** Ends the simulators of a lab and waits for them; a lab that is not there is success. */
export async function stopLab(folder: string, clock: Clock): Promise<void> {
  const state = await readLabState(folder);
  if (!state) return;
  const pids = labProcesses(state);
  for (const pid of pids) endProcess(pid);
  for (let waitedMs = 0; pids.some(isRunning); waitedMs += 100) {
    if (waitedMs > 10_000) for (const pid of pids) endProcess(pid, 'SIGKILL');
    await clock.sleep(100);
  }
  await rm(labStatePath(folder), { force: true });
}

export function labProcesses({ vcenter, arrays }: LabState): number[] {
  return [vcenter.pid, ...arrays.map(({ pid }) => pid)];
}

function endProcess(pid: number, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): void {
  if (isRunning(pid)) process.kill(pid, signal);
}

async function secretFile(folder: string, name: string, secret: string): Promise<string> {
  const path = join(folder, name);
  await writeFileDurably(path, `${secret}\n`, { mode: 0o600 });
  return path;
}

type Ports = z.infer<typeof arrayReadySchema>['dataPorts'];

async function portsFile(folder: string, name: string, ports: Ports): Promise<string> {
  const path = join(folder, `${name}.nfs-ports.json`);
  const byAddress = ports.map(({ address, nfsPort, mountPort }) => [address, { nfsPort, mountPort }]);
  await writeFileDurably(path, JSON.stringify(Object.fromEntries(byAddress)));
  return path;
}
