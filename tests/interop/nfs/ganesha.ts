import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../free-port.ts';

export interface Ganesha {
  readonly nfsPort: number;
  readonly mountPort: number;
  /** SIGKILL, then a new process on the same ports. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts rpcbind (unless one runs) and nfs-ganesha on free ports, serving `folder`. Needs root. */
export async function startGanesha(workFolder: string, folder: string): Promise<Ganesha> {
  const rpcbind = (await answers(111)) ? undefined : spawn('rpcbind', ['-f'], { stdio: 'ignore' });
  await until(() => answers(111), 'rpcbind on port 111');
  const nfsPort = await freePort();
  const mountPort = await freePort();
  const log = join(workFolder, 'ganesha.log');
  const configuration = join(workFolder, 'ganesha.conf');
  writeFileSync(configuration, configurationFor(folder, nfsPort, mountPort));

  const start = async (): Promise<ChildProcess> => {
    writeFileSync(log, '');
    const pidFile = join(workFolder, 'ganesha.pid');
    const args = ['-F', '-f', configuration, '-L', log, '-p', pidFile, '-N', 'EVENT'];
    const child = spawn('ganesha.nfsd', args, { stdio: 'ignore' });
    await until(async () => {
      if (child.exitCode !== null)
        throw new Error(`ganesha ended: ${readFileSync(log, 'utf8').slice(-2000)}`);
      return readFileSync(log, 'utf8').includes('NFS SERVER INITIALIZED') && (await answers(nfsPort));
    }, 'nfs-ganesha');
    return child;
  };
  let process = await start();
  return {
    nfsPort,
    mountPort,
    restart: async () => {
      await kill(process);
      process = await start();
    },
    stop: async () => {
      await kill(process);
      if (rpcbind) await kill(rpcbind);
    },
  };
}

function configurationFor(folder: string, nfsPort: number, mountPort: number): string {
  return `
NFS_CORE_PARAM { NFS_Port=${nfsPort}; MNT_Port=${mountPort}; NFS_Protocols=3; Enable_UDP=false;
  Enable_NLM=false; Enable_RQUOTA=false; Bind_addr=127.0.0.1; }
EXPORT_DEFAULTS { Squash=No_Root_Squash; SecType=sys; Protocols=3; Transports=TCP; }
EXPORT { Export_Id=1; Path=${folder}; Pseudo=/data; Access_Type=RW; FSAL { Name=VFS; } }
EXPORT { Export_Id=2; Path=${folder}/private; Pseudo=/private; Access_Type=NONE; FSAL { Name=VFS; }
  CLIENT { Clients=192.0.2.1; Access_Type=RO; } }
`;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  for (let turn = 0; turn < 300; turn++) {
    if (await isTrue()) return;
    await sleep(200);
  }
  throw new Error(`${what} did not come up`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
