import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../free-port.ts';

/** A tgtd of our own: a foreign iSCSI target. */
export interface Tgtd {
  readonly port: number;
  /** `tgtadm` with the iSCSI driver; throws what it says when it fails. */
  admin(...args: string[]): void;
  /** A target with one disk, LUN 1, open to all initiators. */
  addTarget(id: number, name: string, image: string): void;
  /** Kills it and starts it again at the same port, without any target. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** `environment` is added to that of this process. */
export async function startTgtd(environment: NodeJS.ProcessEnv = {}): Promise<Tgtd> {
  const port = await freePort();
  const control = String(1000 + (port % 30_000));
  let running: ChildProcess | undefined;

  const admin = (...args: string[]) => {
    execFileSync('tgtadm', ['-C', control, '--lld', 'iscsi', ...args], { stdio: 'pipe' });
  };
  const start = async () => {
    running = spawn('tgtd', ['-f', '-C', control, '--iscsi', `portal=127.0.0.1:${port}`], {
      stdio: 'ignore',
      env: { ...process.env, ...environment },
    });
    for (let tries = 0; ; tries++) {
      try {
        admin('--op', 'show', '--mode', 'target');
        return;
      } catch (error) {
        if (tries > 100 || running.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  // It takes SIGTERM for no answer as long as it has targets.
  const stop = async () => {
    const child = running;
    running = undefined;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  await start();
  return {
    port,
    admin,
    addTarget: (id, name, image) => {
      const target = ['--tid', String(id)];
      admin('--op', 'new', '--mode', 'target', ...target, '-T', name);
      admin('--op', 'new', '--mode', 'logicalunit', ...target, '--lun', '1', '-b', image);
      admin('--op', 'bind', '--mode', 'target', ...target, '-I', 'ALL');
    },
    restart: async () => {
      await stop();
      await start();
    },
    stop,
  };
}
