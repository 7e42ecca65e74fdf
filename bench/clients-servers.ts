import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startTgtd, type Tgtd } from '../tests/interop/iscsi/tgtd.ts';
import { nodeCommand } from './clients-contest.ts';
import { foreignTarget } from './clients-places.ts';
import type { Served } from './clients-serve.ts';

export interface OwnServers extends Served {
  /** Starts a client where it sees the servers. */
  readonly prefix: readonly string[];
  /** Whether NFS and the port mapper are where qemu-img looks for them. */
  readonly hasStandardPorts: boolean;
  stop(): Promise<void>;
}

/** Our target and NFS server; in a network of their own where this machine allows it. */
export async function startOwnServers(image: string, ownNetwork: boolean): Promise<OwnServers> {
  const script = fileURLToPath(new URL('clients-serve.ts', import.meta.url));
  const serve = [...nodeCommand, script, image];
  const [program = '', ...args] = ownNetwork ? ['unshare', '-n', ...serve, '--own-network'] : serve;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const served: Served = JSON.parse(await firstLine(child));
  return {
    ...served,
    prefix: ownNetwork ? ['nsenter', '-t', String(child.pid), '-n'] : [],
    hasStandardPorts: ownNetwork,
    stop: async () => {
      child.stdin?.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout) for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('the servers did not start');
}

/**
 * tgt takes memory for each answer and frees it. By default the C library gives that back to the kernel, more often in
 * one process of tgt than in the next, and the page faults are up to half of what a GiB costs tgt: what is measured then
 * is its luck. Here the library keeps what was freed, for whichever client reads.
 */
const keepsFreedMemory = {
  MALLOC_MMAP_THRESHOLD_: String(32 * 2 ** 20),
  MALLOC_TRIM_THRESHOLD_: String(128 * 2 ** 20),
};

export interface ForeignTarget {
  readonly port: number;
  /** Of the other controllers. */
  readonly otherPorts: readonly number[];
  stop(): Promise<void>;
}

/** One target with one LUN. Each controller is a tgt of its own with a portal of its own, as those of an array are. */
export async function startForeignTarget(image: string, controllers: number): Promise<ForeignTarget> {
  const all: Tgtd[] = [];
  const stop = async () => {
    await Promise.all(all.map((tgtd) => tgtd.stop()));
  };
  try {
    while (all.length < controllers) {
      const tgtd = await startTgtd(keepsFreedMemory);
      all.push(tgtd);
      tgtd.addTarget(1, foreignTarget.name, image);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const [port = 0, ...otherPorts] = all.map((tgtd) => tgtd.port);
  return { port, otherPorts, stop };
}

export interface Ganesha {
  readonly nfsPort: number;
  readonly mountPort: number;
  stop(): Promise<void>;
}

/** nfs-ganesha with two exports: of `large`, READs of 1 MiB; of `small`, of 64 KiB. Needs root. */
export async function startGanesha(
  work: string,
  folders: { readonly large: string; readonly small: string },
): Promise<Ganesha> {
  const rpcbind = (await answers(111)) ? undefined : spawn('rpcbind', ['-f'], { stdio: 'ignore' });
  await until(() => answers(111), 'rpcbind');
  const [nfsPort, mountPort] = [await freePort(), await freePort()];
  const configuration = join(work, 'ganesha.conf');
  const offered = 'Access_Type=RO; FSAL { Name=VFS; }';
  writeFileSync(
    configuration,
    `NFS_CORE_PARAM { NFS_Port=${nfsPort}; MNT_Port=${mountPort}; NFS_Protocols=3; Enable_UDP=false;
  Enable_NLM=false; Enable_RQUOTA=false; Bind_addr=127.0.0.1; }
EXPORT_DEFAULTS { Squash=No_Root_Squash; SecType=sys; Protocols=3; Transports=TCP; }
EXPORT { Export_Id=1; Path=${folders.large}; Pseudo=/large; MaxRead=1048576; PrefRead=1048576; ${offered} }
EXPORT { Export_Id=2; Path=${folders.small}; Pseudo=/small; MaxRead=65536; PrefRead=65536; ${offered} }
`,
  );
  const log = join(work, 'ganesha.log');
  const args = ['-F', '-f', configuration, '-L', log, '-p', join(work, 'ganesha.pid'), '-N', 'EVENT'];
  const child = spawn('ganesha.nfsd', args, { stdio: 'ignore' });
  const stop = async () => {
    await kill(child);
    if (rpcbind) await kill(rpcbind);
  };
  try {
    await until(() => answers(nfsPort), `nfs-ganesha (its log is ${log})`);
    await until(() => answers(mountPort), `the mount service of nfs-ganesha (its log is ${log})`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { nfsPort, mountPort, stop };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  for (let turn = 0; turn < 300; turn++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come up`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address && typeof address === 'object' ? address.port : 0;
}
