import type { Clock, Randomness } from '@leeward/core';
import {
  IscsiTarget,
  type ScsiBackend,
  type ServedTarget,
  type SessionInfo,
} from '@leeward/transports/iscsi/target/iscsi-target';
import type {
  BlockDataPort,
  DataPortContext,
  DataPortFactory,
  IscsiSession,
  Portal,
  PortCounters,
} from './block-data-port.ts';
import { iscsiFaults } from './iscsi-faults.ts';
import type { ExportedLun } from './lun-directory.ts';

const mostBackends = 4096;

/** The array's LUNs behind the project's iSCSI target. `clock` runs its timers: the real one, not a shifted one. */
export function iscsiDataPort(deps: {
  readonly clock: Clock;
  readonly randomness: Randomness;
}): DataPortFactory {
  return (context) => new IscsiPort(context, deps);
}

class IscsiPort implements BlockDataPort {
  readonly #context: DataPortContext;
  readonly #target: IscsiTarget;
  /** One object for each LUN, as the target tells units apart by it. */
  readonly #backends = new Map<string, ScsiBackend>();
  /** Portals that were taken away by themselves, and those to which the network is cut. */
  readonly #away = new Set<number>();
  readonly #cut = new Set<number>();
  #reachable = true;
  #baseline: ReadonlyMap<string, Counted> = new Map();

  constructor(context: DataPortContext, deps: { readonly clock: Clock; readonly randomness: Randomness }) {
    this.#context = context;
    this.#target = new IscsiTarget({
      ...deps,
      portals: context.portals,
      targets: () => context.directory.targets().map((name) => this.#served(name)),
      faults: iscsiFaults(context),
    });
  }

  #served(name: string): ServedTarget {
    const { directory } = this.#context;
    return {
      name,
      luns: (initiatorName) => {
        const luns = directory.luns(name, initiatorName);
        return luns && new Map(luns.map((one) => [one.lun, this.#backend(one)]));
      },
      chap: (initiatorName) => {
        const secret = directory.chap(name, initiatorName);
        if (!secret) return undefined;
        const { user, password, mutual } = secret;
        return { user, secret: password, mutual: mutual && { user: mutual.user, secret: mutual.password } };
      },
    };
  }

  #backend(lun: ExportedLun): ScsiBackend {
    const key = `${lun.serial} ${lun.writable}`;
    const known = this.#backends.get(key);
    if (known) return known;
    const backend = backendOf(lun);
    this.#backends.set(key, backend);
    const [oldest] = this.#backends.keys();
    if (this.#backends.size > mostBackends && oldest !== undefined) this.#backends.delete(oldest);
    return backend;
  }

  async open(): Promise<void> {
    for (const at of this.#context.portals.keys()) await this.#target.openPortal(at);
  }

  portals(): readonly Portal[] {
    const { ports } = this.#target;
    return this.#context.portals.map(({ address, port }, at) => ({ address, port: ports[at] ?? port }));
  }

  sessions(): readonly IscsiSession[] {
    return this.#target.sessions.flatMap(({ targetName, initiatorName, portal }) =>
      targetName === undefined ? [] : [{ targetName, initiatorName, portal: portalOf(portal) }],
    );
  }

  drop(targetName: string, initiatorName?: string): void {
    this.#target.dropConnections((session: SessionInfo | undefined) => {
      if (session?.targetName !== targetName) return false;
      return initiatorName === undefined || session.initiatorName === initiatorName;
    });
  }

  lunsChanged(targetName: string): void {
    this.#target.lunsChanged(targetName);
  }

  sizeChanged(serial: string): void {
    for (const [key, backend] of this.#backends)
      if (key.startsWith(`${serial} `)) this.#target.unitChanged(backend);
  }

  setPortal(address: string, isUp: boolean): Promise<boolean> {
    return this.#mark(this.#away, address, !isUp);
  }

  setCut(address: string, isCut: boolean): Promise<boolean> {
    return this.#mark(this.#cut, address, isCut);
  }

  async #mark(marked: Set<number>, address: string, isMarked: boolean): Promise<boolean> {
    const at = this.#context.portals.findIndex((portal) => portal.address === address);
    if (at < 0) return false;
    if (isMarked) marked.add(at);
    else marked.delete(at);
    await this.#follow(at);
    return true;
  }

  async setReachable(reachable: boolean): Promise<void> {
    this.#reachable = reachable;
    for (const at of this.#context.portals.keys()) await this.#follow(at);
  }

  #follow(at: number): Promise<void> {
    const isWanted = this.#reachable && !this.#away.has(at) && !this.#cut.has(at);
    return isWanted ? this.#target.openPortal(at) : this.#target.closePortal(at);
  }

  #counted(): Map<string, Counted> {
    return new Map(
      this.#target.counters.map(({ portal, initiatorName, bytesRead, bytesWritten, logins }) => [
        `${portal} ${initiatorName}`,
        { portal, initiatorName, bytesRead, bytesWritten, logins },
      ]),
    );
  }

  counters(): readonly PortCounters[] {
    const rows = [...this.#counted()].map(([key, now]) => since(now, this.#baseline.get(key)));
    return this.portals().map((portal) => {
      const own = rows.filter((row) => row.portal === `${portal.address}:${portal.port}`);
      const sum = (pick: (row: Counted) => number) => own.reduce((total, row) => total + pick(row), 0);
      return {
        ...portal,
        bytesRead: sum((row) => row.bytesRead),
        bytesWritten: sum((row) => row.bytesWritten),
        logins: sum((row) => row.logins),
        byInitiator: own.map(({ initiatorName, bytesRead }) => ({ initiatorName, bytesRead })),
      };
    });
  }

  reset(): void {
    this.#baseline = this.#counted();
  }

  close(): Promise<void> {
    return this.#target.close();
  }
}

interface Counted {
  readonly portal: string;
  readonly initiatorName: string;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly logins: number;
}

const since = (now: Counted, before: Counted | undefined): Counted => ({
  ...now,
  bytesRead: now.bytesRead - (before?.bytesRead ?? 0),
  bytesWritten: now.bytesWritten - (before?.bytesWritten ?? 0),
  logins: now.logins - (before?.logins ?? 0),
});

function portalOf(text: string): Portal {
  const at = text.lastIndexOf(':');
  return { address: text.slice(0, at), port: Number(text.slice(at + 1)) };
}

function backendOf(lun: ExportedLun): ScsiBackend {
  const { vendor, product, revision, serial, naa, eui, blockBytes, writable } = lun;
  return {
    get sizeBytes() {
      return lun.sizeBytes();
    },
    blockBytes,
    identity: { vendor, product, revision, serial, naa, eui },
    read: async (offsetBytes, target) => lun.read(offsetBytes, target),
    ...(writable
      ? {
          write: async (offsetBytes: number, data: Uint8Array) => lun.write(offsetBytes, data),
          flush: async () => undefined,
        }
      : {}),
  };
}
