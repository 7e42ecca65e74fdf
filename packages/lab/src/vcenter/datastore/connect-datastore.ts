import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Randomness } from '@leeward/core';
import { connectionClock } from '../../control/shifting-clock.ts';
import type { DatastoreConfig, VcenterConfig } from '../config.ts';
import type { HostStorage } from '../san/host-storage.ts';
import type { DatastoreFiles } from './datastore-files.ts';
import { LocalFolderFiles } from './local-folder-files.ts';
import { NfsFiles } from './nfs-files.ts';
import { SimulatedDatastore } from './simulated-datastore.ts';
import { VmfsDatastore } from './vmfs-datastore.ts';

export interface DatastoreDeps {
  readonly config: VcenterConfig;
  /** By host name: hosts of the datastore's datacenter. */
  readonly hosts: ReadonlyMap<string, HostStorage>;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** Makes a datastore of the configuration: one over LUNs is formatted now, others are mounted when a host needs them. */
export async function makeDatastore(
  id: string,
  config: DatastoreConfig,
  deps: DatastoreDeps,
): Promise<SimulatedDatastore> {
  const { vmfs } = config;
  if (vmfs && config.type !== 'VMFS') throw new Error(`datastore ${config.name}: vmfs is for type VMFS`);
  const volume = vmfs ? await VmfsDatastore.create({ ...deps, config: { ...config, vmfs } }) : undefined;
  const connect = async (host: string) => volume?.filesOf(host) ?? connectFiles(config, host, deps);
  return new SimulatedDatastore(id, config, volume?.uuid ?? volumeUuid(config), connect, volume);
}

async function connectFiles(
  { files, name }: DatastoreConfig,
  hostName: string,
  { config, clock, randomness }: DatastoreDeps,
): Promise<DatastoreFiles> {
  if (files?.kind === 'nfs') {
    const host = config.hosts.find((each) => each.name === hostName);
    return NfsFiles.connect({
      ...files,
      addresses: [files.address],
      localAddress: host?.sourceAddress,
      credential: { machineName: hostName },
      clock: connectionClock(clock),
      randomness,
    });
  }
  const folder = files?.path ?? join(config.folder, 'datastores', name.replace(/\W/g, '_'));
  await mkdir(folder, { recursive: true });
  return new LocalFolderFiles(folder);
}

/** NFS volumes have a short id made of host and path, VMFS volumes a long one. */
function volumeUuid(config: DatastoreConfig): string {
  const hash = createHash('sha256')
    .update(`${config.remoteHost ?? config.remoteHosts?.join(',')}:${config.remotePath}:${config.name}`)
    .digest('hex');
  if (config.type === 'VMFS')
    return `${hash.slice(0, 8)}-${hash.slice(8, 16)}-${hash.slice(16, 20)}-${hash.slice(20, 32)}`;
  if (config.type === 'VVOL') return `vvol:${hash.slice(0, 16)}-${hash.slice(16, 32)}`;
  return `${hash.slice(0, 8)}-${hash.slice(8, 16)}`;
}
