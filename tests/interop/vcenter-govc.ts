import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const govcVersion = 'v0.46.3';

/** Path of govc, installed from the Go module proxy on first use; undefined where that is not possible. */
export function findGovc(): string | undefined {
  const folder = process.env['LEEWARD_JUDGES'] ?? join(tmpdir(), 'leeward-judges');
  const program = join(folder, 'govc');
  const works = () => spawnSync(program, ['version'], { encoding: 'utf8' }).stdout?.includes('govc');
  if (works()) return program;
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, GOBIN: folder, PATH: `${process.env['PATH']}:/usr/local/go/bin` };
  spawnSync('go', ['install', `github.com/vmware/govmomi/govc@${govcVersion}`], { env, timeout: 280_000 });
  return works() ? program : undefined;
}

/** Runs govc against a simulated vCenter. Never blocks this process: the simulator runs in it. */
export function govcAgainst(program: string, port: number): (...args: string[]) => Promise<string> {
  return async (...args) => {
    const { stdout } = await promisify(execFile)(program, args, {
      timeout: 60_000,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      env: {
        ...process.env,
        GOVC_URL: `https://127.0.0.1:${port}/sdk`,
        GOVC_USERNAME: 'admin@lab',
        GOVC_PASSWORD: 'secret',
        GOVC_INSECURE: '1',
        GOVC_DATACENTER: 'DC1',
        GOVC_PERSIST_SESSION: 'false',
      },
    });
    return stdout;
  };
}
