import { isPermanent, LeewardError } from '@leeward/core';
import type { ExportEntry } from '../../mount/mount-calls.ts';
import { exportCall, mntCall, umntCall } from '../../mount/mount-calls.ts';
import { mountProgram, mountVersion } from '../../mount/mount3.ts';
import { getPort } from '../../portmap/get-port.ts';
import type { RpcCall } from '../../rpc/client/rpc-call.ts';
import { RpcConnection } from '../../rpc/client/rpc-connection.ts';
import { authFlavor } from '../../rpc/rpc-message.ts';
import { nfsStatus, nfsStatusName } from '../nfs-status.ts';
import { nfsProgram, nfsVersion } from '../protocol/nfs3.ts';
import type { NfsSettings } from './nfs-options.ts';

const mountService = { program: mountProgram, version: mountVersion, name: 'MOUNT version 3' };
const nfsService = { program: nfsProgram, version: nfsVersion, name: 'NFS version 3' };

/** Room for the largest directory page or the RPC and NFS head of a READ, beyond its data. */
const replyMarginBytes = 256 * 1024;
const maxMountReplyBytes = 16 * 1024 * 1024;

/**
 * The ways into one server with several addresses: where its services listen, mounting, opening connections.
 * The address that answered last is tried first.
 */
export class ServerDoor {
  readonly #settings: NfsSettings;
  #preferred = 0;

  constructor(settings: NfsSettings) {
    this.#settings = settings;
  }

  get host(): string {
    return this.#settings.addresses[this.#preferred] ?? 'the server';
  }

  /** A new connection to the NFS service of the first address that answers. */
  openNfs(signal?: AbortSignal): Promise<RpcConnection> {
    return this.#eachAddress(signal, async (host) => {
      const port = this.#settings.nfsPort ?? (await this.#ask(host, nfsService, signal));
      return this.#open(host, port, this.#settings.maxReadBytes + replyMarginBytes, signal);
    });
  }

  /** MNT: the root handle of the export. */
  mount(signal?: AbortSignal): Promise<Uint8Array> {
    const { exportPath } = this.#settings;
    return this.#withMountd(mntCall(exportPath), signal, (answer, connection) => {
      const { host, privileged } = connection;
      if (answer.handle === undefined) throw mountRefusal(answer.status, host, exportPath, privileged);
      const { handle, flavors } = answer;
      if (
        flavors.length > 0 &&
        !flavors.some((flavor) => flavor === authFlavor.sys || flavor === authFlavor.none)
      )
        throw new LeewardError('L-NET-109', { host, export: exportPath, flavors: flavors.join(', ') });
      return handle;
    });
  }

  unmount(signal?: AbortSignal): Promise<void> {
    return this.#withMountd(umntCall(this.#settings.exportPath), signal, () => undefined);
  }

  exports(signal?: AbortSignal): Promise<readonly ExportEntry[]> {
    return this.#withMountd(exportCall(), signal, (entries) => entries);
  }

  async #withMountd<A, T>(
    call: RpcCall<A>,
    signal: AbortSignal | undefined,
    use: (answer: A, connection: RpcConnection) => T,
  ): Promise<T> {
    return this.#eachAddress(signal, async (host) => {
      const port = this.#settings.mountPort ?? (await this.#ask(host, mountService, signal));
      const connection = await this.#open(host, port, maxMountReplyBytes, signal);
      try {
        return use(await connection.call(call, signal), connection);
      } finally {
        connection.close();
      }
    });
  }

  #ask(host: string, service: typeof nfsService, signal: AbortSignal | undefined): Promise<number> {
    const { portmapPort, localAddress, connectTimeoutMs, callTimeoutMs, clock, randomness } = this.#settings;
    return getPort(
      {
        host,
        port: portmapPort,
        localAddress,
        timeoutMs: connectTimeoutMs,
        callTimeoutMs,
        clock,
        randomness,
        signal,
      },
      service,
    );
  }

  #open(
    host: string,
    port: number,
    maxRecordBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<RpcConnection> {
    const { connectTimeoutMs: timeoutMs, ...rest } = this.#settings;
    const { credential, localAddress, privilegedPort, callTimeoutMs, clock, randomness } = rest;
    return RpcConnection.open({
      host,
      port,
      credential,
      localAddress,
      privilegedPort,
      timeoutMs,
      callTimeoutMs,
      maxRecordBytes,
      clock,
      randomness,
      signal,
    });
  }

  /** The first address that works; an answer that no other address would change ends the search. */
  async #eachAddress<T>(signal: AbortSignal | undefined, work: (host: string) => Promise<T>): Promise<T> {
    const { addresses } = this.#settings;
    let first: unknown;
    for (let turn = 0; turn < addresses.length; turn++) {
      const index = (this.#preferred + turn) % addresses.length;
      try {
        const result = await work(addresses[index] ?? '');
        this.#preferred = index;
        return result;
      } catch (error) {
        if (signal?.aborted || isPermanent(error)) throw error;
        first ??= error;
      }
    }
    throw (
      first ?? new LeewardError('L-NET-101', { host: 'the server', port: 0, reason: 'no address is given' })
    );
  }
}

function mountRefusal(status: number, host: string, exportPath: string, privileged: boolean): LeewardError {
  const details = { host, export: exportPath, answer: nfsStatusName(status) };
  if (status === nfsStatus.NOENT || status === nfsStatus.NOTDIR)
    return new LeewardError('L-NET-105', details);
  if (status === nfsStatus.ACCES || status === nfsStatus.PERM)
    return new LeewardError(privileged ? 'L-NET-106' : 'L-NET-107', details);
  return new LeewardError('L-NET-114', details);
}
