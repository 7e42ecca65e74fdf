import { spawn } from 'node:child_process';

export interface Run {
  readonly wallS: number;
  /** User and system time of the program. */
  readonly cpuS: number;
  readonly stdout: string;
}

/**
 * Runs a program to its end and takes its times from the shell that waited for it, exact to the millisecond. Its
 * output is kept, or thrown away at once (`quiet`). Throws when it fails.
 */
export function runTimed(command: readonly string[], quiet = false): Promise<Run> {
  const script = `TIMEFORMAT='times %3R %3U %3S'; time "$@"${quiet ? ' >/dev/null' : ''}`;
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script, 'bash', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      const times = /times ([\d.]+) ([\d.]+) ([\d.]+)\s*$/.exec(stderr);
      if (code !== 0 || !times)
        return reject(new Error(`${command.join(' ')} ended with ${code}: ${stderr}`));
      const [wallS = 0, userS = 0, systemS = 0] = times.slice(1).map(Number);
      resolve({ wallS, cpuS: userS + systemS, stdout });
    });
  });
}
