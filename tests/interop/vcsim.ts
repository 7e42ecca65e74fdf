// Starts govmomi's vCenter simulator as a judge.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fetchFingerprint } from '@leeward/platform';
import { vi } from 'vitest';

export interface Vcsim {
  readonly port: number;
  /** A folder for the test's own files; removed with it. */
  readonly home: string;
  /** Runs govc against it and returns what it prints. */
  govc(...args: readonly string[]): string;
  stop(): void;
}

/** The port that the system gave it. A port chosen beforehand could be another test's by the time it listens. */
async function listeningPort(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('vcsim has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /GOVC_URL=https?:\/\/\S*:(\d+)\//.exec(line)?.[1];
    if (port) return Number(port);
  }
  throw new Error('vcsim ended without a port');
}

/**
 * vcsim on a port of its own, user `somebody` with the password `right`.
 *
 * @param folder where the programs vcsim and govc are
 * @param args vcsim's further options
 */
export async function startVcsim(folder: string, ...args: readonly string[]): Promise<Vcsim> {
  const home = mkdtempSync(join(tmpdir(), 'leeward-vcsim-'));
  const options = ['-l', '127.0.0.1:0', '-username', 'somebody', '-password', 'right', ...args];
  const child = spawn(join(folder, 'vcsim'), options, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, TMPDIR: home },
  });
  const stop = () => {
    child.kill();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const port = await listeningPort(child);
    child.stdout.resume();
    await vi.waitFor(() => fetchFingerprint('127.0.0.1', port), { timeout: 60_000, interval: 200 });
    const env = {
      ...process.env,
      GOVC_URL: `https://somebody:right@127.0.0.1:${port}/sdk`,
      GOVC_INSECURE: '1',
      GOVMOMI_HOME: home,
    };
    const govc = (...words: readonly string[]) =>
      execFileSync(join(folder, 'govc'), words, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return { port, home, govc, stop };
  } catch (error) {
    stop();
    throw error;
  }
}
