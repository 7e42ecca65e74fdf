import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface ProxyMemory {
  readonly peakMib: number;
  /** Bytes of all disks that the proxy had to do with. */
  readonly provisionedBytes: number;
}

const pollMs = 100;

/**
 * Runs the demo, backups and restores through the real server, and looks at the peak of its proxy process in /proc.
 * Resolves when the demo has held; rejects when it has not.
 */
export function proxyMemory(reportPath: string): Promise<ProxyMemory> {
  const script = fileURLToPath(new URL('../scripts/run.mjs', import.meta.url));
  return new Promise((resolve, reject) => {
    const demo = spawn(process.execPath, [script, 'demo', '--json', reportPath], { stdio: 'ignore' });
    let peakMib = 0;
    const timer = setInterval(() => {
      for (const pid of below(demo.pid ?? 0).filter(isProxy)) peakMib = Math.max(peakMib, peakOf(pid));
    }, pollMs);
    demo.on('error', reject);
    demo.on('close', (code) => {
      clearInterval(timer);
      if (code !== 0) return reject(new Error(`the demo ended with ${code}`));
      const report: { runs: { vms: { bytesProvisioned: number }[] }[] } = JSON.parse(
        readFileSync(reportPath, 'utf8'),
      );
      const vms = report.runs[0]?.vms ?? [];
      resolve({ peakMib, provisionedBytes: vms.reduce((sum, vm) => sum + vm.bytesProvisioned, 0) });
    });
  });
}

/** All processes that the given one started, at any depth. */
function below(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = /\) . (\d+)/.exec(text(`/proc/${name}/stat`))?.[1];
    if (parent) parents.set(Number(name), Number(parent));
  }
  const isBelow = (child: number): boolean => {
    const parent = parents.get(child);
    return parent !== undefined && (parent === pid || isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow);
}

function isProxy(pid: number): boolean {
  return text(`/proc/${pid}/cmdline`).includes('proxy-main');
}

function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(text(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

/** Empty when the process has just ended. */
function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
