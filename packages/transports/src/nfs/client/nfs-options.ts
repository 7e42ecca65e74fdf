import type { Clock, Randomness } from '@leeward/core';
import { portmapPort } from '../../portmap/portmap2.ts';
import { encodeSysCredential, type SysCredential } from '../../rpc/auth-sys.ts';
import type { PrivilegedPort } from '../../rpc/client/dial.ts';
import type { OpaqueAuth } from '../../rpc/rpc-message.ts';

export interface NfsOptions {
  /** Data addresses of one server, tried in this order; the others are spare for a reconnect. */
  readonly addresses: readonly string[];
  readonly exportPath: string;
  /** Asked from the port mapper when not given. */
  readonly nfsPort?: number | undefined;
  readonly mountPort?: number | undefined;
  /** Default 111. */
  readonly portmapPort?: number | undefined;
  /** Default: root, from machine `leeward`. */
  readonly credential?: Partial<SysCredential> | undefined;
  /** TCP connections, opened when needed. Default 2. */
  readonly connections?: number | undefined;
  readonly localAddress?: string | undefined;
  /** Default `try`. */
  readonly privilegedPort?: PrivilegedPort | undefined;
  /** Upper bound of one READ; the server's own limit may be lower. Default 1 MiB. */
  readonly maxReadBytes?: number | undefined;
  /**
   * READs in flight on each connection. Default: as many as are 512 KiB by the server's limit, and up to 2 MiB where
   * answers are slow; from 4 to 64.
   */
  readonly readsInFlight?: number | undefined;
  /** Default 30,000. */
  readonly callTimeoutMs?: number | undefined;
  /** How long a lost server is tried again before a call fails. Default 120,000. */
  readonly giveUpAfterMs?: number | undefined;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** How many calls a connection has in flight: `least` as long as answers are fast, more up to `most` where they are slow. */
export interface CallsInFlight {
  readonly least: number;
  readonly most: number;
}

/** The options with every default filled in. */
export interface NfsSettings {
  readonly addresses: readonly string[];
  readonly exportPath: string;
  readonly nfsPort: number | undefined;
  readonly mountPort: number | undefined;
  readonly portmapPort: number;
  readonly credential: OpaqueAuth;
  readonly connections: number;
  readonly localAddress: string | undefined;
  readonly privilegedPort: PrivilegedPort;
  readonly maxReadBytes: number;
  /** By the size of READs when not given. */
  readonly readsInFlight: number | undefined;
  readonly callTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly giveUpAfterMs: number;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

const maxConnectTimeoutMs = 10_000;
/** Before the server has told its limit: as few calls as are ever in flight. */
export const unknownReadBytes = Number.POSITIVE_INFINITY;
const leastCallsInFlight = 4;
const mostCallsInFlight = 64;
/**
 * While answers are fast: in groups of three quarters of it (`CommandDepth`), of which each wakes both sides up once; more
 * would only push each other's data out of the caches on their way.
 */
const fastBytesInFlight = 1024 * 1024;
const slowBytesInFlight = 2 * 1024 * 1024;

/** On each connection: servers with small READs need more of them for the same speed. */
export function callsInFlight(settings: NfsSettings, readBytes: number): CallsInFlight {
  const { readsInFlight } = settings;
  const callsOf = (bytes: number) =>
    readsInFlight ?? Math.min(mostCallsInFlight, Math.max(leastCallsInFlight, Math.ceil(bytes / readBytes)));
  return { least: callsOf(fastBytesInFlight), most: callsOf(slowBytesInFlight) };
}

export function withDefaults(options: NfsOptions): NfsSettings {
  const { clock, randomness } = options;
  const callTimeoutMs = options.callTimeoutMs ?? 30_000;
  const { machineName = 'leeward', uid = 0, gid = 0, gids = [] } = options.credential ?? {};
  const stamp = Math.floor(clock.now() / 1000) % 2 ** 32;
  return {
    addresses: options.addresses,
    exportPath: options.exportPath,
    nfsPort: options.nfsPort,
    mountPort: options.mountPort,
    portmapPort: options.portmapPort ?? portmapPort,
    credential: encodeSysCredential({ machineName, uid, gid, gids }, stamp),
    connections: Math.max(1, options.connections ?? 2),
    localAddress: options.localAddress,
    privilegedPort: options.privilegedPort ?? 'try',
    maxReadBytes: options.maxReadBytes ?? 1024 * 1024,
    readsInFlight: options.readsInFlight === undefined ? undefined : Math.max(1, options.readsInFlight),
    callTimeoutMs,
    connectTimeoutMs: Math.min(callTimeoutMs, maxConnectTimeoutMs),
    giveUpAfterMs: options.giveUpAfterMs ?? 120_000,
    clock,
    randomness,
  };
}
