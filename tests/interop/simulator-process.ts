import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A simulated array as a process of its own, as the lab runs it; `A`: what it says when it is ready. */
export class SimulatorProcess<A extends { readonly controlPort: number }> {
  readonly #child: ChildProcess;
  readonly #token: string;
  readonly addresses: A;

  private constructor(child: ChildProcess, token: string, addresses: A) {
    this.#child = child;
    this.#token = token;
    this.addresses = addresses;
  }

  static async start<A extends { readonly controlPort: number }>(
    family: 'ontap' | 'nimble',
    path: string,
    config: object,
    token: string,
  ): Promise<SimulatorProcess<A>> {
    await writeFile(path, JSON.stringify(config));
    const main = fileURLToPath(new URL(`../../packages/lab/src/${family}/main.ts`, import.meta.url));
    const options = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
    const child = spawn(process.execPath, [...options, main, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout }))
      return new SimulatorProcess<A>(child, token, JSON.parse(line));
    throw new Error(`the process of ${path} ended with ${child.exitCode}`);
  }

  async control(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`http://127.0.0.1:${this.addresses.controlPort}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}` },
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

/** Two of them that work together, and the folder that goes with them. */
export interface ProcessPair<A extends { readonly controlPort: number }> {
  readonly folder: string;
  readonly primary: SimulatorProcess<A>;
  readonly secondary: SimulatorProcess<A>;
  stop(): Promise<(number | null)[]>;
}

export async function pairOf<A extends { readonly controlPort: number }>(
  name: string,
  start: (folder: string) => Promise<readonly [SimulatorProcess<A>, SimulatorProcess<A>]>,
): Promise<ProcessPair<A>> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-processes-`));
  const [primary, secondary] = await start(folder);
  const stop = async () => {
    const codes = await Promise.all([primary.stop(), secondary.stop()]);
    await rm(folder, { recursive: true, force: true });
    return codes;
  };
  return { folder, primary, secondary, stop };
}
