import { systemClock, systemRandomness } from '@leeward/platform';
import {
  createIscsiTarget,
  type IscsiTarget,
  type IscsiTargetOptions,
  MappedTarget,
} from '@leeward/transports/iscsi/target/iscsi-target';
import { MemoryBackend, type MemoryBackendOptions } from '@leeward/transports/iscsi/testing/memory-backend';

export const servedName = 'iqn.2024-01.org.leeward:served';

export interface Served {
  readonly server: IscsiTarget;
  readonly mapped: MappedTarget;
  readonly backend: MemoryBackend;
  /** `iscsi://host:port`, and that of LUN 3. */
  readonly portalUrl: string;
  readonly lunUrl: string;
}

/** Our target in this process, with LUN 3 mapped to all initiators. */
export async function serve(
  content: Buffer,
  backendOptions: MemoryBackendOptions = {},
  options: Partial<IscsiTargetOptions> = {},
): Promise<Served> {
  const mapped = new MappedTarget(servedName);
  const backend = new MemoryBackend(content, backendOptions);
  mapped.map('*', 3, backend);
  const server = await createIscsiTarget({
    portals: [{ address: '127.0.0.1', port: 0 }],
    targets: () => [mapped],
    clock: systemClock,
    randomness: systemRandomness,
    ...options,
  });
  const portalUrl = `iscsi://127.0.0.1:${server.ports[0]}`;
  return { server, mapped, backend, portalUrl, lunUrl: `${portalUrl}/${servedName}/3` };
}
