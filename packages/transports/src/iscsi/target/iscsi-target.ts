import { createServer, type Server, type Socket } from 'node:net';
import { type Clock, LeewardError, type Randomness } from '@leeward/core';
import type { ScsiBackend } from '../../scsi/target/scsi-backend.ts';
import { type Portal, portalText } from '../pdu/portal-address.ts';
import { attention } from './attentions.ts';
import type { FaultHooks, SessionInfo } from './fault-hooks.ts';
import { CounterBook, type InitiatorCounters } from './initiator-counters.ts';
import type { DigestPolicy } from './operational-answer.ts';
import type { ServedTarget, TargetChap } from './served-target.ts';
import { type SessionStart, TargetConnection } from './target-connection.ts';
import { TargetSession } from './target-session.ts';

export type { BackendIdentity, ScsiBackend } from '../../scsi/target/scsi-backend.ts';
export type { CommandFault, CommandInfo, FaultHooks, LoginFault, SessionInfo } from './fault-hooks.ts';
export type { InitiatorCounters } from './initiator-counters.ts';
export { MappedTarget, type ServedTarget, type TargetChap } from './served-target.ts';

export interface TargetPortal {
  readonly address: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Default: the position among the portals, from 1. */
  readonly groupTag?: number | undefined;
  /** What discovery tells, when initiators reach it by another address. */
  readonly advertised?: Portal | undefined;
}

export interface IscsiTargetOptions {
  readonly portals: readonly TargetPortal[];
  /** Asked at each login and discovery. */
  targets(): Iterable<ServedTarget>;
  readonly discoveryChap?: TargetChap | undefined;
  /** Default `allow`. */
  readonly digests?: DigestPolicy | undefined;
  /** Commands of one session at a time. Default 64. */
  readonly queueDepth?: number | undefined;
  /** Bound of one READ or WRITE. Default 4 MiB. */
  readonly maxTransferBytes?: number | undefined;
  readonly maxBurstBytes?: number | undefined;
  /** Per portal. Default 128. */
  readonly maxConnections?: number | undefined;
  readonly loginTimeoutMs?: number | undefined;
  /** Silence after which an initiator is asked for a sign of life, and after that is cut off. Default 30 s each. */
  readonly pingAfterMs?: number | undefined;
  readonly pingTimeoutMs?: number | undefined;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly faults?: FaultHooks | undefined;
  /** Told of defects of the target and unexpected errors of backends; only the connection is lost by them. */
  readonly onDefect?: ((error: unknown) => void) | undefined;
  /** Called for each READ or WRITE that was answered. */
  readonly onBytesRead?: (session: SessionInfo, lun: number, bytes: number) => void;
  readonly onBytesWritten?: (session: SessionInfo, lun: number, bytes: number) => void;
}

interface Listener {
  readonly portal: TargetPortal;
  readonly groupTag: number;
  port: number;
  server: Server | undefined;
  readonly connections: Set<TargetConnection>;
}

const mebibyte = 1024 * 1024;

/** Listens on all portals. Throws `L-NET-301` when it cannot. The caller closes it. */
export async function createIscsiTarget(options: IscsiTargetOptions): Promise<IscsiTarget> {
  const target = new IscsiTarget(options);
  try {
    for (let index = 0; index < options.portals.length; index++) await target.openPortal(index);
    return target;
  } catch (error) {
    await target.close();
    throw error;
  }
}

/** Targets served over iSCSI on one or several portals. */
export class IscsiTarget {
  readonly #options: IscsiTargetOptions;
  readonly #listeners: readonly Listener[];
  readonly #counters = new CounterBook();
  #lastHandle = 0;

