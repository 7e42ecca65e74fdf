import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Measured {
  readonly wallS: number;
  readonly cpuS: number;
  readonly peakMib: number;
  readonly stdout: string;
}

const clockTicks = 100;
const pollMs = 20;

/** Runs a program and looks at it in /proc until it ends; the same way for every tool. Throws when it fails. */
export function measure(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const seen = { cpuS: 0, peakMib: 0 };
    const timer = setInterval(() => look(child.pid ?? 0, seen), pollMs);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      const wallS = (performance.now() - started) / 1000;
      if (code === 0) resolve({ wallS, ...seen, stdout });
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${stderr}`));
    });
  });
}

function look(pid: number, seen: { cpuS: number; peakMib: number }): void {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    if (ticks > 0) seen.cpuS = ticks / clockTicks;
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    if (peak) seen.peakMib = Number(peak) / 1024;
  } catch {
    // The program has just ended.
  }
}

export function folderBytes(path: string): number {
  let bytes = 0;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const below = join(path, entry.name);
    bytes += entry.isDirectory() ? folderBytes(below) : statSync(below).size;
  }
  return bytes;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
