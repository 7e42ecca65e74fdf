import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { NimbleConfigInput } from '@leeward/lab/nimble/config';
import type { SimulatorAddresses } from '@leeward/lab/nimble/simulator';
import { control } from '@leeward/lab/nimble/testing/control-caller';
import { primaryConfig, secondaryConfig } from '@leeward/lab/nimble/testing/start-pair';

const mainModule = fileURLToPath(new URL('../../packages/lab/src/nimble/main.ts', import.meta.url));

/** One group as a process of its own, as the lab runs it. */
export class GroupProcess {
  readonly #child: ChildProcess;
  readonly addresses: SimulatorAddresses;

  private constructor(child: ChildProcess, addresses: SimulatorAddresses) {
    this.#child = child;
    this.addresses = addresses;
  }

  static async start(folder: string, config: NimbleConfigInput): Promise<GroupProcess> {
    const path = join(folder, `${config.group.name}.json`);
    await writeFile(path, JSON.stringify(config));
    const options = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
    const child = spawn(process.execPath, [...options, mainModule, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout }))
      return new GroupProcess(child, JSON.parse(line));
    throw new Error(`the process of ${config.group.name} ended with ${child.exitCode}`);
  }

  control(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    return control(this.addresses, method, path, body);
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
  readonly primary: GroupProcess;
  readonly secondary: GroupProcess;
  stop(): Promise<(number | null)[]>;
}

/** Both groups as processes, partners of each other; `change` sees their configurations before they start. */
export async function startProcessPair(
  change?: (primary: NimbleConfigInput, secondary: NimbleConfigInput) => void,
): Promise<ProcessPair> {
  const folder = await mkdtemp(join(tmpdir(), 'nimble-processes-'));
  const configs = [primaryConfig(folder), secondaryConfig(folder)] as const;
  change?.(...configs);
  const primary = await GroupProcess.start(folder, configs[0]);
  const secondary = await GroupProcess.start(folder, configs[1]);
  const ports = (port: number, name: string) => ({ partnerPorts: { [name]: port } });
  await primary.control('POST', '/settings', ports(secondary.addresses.replicationPort, 'grp-dr'));
  await secondary.control('POST', '/settings', ports(primary.addresses.replicationPort, 'grp-prod'));
  const stop = async () => {
    const codes = await Promise.all([primary.stop(), secondary.stop()]);
    await rm(folder, { recursive: true, force: true });
    return codes;
  };
  return { folder, primary, secondary, stop };
}
