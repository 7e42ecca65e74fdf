import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { OntapConfigInput } from '@leeward/lab/ontap/config';
import type { SimulatorAddresses } from '@leeward/lab/ontap/simulator';
import { primaryConfig, secondaryConfig, token } from '@leeward/lab/ontap/testing/start-pair';

const mainModule = fileURLToPath(new URL('../../packages/lab/src/ontap/main.ts', import.meta.url));

/** One cluster as a process of its own, as the lab runs it. */
export class ClusterProcess {
  readonly #child: ChildProcess;
  readonly addresses: SimulatorAddresses;

  private constructor(child: ChildProcess, addresses: SimulatorAddresses) {
    this.#child = child;
    this.addresses = addresses;
  }

  static async start(folder: string, config: OntapConfigInput): Promise<ClusterProcess> {
    const path = join(folder, `${config.cluster.name}.json`);
    await writeFile(path, JSON.stringify(config));
    const child = spawn(
      process.execPath,
      ['--conditions=source', '--disable-warning=ExperimentalWarning', mainModule, path],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    for await (const line of createInterface({ input: child.stdout }))
      return new ClusterProcess(child, JSON.parse(line));
    throw new Error(`the process of ${config.cluster.name} ended with ${child.exitCode}`);
  }

  async control(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`http://127.0.0.1:${this.addresses.controlPort}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }

  /** The exit code. */
  stop(): Promise<number | null> {
    return new Promise((resolve) => {
      this.#child.once('exit', (code) => resolve(code));
      this.#child.kill('SIGTERM');
    });
  }
}

export interface ProcessPair {
  readonly folder: string;
  readonly primary: ClusterProcess;
  readonly secondary: ClusterProcess;
  stop(): Promise<(number | null)[]>;
}

/** Both clusters as processes, peered, their configs changed first; the baseline may still be under way. */
export async function startProcessPair(
  policies: readonly string[],
  change: (primary: OntapConfigInput, secondary: OntapConfigInput) => void = () => undefined,
): Promise<ProcessPair> {
  const folder = await mkdtemp(join(tmpdir(), 'ontap-processes-'));
  const configs = [primaryConfig(folder), secondaryConfig(folder, policies)] as const;
  change(...configs);
  const primary = await ClusterProcess.start(folder, configs[0]);
  const secondary = await ClusterProcess.start(folder, configs[1]);
  await primary.control('POST', '/settings', { peerPort: secondary.addresses.interclusterPort });
  await secondary.control('POST', '/settings', { peerPort: primary.addresses.interclusterPort });
  const stop = async () => {
    const codes = await Promise.all([primary.stop(), secondary.stop()]);
    await rm(folder, { recursive: true, force: true });
    return codes;
  };
  return { folder, primary, secondary, stop };
}

/** Waits until all relations have their baseline. */
export async function relationsReady(secondary: ClusterProcess): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    const { relations } = await secondary.control('GET', '/state');
    if (Array.isArray(relations) && relations.every((one) => one.state === 'snapmirrored')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('no baseline');
}