  constructor(options: IscsiTargetOptions) {
    this.#options = options;
    this.#listeners = options.portals.map((portal, index) => ({
      portal,
      groupTag: portal.groupTag ?? index + 1,
      port: portal.port,
      server: undefined,
      connections: new Set(),
    }));
  }

  /** The ports in order of the portals. */
  get ports(): readonly number[] {
    return this.#listeners.map(({ port }) => port);
  }

  /** Logged in now. */
  get sessions(): readonly SessionInfo[] {
    return [...this.#sessions()].map(({ info }) => info);
  }

  /** By initiator and portal. */
  get counters(): readonly InitiatorCounters[] {
    return this.#counters.list();
  }

  /** Cuts connections as a network fault would; new ones are accepted. */
  dropConnections(which: (session: SessionInfo | undefined) => boolean = () => true): void {
    for (const { connections } of this.#listeners)
      for (const connection of [...connections]) if (which(connection.session?.info)) connection.close();
  }

  /** Takes a portal away, connections and all; `openPortal` brings it back at the same port. */
  async closePortal(index: number): Promise<void> {
    const listener = this.#listener(index);
    const { server } = listener;
    listener.server = undefined;
    for (const connection of [...listener.connections]) connection.close();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Throws `L-NET-301`. */
  async openPortal(index: number): Promise<void> {
    const listener = this.#listener(index);
    if (listener.server) return;
    const server = createServer({ noDelay: true, keepAlive: true }, (socket) =>
      this.#accept(listener, socket),
    );
    server.maxConnections = this.#options.maxConnections ?? 128;
    const { address } = listener.portal;
    const { port } = listener;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => {
        const reason = 'code' in error ? String(error.code) : error.message;
        reject(new LeewardError('L-NET-301', { address, port, reason }, error));
      });
      server.listen(port, address, resolve);
    });
    const bound = server.address();
    if (bound && typeof bound === 'object') listener.port = bound.port;
    listener.server = server;
  }

  /** Asks initiators to log out within `seconds` (asynchronous message 1). */
  requestLogout(which: (session: SessionInfo) => boolean = () => true, seconds = 5): void {
    for (const session of this.#sessions()) if (which(session.info)) session.tell(1, seconds);
  }

  /** Tells all sessions of a target that LUNs were mapped or unmapped. */
  lunsChanged(targetName: string): void {
    for (const session of this.#sessions())
      if (session.info.targetName === targetName) session.raise(attention.lunsChanged);
  }

  /** Tells all sessions that see the unit that its size changed. */
  unitChanged(backend: ScsiBackend): void {
    for (const session of this.#sessions()) session.raise(attention.capacityChanged, backend);
  }

  /** Stops listening and cuts all connections. Idempotent. */
  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((_, index) => this.closePortal(index)));
  }

  #listener(index: number): Listener {
    const listener = this.#listeners[index];
    if (!listener) throw new RangeError(`portal ${index}`);
    return listener;
  }

  *#sessions(): Generator<TargetSession> {
    for (const { connections } of this.#listeners)
      for (const { session } of connections) if (session) yield session;
  }

  #accept(listener: Listener, socket: Socket): void {
    const { clock, randomness, discoveryChap, faults } = this.#options;
    const portal = portalText({ host: listener.portal.address, port: listener.port });
    const connection: TargetConnection = new TargetConnection({
      socket,
      clock,
      loginTimeoutMs: this.#options.loginTimeoutMs ?? 15_000,
      pingAfterMs: this.#options.pingAfterMs ?? 30_000,
      pingTimeoutMs: this.#options.pingTimeoutMs ?? 30_000,
      login: {
        portal,
        groupTag: listener.groupTag,
        discoveryChap,
        randomness,
        fault: (session) => faults?.onLogin?.(session),
        find: (name) => [...this.#options.targets()].find((target) => target.name === name),
        offer: {
          digests: this.#options.digests ?? 'allow',
          maxReceiveBytes: 256 * 1024,
          maxBurstBytes: this.#options.maxBurstBytes ?? mebibyte,
          firstBurstBytes: 256 * 1024,
        },
      },
      newSessionHandle: () => {
        this.#lastHandle = (this.#lastHandle % 65_535) + 1;
        return this.#lastHandle;
      },
      failed: (error) => this.#options.onDefect?.(error),
      start: (owner, start) => this.#start(listener, socket, owner, start),
      refused: (initiatorName) => this.#counters.add(initiatorName, portal, 'loginsRefused'),
      ended: (ended) => listener.connections.delete(ended),
    });
    listener.connections.add(connection);
  }

  #start(listener: Listener, socket: Socket, owner: TargetConnection, start: SessionStart): TargetSession {
    const { who } = start;
    const portal = portalText({ host: listener.portal.address, port: listener.port });
    const info: SessionInfo = {
      initiatorName: who.initiatorName,
      targetName: who.target?.name,
      portal,
    };
    this.#reinstate(listener, who.isid, info);
    this.#counters.add(who.initiatorName, portal, 'logins');
    const { clock, faults } = this.#options;
    const session: TargetSession = new TargetSession({
      ...start,
      info,
      clock,
      groupTag: listener.groupTag,
      queueDepth: this.#options.queueDepth ?? 64,
      limits: {
        maxTransferBytes: this.#options.maxTransferBytes ?? 4 * mebibyte,
        optimalTransferBytes: 256 * 1024,
      },
      fault: (command) => faults?.onCommand?.(command),
      failed: (error) => owner.failed(error),
      discovery: {
        targets: () => this.#options.targets(),
        addresses: () => this.#addresses(socket),
      },
      counted: (what, by, lun) => {
        this.#counters.add(who.initiatorName, portal, what, by);
        if (what === 'bytesRead') this.#options.onBytesRead?.(info, lun ?? 0, by);
        if (what === 'bytesWritten') this.#options.onBytesWritten?.(info, lun ?? 0, by);
      },
      siblings: () => [...this.#sessions()].filter((other) => other.info.targetName === info.targetName),
    });
    return session;
  }

  /** The same initiator with the same session name takes the place of its former session in the portal group. */
  #reinstate(listener: Listener, isid: string, info: SessionInfo): void {
    for (const other of this.#listeners) {
      if (other.groupTag !== listener.groupTag) continue;
      for (const connection of [...other.connections]) {
        const former = connection.session;
        const isSame =
          former?.isid === isid &&
          former.info.initiatorName === info.initiatorName &&
          former.info.targetName === info.targetName;
        if (isSame) connection.close();
      }
    }
  }

  #addresses(socket: Socket): string[] {
    return this.#listeners
      .filter(({ server }) => server !== undefined)
      .map(({ portal, port, groupTag }) => {
        const isAny = portal.address === '0.0.0.0' || portal.address === '::';
        const host = isAny ? (socket.localAddress ?? portal.address) : portal.address;
        return `${portalText(portal.advertised ?? { host, port })},${groupTag}`;
      });
  }
}
