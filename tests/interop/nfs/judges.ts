import { execFile, execFileSync } from 'node:child_process';

export interface Finished {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program without blocking: our server may live in this very process. */
export function run(program: string, args: readonly string[]): Promise<Finished> {
  return new Promise((resolve) => {
    const options = { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024, timeout: 120_000 } as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
      resolve({ code, stdout, stderr: stderr.toString() });
    });
  });
}

/** Whether a program is there. */
export function isInstalled(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The Debian version of a package, for the line that names the judge. */
export function packageVersion(name: string): string {
  try {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a format of dpkg-query
    return execFileSync('dpkg-query', ['-W', '-f=${Version}', name], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return 'of unknown version';
  }
}
