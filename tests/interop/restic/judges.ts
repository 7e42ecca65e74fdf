import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The newest release when this was written; the module proxy's `latest` is older than the repository format. */
const newest = 'v0.18.1';
const buildMs = 15 * 60_000;

/** A stock restic to judge with. */
export interface Restic {
  readonly version: string;
  /** Runs it on a repository; throws with its output when it fails. Returns stdout. */
  run(repository: string, password: string, ...args: string[]): string;
  /** Exit code and everything it said. */
  attempt(repository: string, password: string, ...args: string[]): { code: number; output: string };
}

/** Every restic of this machine that knows format version 2: the system's and the newest, built once by Go. */
export function resticJudges(): Restic[] {
  const judges = [judgeAt('restic'), judgeAt(builtRestic())].filter((judge) => judge !== undefined);
  if (judges.length === 0) console.log('judge: restic absent');
  for (const { version } of judges) console.log(`judge: restic ${version} ran`);
  return judges;
}

function judgeAt(program: string | undefined): Restic | undefined {
  if (!program) return undefined;
  const answer = spawnSync(program, ['version'], { encoding: 'utf8' });
  const version = /restic (\d+\.\d+\.\d+)/.exec(answer.stdout ?? '')?.[1];
  if (!version) return undefined;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === 0 && minor < 14) {
    console.log(`judge: restic ${version} absent (knows no format version 2)`);
    return undefined;
  }
  const attempt = (repository: string, password: string, ...args: string[]) => {
    const env = { ...process.env, RESTIC_PASSWORD: password, RESTIC_CACHE_DIR: `${repository}-cache` };
    const run = spawnSync(program, ['-r', repository, ...args], {
      encoding: 'utf8',
      env,
      maxBuffer: 2 ** 28,
    });
    return { code: run.status ?? -1, output: `${run.stdout}${run.stderr}`, stdout: run.stdout };
  };
  return {
    version,
    attempt,
    run(repository, password, ...args) {
      const { code, output, stdout } = attempt(repository, password, ...args);
      if (code !== 0) throw new Error(`restic ${args.join(' ')} ended with ${code}:\n${output}`);
      return stdout;
    },
  };
}

function builtRestic(): string | undefined {
  const folder = join(
    process.env['LEEWARD_JUDGES'] ?? join(tmpdir(), 'leeward-judges'),
    `restic-${newest.slice(1)}`,
  );
  const program = join(folder, 'restic');
  if (existsSync(program)) return program;
  try {
    mkdirSync(folder, { recursive: true });
    const env = { ...process.env, GOBIN: folder };
    const source = `github.com/restic/restic/cmd/restic@${newest}`;
    execFileSync('go', ['install', source], { env, timeout: buildMs, stdio: 'pipe' });
    return program;
  } catch (error) {
    console.log(
      `judge: restic ${newest} absent (cannot be built: ${error instanceof Error ? error.message : error})`,
    );
    return undefined;
  }
}

export function qemuImg(): ((...args: string[]) => string) | undefined {
  const answer = spawnSync('qemu-img', ['--version'], { encoding: 'utf8' });
  const version = /version (\S+)/.exec(answer.stdout ?? '')?.[1];
  console.log(version ? `judge: qemu-img ${version} ran` : 'judge: qemu-img absent');
  return version ? (...args) => execFileSync('qemu-img', args, { encoding: 'utf8' }) : undefined;
}
